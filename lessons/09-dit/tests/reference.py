"""Lesson 9: two denoisers at one state, the DiT's modulation over time, wrong times, where two runs part."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from training.diffusion import add_noise, network_time, process, sample, split
from training.diffusion.noise import normals
from training.diffusion.process import Process
from training.export.read import load_any, read_model_config
from training.measure.gallery import small_picture
from training.paths import ROOT
from training.references.common import Reference

MODELS = {"uvit": "uvit-cifar10", "dit": "dit-cifar10"}
#: As lessons/09-dit/state.ts and view-model.svelte.ts have them.
LABEL = 7
TIME = 0.5
NOISE_SEED = 9
RUN_SEED = 1
RUN_STEPS = 10
PICTURES = 4
TOLD = 13
PARTS = ("shift_msa", "scale_msa", "gate_msa", "shift_mlp", "scale_mlp", "gate_mlp")
SMALL = 0.05


class Denoiser:
    """An exported denoiser with its process and conventions."""

    def __init__(self, name: str) -> None:
        folder = ROOT / "models" / name
        values: dict[str, Any] = read_model_config(folder)
        self.net: nn.Module = load_any(folder)
        self.diffusion: dict[str, Any] = values["diffusion"]
        self.process: Process = process(self.diffusion["process"], self.diffusion.get("steps", 1000))

    def network_time(self, t: float) -> float:
        """What the network is fed at time t."""
        return network_time(self.diffusion["time"], t, self.process)

    def ask(self, x: Tensor, told: list[float], capture: dict[str, Tensor] | None = None) -> Tensor:
        """[n, C, S, S]: predictions of the state x [C, S, S] at each told time."""
        batch = x.float().expand(len(told), *x.shape)
        t = torch.tensor([self.network_time(at) for at in told])
        y = torch.full((len(told),), LABEL)
        with torch.inference_mode():
            prediction: Tensor = self.net(batch, t, y, capture)
        return prediction

    def eps(self, x: Tensor, t: float, prediction: Tensor) -> Tensor:
        """The noise that a prediction at the true time t means."""
        return split(self.diffusion["prediction"], self.process, t, x, prediction)[1]


def rms(values: Tensor) -> float:
    """Root mean square."""
    return float(values.double().square().mean().sqrt())


def blocks_of(capture: dict[str, Tensor]) -> list[str]:
    """Names of the blocks in the order they run."""
    return [key[: -len(".attn.probs")] for key in capture if key.endswith(".attn.probs")]


def even_times(count: int, last: float) -> list[float]:
    """`count` times from 1 down to `last`."""
    return [1 - (1 - last) * i / (count - 1) for i in range(count)]


def put_same(out: Reference, models: dict[str, Denoiser], x: Tensor, eps: Tensor) -> None:
    """Errors of both at one state, their distance, and what patches give to U-ViT's time and label tokens."""
    said: dict[str, Tensor] = {}
    for kind, model in models.items():
        capture: dict[str, Tensor] = {}
        said[kind] = model.eps(x, TIME, model.ask(x, [TIME], capture)[0])
        out.put(f"same.{kind}.error", rms(said[kind] - eps), "root mean square error of the predicted noise")
        if kind == "uvit":
            probs = torch.stack([capture[f"{b}.attn.probs"][0] for b in blocks_of(capture)])
            # Tokens: label, time, patches.
            for token, name in ((1, "time"), (0, "label")):
                out.put(f"share.{name}", float(probs[:, :, 2:, token].mean()), "share of the patches' attention")
    out.put("same.apart", rms(said["uvit"] - said["dit"]), "root mean square of the difference")


def put_modulation(out: Reference, dit: Denoiser, x: Tensor) -> None:
    """Size of each part in each block, and the share of gates that are nearly closed, at the middle time."""
    capture: dict[str, Tensor] = {}
    at = even_times(33, 0.001)
    row = min(range(len(at)), key=lambda i: abs(at[i] - TIME))
    dit.ask(torch.zeros_like(x), [at[row]], capture)
    blocks = blocks_of(capture)
    sizes = [[rms(capture[f"{b}.{part}"][0]) for part in PARTS] for b in blocks]
    out.put("modulation", torch.tensor(sizes), "root mean square over channels, [blocks, parts]")
    closed = [
        [float((capture[f"{b}.{part}"][0].abs() < SMALL).double().mean()) for part in ("gate_msa", "gate_mlp")]
        for b in blocks
    ]
    out.put("closed", torch.tensor(closed), f"share of gates below {SMALL}, [blocks, 2]")


def put_told(out: Reference, models: dict[str, Denoiser], x: Tensor, eps: Tensor, key: str) -> None:
    """Error of the noise for each told time, the state and the rates those of the true one."""
    told = even_times(TOLD, 0.02)
    for kind, model in models.items():
        answers = model.ask(x, told)
        out.put(f"{key}.{kind}", [rms(model.eps(x, TIME, a) - eps) for a in answers], "error by told time")


def put_runs(out: Reference, models: dict[str, Denoiser], each: torch.Size) -> None:
    """How far the two runs' states are apart after each step: DPM-Solver++ 2M without guidance."""
    start = torch.stack(
        [torch.from_numpy(normals(RUN_SEED, 0, each.numel(), k)).reshape(each) for k in range(PICTURES)]
    )
    states = {kind: run(model, start) for kind, model in models.items()}
    pairs = list(zip(states["uvit"], states["dit"], strict=True))
    out.put("runs.apart", [rms(a - b) for a, b in pairs], "root mean square of the states' difference, after each step")
    out.put("runs.first", [rms(a[0] - b[0]) for a, b in pairs], "the same of the first picture alone")


def run(model: Denoiser, start: Tensor) -> list[Tensor]:
    """The states [n, C, S, S] after each step."""

    def ask(x: Tensor, t: float) -> Tensor:
        time = torch.full((len(x),), model.network_time(t))
        with torch.inference_mode():
            answer: Tensor = model.net(x.float(), time, torch.full((len(x),), LABEL))
        return answer.double()

    predicts = model.diffusion["prediction"]
    steps = sample("dpmpp-2m", model.process, ask, predicts, start, RUN_STEPS, clip=(-1.0, 1.0), last_order=1)
    return [step.x for step in steps]


def reference() -> Reference:
    """All numbers of the lesson that the page is held to."""
    out = Reference()
    models = {kind: Denoiser(name) for kind, name in MODELS.items()}
    picture = small_picture("golden-retriever")
    eps = torch.from_numpy(normals(NOISE_SEED, 0, picture.numel())).reshape(picture.shape)
    x = add_noise(models["dit"].process, TIME, picture, eps)
    put_same(out, models, x, eps)
    put_modulation(out, models["dit"], x)
    put_told(out, models, x, eps, "told")
    # Without a picture, so that the numbers do not hang on how it is decoded.
    put_told(out, models, add_noise(models["dit"].process, TIME, torch.zeros_like(picture), eps), eps, "told-grey")
    put_runs(out, models, picture.shape)
    return out
