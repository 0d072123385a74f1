"""Painting in latents from words: a denoiser of a frozen autoencoder's latents, told a text and a drawing style.

Source: Rombach et al. 2022, "High-Resolution Image Synthesis with Latent Diffusion Models" (arXiv 2112.10752),
section 3; the text as tokens and what an empty one is for: Bao et al. 2022 (arXiv 2209.12152), sections 3 and 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from training.config import Config
from training.data.emoji.pack import EmojiSet
from training.data.pairs import make_words
from training.data.text.reader import TextReader
from training.diffusion import process
from training.errors import TrainingError
from training.tasks.base import Batch, Parts, Rows, Task, unit_range
from training.tasks.diffuse import begin_wide, denoising_error, draw_times, make_denoiser, stratified
from training.tasks.told import draw_words, spread_over

MEASURED = 512
AT_ONCE = 64


class Autoencoder(Protocol):
    """What a latent denoiser asks of an autoencoder."""

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures [B, 3, S, S] in [-1, 1] to mean and logarithm of the variance, each [B, C, s, s]."""
        ...

    def decode(self, z: Tensor) -> Tensor:
        """Latents [B, C, s, s], not scaled, to pictures [B, 3, S, S]."""
        ...


@dataclass(frozen=True)
class Moments:
    """What an autoencoder says of pictures and of their mirror images: float32 [n, 2, C, s, s], already scaled."""

    mean: Tensor
    deviation: Tensor

    def draw(self, rows: Tensor, mirrored: Tensor, noise: Tensor) -> Tensor:
        """Latents [B, C, s, s] of the pictures `rows` [B], mirrored where `mirrored` [B] is 1, drawn with `noise`."""
        return self.mean[rows, mirrored] + self.deviation[rows, mirrored] * noise


def moments_of(autoencoder: Autoencoder, scale: float, images: np.ndarray, device: torch.device) -> Moments:
    """uint8 [n, S, S, 3] through the encoder once. `scale`: 1 / the deviation of latents, so that they have about 1."""
    means, deviations = [], []
    with torch.inference_mode():
        for start in range(0, len(images), AT_ONCE):
            x = unit_range(torch.from_numpy(np.array(images[start : start + AT_ONCE])).permute(0, 3, 1, 2)).to(device)
            both = [autoencoder.encode(view) for view in (x, x.flip(-1))]
            means.append(torch.stack([mean for mean, _ in both], 1).float() * scale)
            deviations.append(torch.stack([(0.5 * log.float()).exp() for _, log in both], 1) * scale)
    # A clone is no inference tensor, so that autograd may meet it.
    return Moments(torch.cat(means).clone(), torch.cat(deviations).clone())


class LatentDiffuse(Task):
    """Latents of the emoji pack, a text and a style each; both left out now and then for guidance."""

    def __init__(
        self,
        config: Config,
        emoji: EmojiSet,
        autoencoder: Autoencoder,
        scale: float,
        reader: TextReader,
        device: torch.device,
        model: nn.Module | None = None,
    ) -> None:
        cfg: Any = config.model
        torch.manual_seed(config.seed)
        if model is None:
            model = make_denoiser(cfg, config.train.drop_path)
            if config.train.init != "published":
                begin_wide(model, config.train.init == "identity")
        super().__init__(config, model, device)
        self.cfg, self.diffusion = cfg, config.diffusion
        if (cfg.classes, cfg.null_class) != (len(emoji.styles), True):
            raise TrainingError(
                f"{config.source} [model] must have classes = {len(emoji.styles)}, one a drawing style, and "
                "null_class = true."
            )
        if (cfg.context_tokens, cfg.context_dim) != (reader.length, reader.dim):
            raise TrainingError(f"{config.source} [model] context_dim must be {reader.dim}, the text tower's width.")
        self.process = process(config.diffusion.process, config.diffusion.steps)
        self.emoji, self.reader, self.words = emoji, reader, make_words(emoji, [])
        self.signs, held = emoji.rows("train"), emoji.rows("pair")
        self.held = spread_over(held, MEASURED)
        self.train_moments = moments_of(autoencoder, scale, emoji.images[self.signs], device)
        self.held_moments = moments_of(autoencoder, scale, emoji.images[self.held], device) if len(held) else None
        found = tuple(self.train_moments.mean.shape[2:])
        if found != (cfg.channels, cfg.image, cfg.image):
            raise TrainingError(
                f"{config.source} [model] has latents of {cfg.channels} channels and {cfg.image} cells a side, the "
                f"autoencoder of {found[0]} and {found[1]}; set channels and image so."
            )
        self.rows = Rows(len(self.signs), config.train.batch, config.seed)
        self.call = self.compiled(self.model.forward)

    def batch(self, step: int) -> Batch:
        """x0, eps [B, C, s, s], y [B], context [B, L, D] and times of a step."""
        count = self.config.train.batch
        rng = np.random.default_rng([self.config.seed, step])
        rows = self.rows(step)
        mirrored = rng.random(count) < self.config.augment.flip
        chance = rng.random(count)
        times = draw_times(self.diffusion, self.process, self.own(stratified(rng, count)))
        texts, styles = draw_words(self.config, self.emoji, self.words, self.signs[rows], chance, rng)
        generator = self.generator(step)
        shape = (count, self.cfg.channels, self.cfg.image, self.cfg.image)
        eps, within = (self.own(torch.randn(shape, generator=generator, device=self.device)) for _ in range(2))
        x0 = self.train_moments.draw(self.here(rows), self.here(mirrored.astype(np.int64)), within)
        return {"x0": x0, "eps": eps, "y": self.here(styles), "context": self.reader(self.own(texts)), "times": times}

    def here(self, values: np.ndarray) -> Tensor:
        """This process's rows of an array, on the device."""
        return torch.from_numpy(self.own(values)).to(self.device)

    def error(self, call: Any, batch: Batch) -> tuple[Tensor, Tensor]:
        """(weighted, plain) mean square error of each latent: [B], [B]."""

        def told(x: Tensor, t: Tensor) -> Tensor:
            with self.autocast():
                found: Tensor = call(x, t, batch["y"], context=batch["context"])
            return found

        return denoising_error(self.diffusion, self.process, told, batch)

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        weighted, plain = self.error(self.call, batch)
        return weighted.mean(), {"mse": plain.detach().mean()}

    def fresh_model(self) -> nn.Module:
        return make_denoiser(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Loss on up to 512 held-out pairs by their English names, at times and with noise that never change."""
        if self.held_moments is None:
            return {}
        count = len(self.held)
        times = draw_times(self.diffusion, self.process, stratified(np.random.default_rng(11), count))
        generator = torch.Generator(self.device).manual_seed(11)
        names = self.words.names("en")
        total = torch.zeros(2, dtype=torch.float64)
        with torch.inference_mode():
            for start in range(0, count, 128):
                rows = torch.arange(start, min(start + 128, count), device=self.device)
                x0 = self.held_moments.mean[rows, 0]
                pictures = self.held[start : start + 128]
                batch = {
                    "x0": x0,
                    "eps": torch.randn(x0.shape, generator=generator, device=self.device),
                    "y": torch.from_numpy(self.emoji.style_index[pictures]).to(self.device),
                    "context": self.reader([names[thing] for thing in self.emoji.concept_index[pictures]]),
                    "times": times[start : start + 128],
                }
                total += torch.stack([value.sum() for value in self.error(model, batch)]).double().cpu()
        loss, mse = (total / count).tolist()
        return {"loss": round(loss, 6), "mse": round(mse, 6)}
