"""Lesson 8: a U-ViT changed while it samples; what its heads do with time and label; what its skips carry.

The runs of the lesson: 20 steps of DPM-Solver++(2M), class 7, seed 1, four pictures. `tiny.*` are runs of
models/uvit-tiny with each change of the lesson (tests hold the browser's graph to them), `apart.*` and
`listen.*` numbers that the page shows of models/uvit-cifar10.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from training.diffusion.noise import normals
from training.diffusion.process import process
from training.diffusion.samplers import sample
from training.diffusion.samplers.step import SamplerStep
from training.diffusion.timesteps import network_time
from training.errors import TrainingError
from training.export.read import load_any, read_model_config
from training.models.blocks import Capture, keep
from training.models.uvit import UViT
from training.paths import ROOT
from training.references.common import Reference

NAME = "uvit-cifar10"
TINY = "uvit-tiny"
STEPS, TINY_STEPS = 20, 10
SEED = 1
PICTURES = 4
CLASS, OTHER = 7, 1
# Steps made before the one that the lesson looks at, and the first step with the other class.
LOOK, SWAP = 8, 6
HELD = 0.5
# As in src/lib/analysis/attention.ts.
LOOKS = 1e-6


@dataclass(frozen=True)
class Change:
    """What is different in the running model; the defaults change nothing."""

    gates: tuple[float, ...] | None = None
    conv: float = 1.0
    positions: float = 1.0
    held: float | None = None
    hidden: tuple[int, ...] = ()
    cut: tuple[tuple[int, int], ...] = ()
    label_from: int | None = None


@cache
def denoiser(name: str) -> UViT:
    """The committed model `models/<name>`."""
    net = load_any(ROOT / "models" / name)
    if not isinstance(net, UViT):
        raise TrainingError(f"models/{name} is no U-ViT; lesson 8 needs one.")
    return net


def changed_attention(attn: Any, hidden: tuple[int, ...], cut: tuple[int, ...]) -> Any:
    """Attention in which the tokens `hidden` are left out of every softmax, and the heads `cut` say nothing."""

    def forward(x: Tensor, capture: Capture | None, name: str) -> Tensor:
        batch, tokens, dim = x.shape
        q, k, v = attn.qkv(x).reshape(batch, tokens, 3, attn.heads, dim // attn.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1) * (dim // attn.heads) ** -0.5
        scores[..., list(hidden)] = -torch.inf
        probs = keep(capture, f"{name}.probs", scores.softmax(-1))
        mixed = probs @ v
        mixed[:, list(cut)] = 0
        return attn.proj(mixed.transpose(1, 2).reshape(batch, tokens, dim))  # type: ignore[no-any-return]

    return forward


@contextmanager
def changed(net: UViT, change: Change) -> Iterator[None]:
    """The network with the change in it, until the block ends."""
    with ExitStack() as stack:
        for j, block in enumerate(net.out_blocks):
            gate = 1.0 if change.gates is None else change.gates[j]
            join = block.join
            gated = lambda x, skip, capture, name, join=join, gate=gate: join(x, gate * skip, capture, name)  # noqa: E731
            stack.enter_context(patch.object(block, "join", gated))
        if net.final_layer is not None:
            smooth, share = net.final_layer.forward, change.conv
            mixed = lambda u: share * smooth(u) + (1 - share) * u  # noqa: E731
            stack.enter_context(patch.object(net.final_layer, "forward", mixed))
        for b, block in enumerate([*net.in_blocks, net.mid_block, *net.out_blocks]):
            heads = tuple(head for at, head in change.cut if at == b)
            if change.hidden or heads:
                forward = changed_attention(block.attn, change.hidden, heads)
                stack.enter_context(patch.object(block.attn, "forward", forward))
        table = net.pos_embed
        if table is not None:
            kept = table.data
            stack.callback(lambda: setattr(table, "data", kept))
            table.data = kept * change.positions
        yield


@dataclass(frozen=True)
class Asked:
    """What is painted: a class, the one that takes its place where a change says so, a seed, a guidance weight."""

    label: int = CLASS
    other: int = OTHER
    seed: int = SEED
    guidance: float = 1.0


def painted(name: str, count: int, steps: int, change: Change, asked: Asked = Asked()) -> list[SamplerStep[Tensor]]:
    """All steps of the lesson's run: `count` pictures of one class, stream k of the seed each."""
    net = denoiser(name)
    diffusion = read_model_config(ROOT / "models" / name)["diffusion"]
    own = process(diffusion["process"], diffusion.get("steps", 1000))
    side, channels = net.cfg.image, net.cfg.channels
    each = channels * side * side
    rows = [torch.from_numpy(normals(asked.seed, 0, each, k)).float() for k in range(count)]
    start = torch.stack(rows).reshape(count, channels, side, side)
    calls = 0

    def network(x: Tensor, time: float) -> Tensor:
        nonlocal calls
        calls += 1
        label = asked.other if change.label_from is not None and calls >= change.label_from else asked.label
        told = torch.full((count,), time if change.held is None else network_time(diffusion["time"], change.held, own))
        named: Tensor = net(x, told, torch.full((count,), float(label)))
        if asked.guidance == 1:
            return named
        bare: Tensor = net(x, told, torch.full((count,), float(net.cfg.classes)))
        return bare + asked.guidance * (named - bare)

    with torch.inference_mode(), changed(net, change):
        return list(
            sample(
                "dpmpp-2m", own, network, diffusion["prediction"], start, steps, time=diffusion["time"], clip=(-1, 1)
            )
        )


