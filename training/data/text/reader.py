"""What a frozen text tower says of texts: the features that text-to-image networks read as tokens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import Tensor

from training.data.text.tokenizer import Tokenizer
from training.errors import TrainingError
from training.models.clip import CLIP


class TextReader:
    """A CLIP's frozen text tower: the features of a text's first `length` tokens, after its last LayerNorm.

    The tokens that fill a row are read like all others, as in U-ViT's text-to-image network, which masks none. Raises
    TrainingError for a tokenizer of another size, and for a length that the tower does not have.
    """

    def __init__(self, clip: CLIP, tokenizer: Tokenizer, length: int, device: torch.device) -> None:
        if (len(tokenizer), tokenizer.context) != (clip.cfg.vocabulary, clip.cfg.context):
            raise TrainingError(
                f"The text tower has {clip.cfg.vocabulary} tokens and rows of {clip.cfg.context}, the tokenizer "
                f"{len(tokenizer)} and {tokenizer.context}; use the tokenizer it was trained with."
            )
        if not 3 <= length <= clip.cfg.context:
            raise TrainingError(
                f"[model] context_tokens is {length}; the text tower gives 3 to {clip.cfg.context} tokens of a text."
            )
        self.tower = clip.text.to(device).eval().requires_grad_(False)
        self.dim, self.length, self.device = clip.cfg.text_dim, length, device
        self.encode = lru_cache(maxsize=100_000)(tokenizer.encode)

    def __call__(self, texts: Sequence[str]) -> Tensor:
        """Texts to float32 [n, L, D]."""
        ids = torch.tensor([self.encode(text)[: self.length] for text in texts], device=self.device)
        with torch.no_grad():
            return self.tower.last_hidden_state(ids).float()
