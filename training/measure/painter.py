"""A denoiser of latents with the networks it stands on: pictures from words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.codes.draw import CodeRecipe
from training.data.text.reader import TextReader
from training.data.text.tokenizer import read_tokenizer
from training.diffusion.generate import Recipe, Told, run
from training.diffusion.noise import SeededNoise
from training.errors import TrainingError
from training.export.read import load_any, read_model_config
from training.models.autoencoder import Autoencoder
from training.models.clip import CLIP

AT_ONCE = 64
AnyRecipe = Recipe | CodeRecipe


def to_bytes(pictures: Tensor) -> Tensor:
    """Pictures [B, 3, S, S] in [-1, 1] to uint8."""
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().byte()


@dataclass(frozen=True)
class Painter:
    """A denoiser of latents with the networks it stands on."""

    model: Any
    diffusion: dict[str, Any]
    coder: Autoencoder
    clip: CLIP
    reader: TextReader

    @property
    def side(self) -> int:
        """Side of the pictures."""
        return self.coder.cfg.image

    def passes(self, recipe: AnyRecipe) -> int:
        """Passes through the network for one picture, with guidance counted twice; Heun's steps are two."""
        assert isinstance(recipe, Recipe)
        return recipe.steps * (2 if recipe.sampler == "heun" else 1) * (1 if recipe.guidance == 1 else 2)

    def latents(self, texts: Sequence[str], styles: np.ndarray, recipe: Recipe, seed: int, first: int = 0) -> Tensor:
        """Scaled latents [n, C, s, s] of texts in styles int64 [n]; the k-th begins with stream first + k of seed."""
        cfg = self.model.cfg
        shape = (cfg.channels, cfg.image, cfg.image)
        empty = self.reader([""])
        out = []
        for start in range(0, len(texts), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            y = torch.from_numpy(np.asarray(styles[part]))
            x = np.stack([SeededNoise(seed, stream=first + start + k).normal(shape) for k in range(len(y))])
            told = Told(self.reader(texts[part]), empty)
            noise = SeededNoise(seed + 1, stream=first + start)
            last = run(self.model, self.diffusion, recipe, torch.from_numpy(x).float(), y, noise, told=told)
            out.append(last.x)
        return torch.cat(out)

    def decode(self, latents: Tensor) -> Tensor:
        """Pictures uint8 [n, 3, S, S] of scaled latents [n, C, s, s]."""
        out = []
        with torch.inference_mode():
            for start in range(0, len(latents), AT_ONCE):
                pictures = self.coder.decode(latents[start : start + AT_ONCE] / self.coder.cfg.scaling_factor)
                out.append(to_bytes(pictures))
        return torch.cat(out)

    def paint(self, texts: Sequence[str], styles: np.ndarray, recipe: AnyRecipe, seed: int, first: int = 0) -> Tensor:
        """Pictures uint8 [n, 3, S, S] of texts in styles int64 [n]; picture k begins with stream first + k of seed."""
        if not isinstance(recipe, Recipe):
            raise TrainingError("A denoiser is asked with a sampler and steps, not as a generator of codes is.")
        return self.decode(self.latents(texts, styles, recipe, seed, first))


def read_painter(folder: Path) -> Painter:
    """A model folder and those beside it that it stands on. Raises TrainingError for what is no denoiser of latents."""
    values = read_model_config(folder)
    if "autoencoder" not in values or "text" not in values:
        raise TrainingError(f"{folder} paints nothing from words; name the folder of a model that does.")
    coder, clip = (load_any(folder.parent / values[key]["model"]) for key in ("autoencoder", "text"))
    model = load_any(folder)
    if not isinstance(coder, Autoencoder) or not isinstance(clip, CLIP):
        raise TrainingError(f"{folder / 'config.json'} names no autoencoder or no clip; export it again.")
    cfg: Any = model.cfg
    reader = TextReader(clip, read_tokenizer(), cfg.context_tokens, torch.device("cpu"))
    return Painter(model, values["diffusion"], coder, clip, reader)
