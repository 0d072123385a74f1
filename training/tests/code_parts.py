"""A small tokenizer, text tower and generators of codes, not trained: what tests of codes share."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from training.config import Config, parse_config
from training.data.text.reader import TextReader
from training.models.autoregressive import Autoregressive, AutoregressiveConfig
from training.models.clip import CLIP, CLIPConfig
from training.models.vq import VQ, VQConfig
from training.tasks.generate_codes import Stands
from training.tests.sign_pack import sign_pack, sign_tokenizer

CPU = torch.device("cpu")
PACK, TOKENIZER = sign_pack(), sign_tokenizer()
SIDES = {"raster": [4], "masked": [4], "scales": [1, 2, 4]}
ORDERS = tuple(SIDES)
CODES, TEXT_DIM, TEXT_TOKENS = 12, 24, 6


def stirred(model: nn.Module, seed: int, size: float = 0.3) -> Any:
    """The model with noise on every weight, so that nothing is zero, in eval mode."""
    torch.manual_seed(seed)
    for parameter in model.parameters():
        parameter.data += size * torch.randn_like(parameter)
    return model.eval()


def tokenizer(order: str) -> VQ:
    """Pictures of 32 pixels to 4x4 codes, or to codes on grids of 1, 2 and 4; the codebook as wide as the latents."""
    torch.manual_seed(5)
    scales = SIDES[order] if order == "scales" else []
    model = VQ(
        VQConfig(image=32, factor=8, width=4, multiples=[1, 1, 2, 2], latent=4, groups=2, codes=CODES, scales=scales)
    )
    with torch.no_grad():
        images = torch.from_numpy(PACK.images).permute(0, 3, 1, 2).float() / 127.5 - 1
        rows = model.features(images).permute(0, 2, 3, 1).reshape(-1, 4)
        model.quantize.embedding.weight.copy_(rows[torch.randperm(len(rows))[:CODES]])
    return model.eval()


def clip() -> CLIP:
    """A CLIP whose text tower reads the pack's words."""
    torch.manual_seed(0)
    sizes = {"vocabulary": len(TOKENIZER), "context": TOKENIZER.context, "text_dim": TEXT_DIM, "text_depth": 1}
    return CLIP(CLIPConfig(image=32, dim=16, depth=1, heads=1, text_heads=2, embed=8, **sizes)).eval()


def stands(order: str) -> Stands:
    """What a generator of that order stands on."""
    return Stands(PACK, tokenizer(order), TextReader(clip(), TOKENIZER, TEXT_TOKENS, CPU))


def sizes(order: str) -> dict[str, Any]:
    """The [model] section of a small generator."""
    return {
        "order": order, "codes": CODES, "sides": SIDES[order], "entry_dim": 4, "dim": 16, "depth": 2, "heads": 2,
        "mlp_ratio": 2, "classes": 3, "context_tokens": TEXT_TOKENS, "context_dim": TEXT_DIM,
    }  # fmt: skip


def generator(order: str, seed: int = 1) -> Autoregressive:
    """A small generator whose logits are far from even."""
    torch.manual_seed(seed)
    return stirred(Autoregressive(AutoregressiveConfig(**sizes(order))), seed)  # type: ignore[no-any-return]


def config(model: dict[str, Any], architecture: str = "autoregressive", **sections: Any) -> Config:
    """A run of so small a model on the pack."""
    train = {"steps": 12, "batch": 16, "lr": 3e-3, "warmup": 2, "bf16": False, "ema": [0.9], "label_smoothing": 0.0}
    values = {
        "name": "codes", "seed": 3, "architecture": architecture, "model": model, "data": {"set": "emoji"},
        "train": train, **sections,
    }  # fmt: skip
    return parse_config(values, "codes.toml")
