"""Lesson 15: attention between words and patches, and filling in, of models/uvit-words-tiny.

`told.map.*` are the means over heads of what patches give to the second text token, and of what it gives to them;
`told.weights` what the patches give to each token before them; `told.inpaint` a run of DDIM in which half of the
latents is put back at each step. The page computes the same in lessons/15-latents/word-attention.ts and in the
sampling loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from training.data.text.reader import TextReader
from training.data.text.tokenizer import SPECIAL, read_tokenizer
from training.diffusion.generate import Told, guided
from training.diffusion.process import process
from training.diffusion.samplers import sample
from training.errors import TrainingError
from training.export.denoiser import GUIDANCE, STEPS
from training.export.read import load_any, read_model_config
from training.models.clip import CLIP
from training.models.uvit import UViT
from training.paths import ROOT
from training.references.common import Reference

FOLDER = ROOT / "models" / "uvit-words-tiny"
BLOCKS = ("in_blocks.0", "mid_block", "out_blocks.0")
PAIRS = (("goat", "山羊"), ("mushroom", "蘑菇"), ("goat", "mushroom"))
# The text token that is asked about, by its place in the text.
WORD = 1


def put_attention(out: Reference, golden: dict[str, Tensor], cfg: Any) -> None:
    """Maps and weights of the first of the two pictures whose attention is stored."""
    patches = cfg.image**2 // cfg.patch**2
    first = golden["g/tokens"].shape[1] - patches
    word = first - cfg.context_tokens + WORD
    probs = torch.stack([golden[f"g/{block}.attn.probs"][0] for block in BLOCKS]).double()  # [L, h, T, T]
    out.put("told.map.to", probs[:, :, first:, word].mean((0, 1)))
    out.put("told.map.from", probs[:, :, word, first:].mean((0, 1)))
    out.put("told.map.one", probs[1, 1, first:, word])
    out.put("told.weights", probs[:, :, first:, :first].mean((0, 1, 2)))


def put_filled(out: Reference, golden: dict[str, Tensor], model: UViT) -> None:
    """The upper half of a picture of sines kept, the rest painted."""
    diffusion = read_model_config(FOLDER)["diffusion"]
    run = process(diffusion["process"], diffusion.get("steps", 1000))
    noise = golden["s/noise"]
    count, side = noise[0].numel(), noise.shape[-1]
    picture = torch.from_numpy(np.sin(np.arange(count)).astype(np.float32)).reshape(noise.shape)
    kept = (torch.arange(side * side).reshape(side, side) < side * side // 2)[None, None]
    told = Told(golden["s/context"], golden["s/empty"])
    x = noise
    with torch.inference_mode():
        call = guided(model, torch.tensor([3]), GUIDANCE, model.cfg.classes, told=told)
        steps = sample(
            "ddim",
            process=run,
            model=call,
            predicts=diffusion["prediction"],
            time=diffusion["time"],
            x=noise,
            steps=STEPS,
        )
        for step in steps:
            back = run.signal_rate(step.t) * picture + run.noise_rate(step.t) * noise
            # In place: the sampler goes on from this very tensor.
            step.x.copy_(torch.where(kept, back, step.x))
            x = step.x
    out.put("told.inpaint", x)


def put_ends(out: Reference) -> None:
    """Cosines of what the text tower says at the end of two texts."""
    clip = load_any(ROOT / "models" / "clip")
    if not isinstance(clip, CLIP):
        raise TrainingError("models/clip is no CLIP; lesson 15 needs one.")
    tokenizer = read_tokenizer(ROOT / "models" / "clip" / "tokenizer.json")
    reader = TextReader(clip, tokenizer, 16, torch.device("cpu"))

    def end(text: str) -> Tensor:
        return reader([text])[0, tokenizer.encode(text).index(SPECIAL.index("<end>"))].double()

    cosines = [float(torch.cosine_similarity(end(a), end(b), dim=0)) for a, b in PAIRS]
    out.put("told.ends", cosines, "of goat and 山羊, of mushroom and 蘑菇, of goat and mushroom")


def put_told(out: Reference) -> None:
    """All that tests/reference.py asks of this file."""
    put_ends(out)
    model = load_any(FOLDER)
    if not isinstance(model, UViT):
        raise TrainingError("models/uvit-words-tiny is no U-ViT; lesson 15 needs one.")
    golden = load_file(FOLDER / "golden.safetensors")
    put_attention(out, golden, model.cfg)
    put_filled(out, golden, model)
