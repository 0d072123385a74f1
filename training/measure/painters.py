"""What paints pictures from words, each with the networks it stands on: denoisers of latents, generators of codes, and
these with the residual of their codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.codes.draw import CodeRecipe
from training.codes.residual import sample_residual
from training.codes.sample import Asked, CodePass, last_pass
from training.data.text.reader import TextReader
from training.data.text.tokenizer import read_tokenizer
from training.diffusion.generate import Recipe, Told
from training.diffusion.noise import SAFE, SeededNoise
from training.errors import TrainingError
from training.export.read import load_any, read_model_config
from training.measure.painter import AT_ONCE, AnyRecipe, Painter, read_painter, to_bytes
from training.models.autoregressive import MASKED, Autoregressive
from training.models.clip import CLIP
from training.models.residual_mlp import ResidualMLP
from training.models.vq import VQ

APART = 100_000  # seeds of pictures lie between those of two runs
DENOISE = Recipe("dpmpp-2m", 8, 1.0)  # of a residual


@dataclass(frozen=True)
class CodePainter:
    """A generator of codes with the networks it stands on; `residual`: what gives back what its codes leave out, with
    the `diffusion` that it was trained with.
    """

    model: Autoregressive
    coder: VQ
    clip: CLIP
    reader: TextReader
    residual: ResidualMLP | None = None
    diffusion: dict[str, Any] | None = None
    denoise: Recipe = DENOISE

    @property
    def side(self) -> int:
        """Side of the pictures."""
        return self.coder.cfg.image

    def passes(self, recipe: AnyRecipe) -> int:
        """Passes through the generator for one picture, with guidance counted twice."""
        assert isinstance(recipe, CodeRecipe)
        count = recipe.rounds if self.model.cfg.order == MASKED else len(self.model.cfg.passes)
        return count * (1 if recipe.guidance == 1 else 2)

    def paint(self, texts: Sequence[str], styles: np.ndarray, recipe: AnyRecipe, seed: int, first: int = 0) -> Tensor:
        """Pictures uint8 [n, 3, S, S] of texts in styles int64 [n]; picture k has seed seed * 100,000 + first + k."""
        if not isinstance(recipe, CodeRecipe):
            raise TrainingError("A generator of codes is asked with a temperature, not with a sampler and steps.")
        empty = self.reader([""])
        out = []
        for start in range(0, len(texts), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            y = torch.from_numpy(np.asarray(styles[part]))
            seeds = [(seed * APART + first + start + k) % SAFE for k in range(len(y))]
            asked = Asked(Told(self.reader(texts[part]), empty), y, seeds)
            drawn = last_pass(self.model, recipe, asked, self.coder.quantize)
            with torch.inference_mode():
                out.append(to_bytes(self.coder.decode(self.latents(drawn, seeds))))
        return torch.cat(out)

    def latents(self, drawn: CodePass, seeds: Sequence[int]) -> Tensor:
        """What codes stand for, [B, E, g, g], with their residual where a network draws it."""
        found = self.coder.quantize.of_codes(drawn.codes)
        if self.residual is None or self.diffusion is None:
            return found
        places = self.residual.cfg.places
        # The last stream, which no pass takes its noise from.
        noise = np.stack([SeededNoise(seed, stream=0xFFFFFFFF).normal(tuple(found.shape[1:])) for seed in seeds])
        codes, start = drawn.codes[:, -places:], torch.from_numpy(noise).float()
        return found + sample_residual(self.residual, self.diffusion, self.denoise, start, drawn.hidden, codes)


def read_any_painter(folder: Path) -> Painter | CodePainter:
    """A model folder and those beside it that it stands on. Raises TrainingError for what paints nothing from words."""
    values = read_model_config(folder)
    if values["architecture"] not in ("autoregressive", "residual-mlp"):
        return read_painter(folder)
    if "autoencoder" not in values or "text" not in values:
        raise TrainingError(f"{folder} paints nothing from words; name the folder of a model that does.")
    coder, clip = (load_any(folder.parent / values[key]["model"]) for key in ("autoencoder", "text"))
    model = load_any(folder)
    made = load_any(folder.parent / values["generator"]["model"]) if isinstance(model, ResidualMLP) else model
    if not isinstance(clip, CLIP) or not isinstance(coder, VQ) or not isinstance(made, Autoregressive):
        raise TrainingError(f"{folder / 'config.json'} names no codes or no clip; export it again.")
    reader = TextReader(clip, read_tokenizer(), made.cfg.context_tokens, torch.device("cpu"))
    if isinstance(model, ResidualMLP):
        return CodePainter(made, coder, clip, reader, model, values["diffusion"])
    return CodePainter(made, coder, clip, reader)
