"""Folders of generators of codes and of residual MLPs: config, weights and golden tensors.

Keys of golden.safetensors: `g/<tensor>` for one input, inputs included; `s/<run>/codes` [passes, N], the codes after
each pass of a run (-1 where not known), with `s/context` and `s/empty`; of scales also `s/codes`, of which the sums in
`g/sums` were made. A residual MLP has `s/codes` and `s/sum`, what the generator drew and what it adds up to, and
`s/hidden`, `s/noise` and `s/<sampler>/residual`. config.json names the model folders that they stand on, each with the
SHA-256 of the weights they were trained with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.codes.draw import CHANCE, CodeRecipe
from training.codes.residual import sample_residual, to_places
from training.codes.sample import Asked, last_pass, sample_codes
from training.codes.scales import sums_of
from training.config import Config
from training.data.pictures import Label
from training.data.text.reader import TextReader
from training.diffusion.generate import Recipe, Told
from training.diffusion.noise import SeededNoise
from training.export.denoiser import SEED, TEXT, diffusion_json, stands_on
from training.export.golden import RULE, Arrays, store
from training.export.read import load_any
from training.export.write import preprocessing, write_model
from training.models.autoregressive import MASKED, SCALES, Autoregressive, AutoregressiveConfig
from training.models.blocks import camel
from training.models.residual_mlp import ResidualMLP, ResidualMLPConfig
from training.models.vq import VQ

STYLE = 1
RESIDUAL_STEPS = 8
SAMPLERS = ("ddim", "dpmpp-2m")
IN_FULL = ("codes", "sums", "context", "y", "logits", "x", "t", "hidden", "prediction")


def golden_recipes(cfg: AutoregressiveConfig) -> Iterator[tuple[str, CodeRecipe]]:
    """Runs by their names: plain, guided with the largest few, hot, the largest alone; what else the order has."""
    plain = CodeRecipe(guidance=1.0, rounds=4)
    yield "plain", plain
    yield "guided", replace(plain, guidance=2.0, temperature=0.9, top_k=max(2, cfg.codes // 4))
    yield "hot", replace(plain, temperature=3.0)
    yield "largest", replace(plain, guidance=2.0, temperature=0.0)
    if cfg.order == SCALES:
        yield "ramp", replace(plain, guidance=3.0, ramp=True)
    if cfg.order == MASKED:
        yield "chance", replace(plain, choose=CHANCE)


def export_generator(
    folder: Path,
    config: Config,
    weights: dict[str, Tensor],
    labels: list[Label],
    reader: TextReader,
    tokenizer: VQ,
    whole: bool,
    bits: int = 16,
) -> None:
    """Write a generator's folder; `whole`: golden tensors in full, else sampled. `bits`: see write_model."""
    cfg: Any = config.model
    values = {
        "name": config.name,
        "architecture": config.architecture,
        "config": cfg.to_json(),
        **{key: stands_on(getattr(config.latent, key)) for key in ("autoencoder", "text")},
        "preprocessing": preprocessing(tokenizer.cfg.image, "squash"),
        "labels": [vars(label) for label in labels],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, Autoregressive)
        return generator_golden(model, tokenizer, reader([TEXT, ""]), whole)

    write_model(folder, values, weights, golden, bits)