def changes(net: UViT) -> dict[str, Change]:
    """Every change of the lesson, for a model's number of skips and tokens."""
    n = net.cfg.half
    # The first block, and the middle quarter of the patches.
    first = tuple((0, head) for head in range(net.cfg.heads))
    grid = net.cfg.grid
    inner = range(grid // 4, grid - grid // 4)
    middle = tuple(net.cfg.extras + row * grid + column for row in inner for column in inner)
    return {
        "intact": Change(),
        "cut": Change(gates=(0.0,) * n),
        "half": Change(gates=(0.5,) * n),
        "conv": Change(conv=0.0),
        "pos": Change(positions=0.0),
        "time-off": Change(hidden=(1,)),
        "time-held": Change(held=HELD),
        "label-off": Change(hidden=(0,)),
        "label-swap": Change(label_from=SWAP),
        "heads": Change(cut=first),
        "patches": Change(hidden=middle),
    }


def rms(a: Tensor, b: Tensor) -> Tensor:
    """Root of the mean squared difference."""
    return (a.double() - b.double()).square().mean().sqrt()


def capture_at(name: str, x: Tensor, t: float, label: int = CLASS) -> Capture:
    """Every tensor of one pass for a state [C, S, S] at time t of the clock."""
    net = denoiser(name)
    diffusion = read_model_config(ROOT / "models" / name)["diffusion"]
    told = network_time(diffusion["time"], t, process(diffusion["process"], diffusion.get("steps", 1000)))
    out: Capture = {}
    with torch.inference_mode():
        net(x[None], torch.tensor([told]), torch.tensor([float(label)]), out)
    return out


def heard(net: UViT, tensors: Capture) -> Tensor:
    """[5, blocks, heads]: to time, to label, from time, from label, mean attention distance (-1: none)."""
    extras, grid = net.cfg.extras, net.cfg.grid
    n = net.cfg.half
    names = [*(f"in_blocks.{i}" for i in range(n)), "mid_block", *(f"out_blocks.{i}" for i in range(n))]
    probs = torch.stack([tensors[f"{name}.attn.probs"][0].double() for name in names])
    at = torch.stack(torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij"), -1).reshape(-1, 2)
    apart = torch.cdist(at.double(), at.double())
    own = probs[:, :, extras:, extras:]
    looks = own.sum(-1) >= LOOKS  # a patch that looks at no patch looks at no distance
    rows = torch.where(looks, (own * apart).sum(-1) / own.sum(-1), 0.0)
    distance = torch.where(looks.any(-1), rows.sum(-1) / looks.sum(-1), -1.0)
    given = probs[:, :, extras:, :extras].mean(2)
    spent = probs[:, :, :extras, extras:].sum(-1)
    return torch.stack([given[..., 1], given[..., 0], spent[..., 1], spent[..., 0], distance])


def share(net: UViT, tensors: Capture, j: int) -> Tensor:
    """Part of out-block j's input that comes through its skip: |W_s s| / (|W_h h| + |W_s s|), mean over tokens."""
    dim = net.cfg.dim
    weight: Tensor = net.state_dict()[f"out_blocks.{j}.skip_linear.weight"].double()
    both = tensors[f"out_blocks.{j}.skip_cat"][0].double()
    own = (both[:, :dim] @ weight[:, :dim].T).norm(dim=-1)
    skip = (both[:, dim:] @ weight[:, dim:].T).norm(dim=-1)
    mean: Tensor = (skip / (own + skip)).mean()
    return mean


def reference() -> Reference:
    """The runs and measures of lesson 8."""
    out = Reference()
    facts = {"sampler": "dpmpp-2m", "steps": TINY_STEPS, "seed": SEED, "class": CLASS, "other": OTHER}
    facts |= {"from": SWAP, "held": HELD}
    for key, change in changes(denoiser(TINY)).items():
        last = painted(TINY, 1, TINY_STEPS, change)[-1]
        out.put(f"tiny.{key}", last.x[0], json.dumps(facts))

    net = denoiser(NAME)
    runs = {key: painted(NAME, PICTURES, STEPS, change) for key, change in changes(net).items()}
    intact = runs["intact"]
    for key, run in runs.items():
        if key != "intact":
            out.put(f"apart.{key}", rms(run[-1].x, intact[-1].x), "rms distance of four finished pictures")
    start = [intact[0], *intact]
    each = net.cfg.channels * net.cfg.image**2
    noise = torch.from_numpy(normals(SEED, 0, each, 0)).float().reshape(intact[0].x.shape[1:])
    states = [(noise, 1.0), *((step.x[0], step.t) for step in start[1:-1])]
    passes = [capture_at(NAME, x, t) for x, t in states]
    out.put("listen", torch.stack([heard(net, p) for p in passes]), "[steps, 5, blocks, heads]")
    at = passes[LOOK]
    out.put("times", [t for _, t in states], "times of the states, noise first")
    if net.cfg.skip == "concat":
        out.put("share", torch.stack([share(net, at, j) for j in range(net.cfg.half)]), "[n], by out-block, step 9")
    out.put("time", at["timestep_embedding"][0], "[D] at step 9")
    tokens = at["tokens"][0].double().norm(dim=-1)
    out.put("lengths", [tokens[0], tokens[1], tokens[2:].mean()], "label, time, mean of the patches, at step 9")
    return out
