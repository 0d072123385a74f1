"""The residual of codes: a small network denoises it, told what a frozen generator of codes makes of each place.

Source: Tang et al. 2024, "HART" (arXiv 2410.10812), section 3.2: of the last scale alone; several noises for each place
as in Li et al. 2024 (MAR), section 4.2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.codes.residual import to_map, to_places
from training.config import Config
from training.data.pairs import make_words
from training.diffusion import process
from training.errors import TrainingError
from training.models.autoregressive import SCALES, Autoregressive
from training.models.residual_mlp import ResidualMLP, ResidualMLPConfig
from training.models.vq import VQ
from training.tasks.base import Batch, Parts, Rows, Task
from training.tasks.coded import coded, residual_scale
from training.tasks.diffuse import denoising_error, draw_times, stratified
from training.tasks.generate_codes import Stands, check_stands, known_of
from training.tasks.told import draw_words, spread_over

MEASURED = 512
NOISES = 4


class DenoiseResidual(Task):
    """Residuals of the emoji pack, each with several noises, told the hidden state of the frozen generator."""

    def __init__(self, config: Config, on: Stands, generator: Autoregressive, device: torch.device) -> None:
        cfg: Any = config.model
        if not isinstance(cfg, ResidualMLPConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture residual-mlp.")
        if generator.cfg.order != SCALES:
            raise TrainingError(f"{config.source} [latent] generator must be one of the order scales.")
        check_stands(config, generator.cfg, on)
        book = on.tokenizer.cfg
        for key, wanted in (
            ("latent", book.latent), ("grid", book.grid), ("codes", book.codes), ("hidden", generator.cfg.dim)
        ):  # fmt: skip
            if getattr(cfg, key) != wanted:
                raise TrainingError(f"{config.source} [model] {key} is {getattr(cfg, key)}; it must be {wanted} here.")
        torch.manual_seed(config.seed)
        cfg = replace(cfg, residual_scale=residual_scale(on.tokenizer.to(device).eval(), on.emoji, config, device))
        super().__init__(config, ResidualMLP(cfg), device)
        self.cfg, self.emoji, self.reader, self.diffusion = cfg, on.emoji, on.reader, config.diffusion
        # Frozen and kept nowhere: hidden from the module's own parts.
        whole: tuple[VQ, Autoregressive] = (on.tokenizer, generator.to(device))
        for part in whole:
            part.eval().requires_grad_(False)
        self.frozen = whole
        self.process = process(config.diffusion.process, config.diffusion.steps)
        self.words = make_words(on.emoji, [])
        self.signs = on.emoji.rows("train")
        self.held = spread_over(on.emoji.rows("pair"), MEASURED)
        self.views = config.latent.views
        self.train_codes = coded(on.tokenizer, on.emoji, self.signs, config, device, self.views, True)
        self.rows = Rows(len(self.signs), config.train.batch, config.seed)
        self.call = self.compiled(self.model.forward)

    def batch(self, step: int) -> Batch:
        """x0, eps [R B, E, g, g], hidden [R B, N, H], codes [R B, N] and times, R noises a sign."""
        count = self.config.train.batch
        rng = np.random.default_rng([self.config.seed, step])
        rows = self.rows(step)
        mirrored = rng.random(count) < self.config.augment.flip
        views, chance = rng.integers(self.views, size=count), rng.random(count)
        times = stratified(rng, count * NOISES).reshape(NOISES, count)
        texts, styles = draw_words(self.config, self.emoji, self.words, self.signs[rows], chance, rng)
        which = (self.here(rows), self.here(views), self.here(mirrored.astype(np.int64)))
        return self.told(
            self.train_codes.of(*which), self.train_codes.rest_of(*which), self.own(texts), self.here(styles),
            np.stack([self.own(row) for row in times]), self.generator(step * self.world + self.rank),
        )  # fmt: skip

    def here(self, values: np.ndarray) -> Tensor:
        """This process's rows of an array, on the device."""
        return torch.from_numpy(self.own(values)).to(self.device)

    @torch.no_grad()
    def told(
        self, codes: Tensor, rest: Tensor, texts: list[str], y: Tensor, unit: np.ndarray, generator: torch.Generator
    ) -> Batch:
        """What the network learns from: `unit` [R, B] in (0, 1) become times."""
        tokenizer, made = self.frozen
        with self.autocast():
            hidden = made.hidden(known_of(made.cfg, tokenizer, codes), self.reader(texts), y)
        last, noises = self.cfg.places, len(unit)
        eps = torch.randn((noises * len(rest), *rest.shape[1:]), generator=generator, device=self.device)
        return {
            "x0": (rest * self.cfg.residual_scale).repeat(noises, 1, 1, 1),
            "eps": eps,
            "hidden": hidden[:, -last:].float().repeat(noises, 1, 1),
            "codes": codes[:, -last:].repeat(noises, 1),
            "times": draw_times(self.diffusion, self.process, unit.reshape(-1)),
        }

    def error(self, call: Any, batch: Batch) -> tuple[Tensor, Tensor]:
        """(weighted, plain) mean square error of each residual with each noise: [R B], [R B]."""

        def told(x: Tensor, t: Tensor) -> Tensor:
            with self.autocast():
                found: Tensor = call(to_places(x), t, batch["hidden"], batch["codes"])
            return to_map(found)

        return denoising_error(self.diffusion, self.process, told, batch)

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        weighted, plain = self.error(self.call, batch)
        return weighted.mean(), {"mse": plain.detach().mean()}

    def fresh_model(self) -> nn.Module:
        return ResidualMLP(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Loss on up to 512 held-out pairs by their English names, with times and noise that never change."""
        if not len(self.held):
            return {}
        names, generator = self.words.names("en"), torch.Generator(self.device).manual_seed(11)
        held = coded(self.frozen[0], self.emoji, self.held, self.config, self.device, 1, True)
        assert held.rest is not None
        unit = stratified(np.random.default_rng(11), len(self.held))
        total = torch.zeros(2, dtype=torch.float64)
        with torch.inference_mode():
            for start in range(0, len(self.held), 128):
                part = slice(start, start + 128)
                pictures = self.held[part]
                batch = self.told(
                    held.codes[part, 0, 0].long(), held.rest[part, 0, 0].float(),
                    [names[thing] for thing in self.emoji.concept_index[pictures]],
                    torch.from_numpy(self.emoji.style_index[pictures]).to(self.device), unit[None, part], generator,
                )  # fmt: skip
                total += torch.stack([value.sum() for value in self.error(model, batch)]).double().cpu()
        loss, mse = (total / len(self.held)).tolist()
        return {"loss": round(loss, 6), "mse": round(mse, 6)}