def generator_golden(
    model: Autoregressive, tokenizer: VQ, context: Tensor, whole: bool
) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of one forward pass of two samples (text and style; neither), and the sampling runs.

    `context` [2, L, Dc]: features of a text and of the empty one.
    """
    cfg = model.cfg
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}
    rng = np.random.default_rng(20260)
    codes = torch.from_numpy(rng.integers(cfg.codes, size=(2, cfg.places)))
    y = torch.tensor([STYLE % cfg.classes, cfg.classes])
    capture: dict[str, Tensor] = {}
    if cfg.order == SCALES:
        store(tensors, meta, "s/codes", codes.float(), True)  # what `sums` were made of
        known = sums_of(tokenizer.quantize, codes)
    elif cfg.order == MASKED:
        known = codes.masked_fill(torch.from_numpy(rng.random(codes.shape) < 0.5), cfg.codes)
    else:
        known = codes[:, :-1]
    with torch.inference_mode():
        model(known, context, y, capture)
    for name, value in capture.items():
        store(tensors, meta, f"g/{name}", value.contiguous(), whole or name in IN_FULL)
    store(tensors, meta, "s/context", context[:1], True)
    store(tensors, meta, "s/empty", context[1:], True)
    asked = Asked(Told(context[:1], context[1:]), y[:1], [SEED])
    for name, recipe in golden_recipes(cfg):
        passes = [found.codes for found in sample_codes(model, recipe, asked, tokenizer.quantize)]
        store(tensors, meta, f"s/{name}/codes", torch.cat(passes).float(), True)
        said = {camel(key): value for key, value in asdict(recipe).items()}
        meta[f"s/{name}"] = json.dumps({**said, "seed": SEED, "class": int(y[0])})
    return tensors, meta


def export_residual(
    folder: Path,
    config: Config,
    weights: dict[str, Tensor],
    residual_scale: float,
    reader: TextReader,
    parts: tuple[VQ, Autoregressive],
    whole: bool,
    bits: int = 16,
) -> None:
    """Write a residual MLP's folder; `parts`: tokenizer and generator that it stands on."""
    cfg: Any = config.model
    assert isinstance(cfg, ResidualMLPConfig)
    cfg, diffusion = replace(cfg, residual_scale=residual_scale), diffusion_json(config)
    values = {
        "name": config.name,
        "architecture": config.architecture,
        "config": cfg.to_json(),
        "diffusion": diffusion,
        **{key: stands_on(getattr(config.latent, key)) for key in ("generator", "autoencoder", "text")},
        "preprocessing": preprocessing(parts[0].cfg.image, "squash"),
        "labels": [],
    }

    def golden() -> tuple[Arrays, dict[str, str]]:
        model = load_any(folder)
        assert isinstance(model, ResidualMLP)
        return residual_golden(model, diffusion, *parts, reader([TEXT, ""]), whole)

    write_model(folder, values, weights, golden, bits)


def residual_golden(
    model: ResidualMLP,
    diffusion: dict[str, Any],
    tokenizer: VQ,
    generator: Autoregressive,
    context: Tensor,
    whole: bool,
) -> tuple[Arrays, dict[str, str]]:
    """Every tensor of one pass over what the generator drew for a text and for none, and runs of the samplers."""
    cfg = model.cfg
    tensors: Arrays = {}
    meta = {"sample": "full" if whole else RULE}
    y = torch.tensor([STYLE % generator.cfg.classes, generator.cfg.classes])
    recipe = CodeRecipe(guidance=1.0)
    asked = Asked(Told(context, context[1:]), y, [SEED, SEED + 1])
    drawn = last_pass(generator, recipe, asked, tokenizer.quantize)
    codes = drawn.codes[:, -cfg.places :]
    x = torch.from_numpy(SeededNoise(SEED, stream=9).normal((2, cfg.latent, cfg.grid, cfg.grid))).float()
    t = torch.tensor([0.35, 0.9]) * (1 if diffusion["time"] == "unit" else 999)
    capture: dict[str, Tensor] = {}
    with torch.inference_mode():
        model(to_places(x), t, drawn.hidden, codes, capture)
    for name, value in capture.items():
        store(tensors, meta, f"g/{name}", value.contiguous(), whole or name in IN_FULL)
    with torch.inference_mode():
        found = tokenizer.quantize.of_codes(drawn.codes[:1])
    start = torch.from_numpy(SeededNoise(SEED).normal((1, cfg.latent, cfg.grid, cfg.grid))).float()
    for key, kept in (
        ("context", context[:1]), ("codes", drawn.codes[:1].float()), ("sum", found), ("hidden", drawn.hidden[:1]),
        ("noise", start),
    ):  # fmt: skip
        store(tensors, meta, f"s/{key}", kept.contiguous(), True)
    for sampler in SAMPLERS:
        how = Recipe(sampler, RESIDUAL_STEPS, 1.0)
        rest = sample_residual(model, diffusion, how, start, drawn.hidden[:1], codes[:1])
        store(tensors, meta, f"s/{sampler}/residual", rest.contiguous(), True)
        meta[f"s/{sampler}"] = json.dumps(
            {"sampler": sampler, "steps": RESIDUAL_STEPS, "seed": SEED, "class": int(y[0])}
        )
    return tensors, meta
