"""What a CLIP finds: the right picture among many by its name, and the right class by averaged sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.data.pairs import Words
from training.data.text.templates import Language
from training.models.clip import CLIP
from training.tasks.accuracy import to_input

Encode = Callable[[str], list[int]]


def embed_pictures(model: CLIP, images: np.ndarray, bf16: bool, batch: int = 64) -> Tensor:
    """uint8 [n, S, S, 3] to float32 [n, E] of length 1, on the CPU."""
    device = model.logit_scale.device
    rows = []
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for start in range(0, len(images), batch):
            rows.append(model.pictures(to_input(images[start : start + batch]).to(device)).float().cpu())
    return torch.cat(rows)


def embed_texts(model: CLIP, encode: Encode, texts: Sequence[str], bf16: bool, batch: int = 256) -> Tensor:
    """Texts to float32 [n, E] of length 1, on the CPU."""
    device = model.logit_scale.device
    rows = []
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for start in range(0, len(texts), batch):
            ids = torch.tensor([encode(text) for text in texts[start : start + batch]], device=device)
            rows.append(model.texts(ids).float().cpu())
    return torch.cat(rows)


def averaged(model: CLIP, encode: Encode, names: Sequence[str], templates: Sequence[str], bf16: bool) -> Tensor:
    """Each name in every sentence, their embeddings averaged and brought back to length 1: float32 [n, E].

    Source: Radford et al. 2021, section 3.1.4, "ensemble over the embedding space".
    """
    texts = [template.format(name) for name in names for template in templates]
    rows = embed_texts(model, encode, texts, bf16).reshape(len(names), len(templates), -1)
    return F.normalize(rows.mean(1), dim=-1)


def among(
    pictures: Tensor, texts: Tensor, things: np.ndarray, words: Words, language: Language, count: int, seed: int = 0
) -> float:
    """How often a name's own picture is nearer to it than `count` - 1 others, drawn by the seed.

    `pictures` and `texts` [n, E], row i for thing `things[i]`. Others are of another kin and another name: a twin that
    looks the same would not be wrong. Where there are fewer than that, all of them are taken.
    """
    rng = np.random.default_rng(seed)
    names = np.array([words.said[thing][language][0] for thing in things])
    kin = words.kin[things]
    scores = (texts @ pictures.T).numpy()
    right = 0
    for i in range(len(things)):
        others = np.flatnonzero((kin != kin[i]) & (names != names[i]))
        chosen = rng.permutation(others)[: count - 1]
        right += bool((scores[i, chosen] < scores[i, i]).all())
    return right / len(things)
