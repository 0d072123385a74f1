"""One transformer that makes a picture's codes from words: one after another, round by round, or scale by scale.

Sources: Esser et al. 2021, "Taming Transformers" (arXiv 2012.09841), section 3.2, and Sun et al. 2024, "LlamaGen"
(arXiv 2406.06525), for `raster`; Chang et al. 2022, "MaskGIT" (arXiv 2202.04200), section 3, for `masked`; Tian et al.
2024, "Visual Autoregressive Modeling" (arXiv 2404.02905), section 3, for `scales`. What differs from each: text and
style are tokens before the codes, and blocks are a ViT's.
B batch, L text tokens, N codes of a picture, K codes there are, D width, E width of a code's entry, T tokens in all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.blocks import Capture, check_choice, from_json, keep, to_json
from training.models.cached import CachedBlock, Past

RASTER, MASKED, SCALES = "raster", "masked", "scales"
ORDERS = (RASTER, MASKED, SCALES)


@dataclass(frozen=True)
class AutoregressiveConfig:
    """Sizes and options.

    `codes` K; `sides`: of the grids of codes, one, or several that grow from 1 for the order scales, which reads
    entries `entry_dim` E wide. `classes`: drawing styles, with a row more for none. A text is `context_tokens` L tokens
    of `context_dim` numbers.
    """

    order: str = RASTER
    codes: int = 512
    sides: list[int] = field(default_factory=lambda: [8])
    entry_dim: int = 8
    dim: int = 192
    depth: int = 8
    heads: int = 3
    mlp_ratio: float = 4
    classes: int = 4
    qkv_bias: bool = False
    norm_eps: float = 1e-5
    gelu: str = "erf"
    context_tokens: int = 16
    context_dim: int = 192

    def __post_init__(self) -> None:
        check_choice("order", self.order, ORDERS)
        check_choice("gelu", self.gelu, ("erf", "tanh"))
        if self.dim % self.heads:
            raise TrainingError(f"dim {self.dim} is not divisible by heads {self.heads}; choose heads that divide it.")
        if self.codes < 2 or min(self.classes, self.context_tokens, self.entry_dim, *self.sides) < 1:
            raise TrainingError("classes, context_tokens, entry_dim and sides count from 1, codes from 2.")
        if self.order == SCALES:
            if sorted(set(self.sides)) != self.sides or self.sides[0] != 1 or len(self.sides) < 2:
                raise TrainingError(f"sides {self.sides} must begin with 1 and grow, for the order scales.")
        elif len(self.sides) != 1:
            raise TrainingError(f"sides {self.sides} must be one side alone, for the order {self.order}.")

    @property
    def places(self) -> int:
        """N: codes of a picture."""
        return sum(side * side for side in self.sides)

    @property
    def prefix(self) -> int:
        """Tokens before the codes': the text's and the style's, from which the first code is read but in `masked`."""
        return self.context_tokens + 1

    @property
    def tokens(self) -> int:
        """T: tokens of the transformer."""
        return self.prefix + self.places - int(self.order != MASKED)

    @property
    def first(self) -> int:
        """The token from which the first code's logits are read."""
        return self.tokens - self.places

    @property
    def passes(self) -> list[tuple[int, int]]:
        """Which codes, from and up to, come at once: of each code, of all, or of each scale."""
        if self.order == MASKED:
            return [(0, self.places)]
        sizes = [side * side for side in self.sides] if self.order == SCALES else [1] * self.places
        ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
        return [(end - size, end) for size, end in zip(sizes, ends, strict=True)]

    @property
    def levels(self) -> list[int]:
        """Of each token its level: it sees tokens of the same level and of lower ones."""
        if self.order == RASTER:
            return list(range(self.tokens))
        if self.order == MASKED:
            return [0] * self.tokens
        scales = [k for k, side in enumerate(self.sides) for _ in range(side * side)]
        return [0] * self.context_tokens + scales

    @property
    def mlp(self) -> int:
        """Width M of the MLP."""
        return int(self.dim * self.mlp_ratio)

    @property
    def layer_scale(self) -> bool:
        """Never; blocks ask."""
        return False

    def to_json(self) -> dict[str, Any]:
        """The `config` object of a model folder's config.json."""
        return to_json(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> AutoregressiveConfig:
        """Inverse of to_json; raises TrainingError for a key that does not exist."""
        return from_json(cls, values, "generator of codes")


class Autoregressive(nn.Module):
    """Logits of a picture's codes, from a text, a style and the codes that are known."""

    seen: Tensor

    def __init__(self, cfg: AutoregressiveConfig, drop_path: float = 0.0) -> None:
        super().__init__()
        self.cfg = cfg
        dim = cfg.dim
        self.context_embed = nn.Linear(cfg.context_dim, dim)
        self.label_emb = nn.Embedding(cfg.classes + 1, dim)
        if cfg.order == SCALES:
            self.code_proj = nn.Linear(cfg.entry_dim, dim)
            self.level_embed = nn.Embedding(len(cfg.sides), dim)
        else:
            self.code_embed = nn.Embedding(cfg.codes + int(cfg.order == MASKED), dim)
        self.pos_embed = nn.Parameter(torch.zeros(1, cfg.tokens, dim))
        rates = [drop_path * i / max(cfg.depth - 1, 1) for i in range(cfg.depth)]
        self.blocks = nn.ModuleList(CachedBlock(cfg, rate) for rate in rates)
        self.norm = nn.LayerNorm(dim, eps=cfg.norm_eps)
        self.head = nn.Linear(dim, cfg.codes)
        levels = torch.tensor(cfg.levels)
        self.register_buffer("seen", levels[:, None] >= levels[None], persistent=False)
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.trunc_normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def check(self, context: Tensor) -> None:
        """Raises ValueError for a text of another shape than the network reads."""
        if context.shape[1:] != (self.cfg.context_tokens, self.cfg.context_dim):
            raise ValueError(
                f"This generator reads {self.cfg.context_tokens} text tokens of {self.cfg.context_dim} values; give it "
                "context of that shape, an empty text's for none."
            )

    def begin(self, context: Tensor, y: Tensor, capture: Capture | None = None) -> Tensor:
        """Text [B, L, Dc] and style [B], K for none, to the first tokens [B, L + 1, D], without positions."""
        self.check(context)
        text = keep(capture, "context_tokens", self.context_embed(context))
        style = keep(capture, "label_token", self.label_emb(y.long())[:, None])
        return torch.cat([text, style], 1)

    def read(self, known: Tensor, capture: Capture | None = None) -> Tensor:
        """What is known, codes [B, n] or, in scales, sums [B, n, E], to tokens [B, n, D], without positions."""
        if self.cfg.order == SCALES:
            return keep(capture, "code_proj", self.code_proj(known))
        return keep(capture, "code_embed", self.code_embed(known.long()))

    def place(self, tokens: Tensor, first: int, capture: Capture | None = None) -> Tensor:
        """Tokens [B, t, D] with the positions of places `first` and on, and the levels of their scales."""
        last = first + tokens.shape[1]
        tokens = tokens + self.pos_embed[:, first:last]
        if self.cfg.order == SCALES:
            keep(capture, "positioned", tokens)
            levels = torch.tensor(self.cfg.levels[first:last], device=tokens.device)
            scaled = torch.arange(first, last, device=tokens.device) >= self.cfg.first
            tokens = tokens + self.level_embed(levels) * scaled[:, None]
        return keep(capture, "tokens", tokens)

    def step(
        self, tokens: Tensor, first: int, past: list[Past] | None = None, capture: Capture | None = None
    ) -> tuple[Tensor, list[Past]]:
        """Tokens [B, t, D] at places `first` and on, with their positions, after the last norm: [B, t, D].

        `past`: what the tokens before them left in each block; given back with these behind.
        """
        last = first + tokens.shape[1]
        seen = self.seen[first:last, :last]
        now: list[Past] = []
        for index, block in enumerate(self.blocks):
            assert isinstance(block, CachedBlock)
            tokens, kept = block.step(tokens, seen, past[index] if past else None, capture, f"blocks.{index}")
            now.append(kept)
        return keep(capture, "norm", self.norm(tokens)), now

    def hidden(self, known: Tensor, context: Tensor, y: Tensor, capture: Capture | None = None) -> Tensor:
        """The tokens from which the N codes are read, after the last norm: [B, N, D]. See `forward`."""
        name = "sums" if self.cfg.order == SCALES else "codes"
        for key, value in ((name, known), ("context", context), ("y", y)):
            keep(capture, key, value.float())
        begun = self.begin(context, y, capture)
        tokens = keep(capture, "token_cat", torch.cat([begun, self.read(known, capture)], 1))
        if tokens.shape[1] != self.cfg.tokens:
            raise ValueError(f"There are {tokens.shape[1]} tokens; {self.cfg.tokens} belong to a whole picture.")
        normed, _ = self.step(self.place(tokens, 0, capture), 0, capture=capture)
        return keep(capture, "hidden", normed[:, self.cfg.first :])

    def forward(self, known: Tensor, context: Tensor, y: Tensor, capture: Capture | None = None) -> Tensor:
        """Logits [B, N, K] of all codes at once, each from what it may see.

        `known`, by the order. raster: the codes but the last, [B, N - 1]. masked: the codes, K where they are not
        known, [B, N]. scales: for every scale but the first what all before it add up to, averaged to its side, row by
        row, one scale after another, [B, N - 1, E]. Context [B, L, Dc], y [B] as in `begin`.
        """
        return keep(capture, "logits", self.head(self.hidden(known, context, y, capture)))
