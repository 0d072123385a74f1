"""Generating codes: what a transformer says of each code of a sign, told a text and a style, is held to the true one.

Sources: Sun et al. 2024 (LlamaGen), section 2.2, and Tian et al. 2024 (VAR), equation 6: cross-entropy of each code;
Chang et al. 2022 (MaskGIT), section 3.1: of those alone that are masked, a share cos(pi u / 2) of them, u uniform.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.codes.scales import sums_of
from training.config import Config
from training.data.emoji.pack import EmojiSet
from training.data.pairs import make_words
from training.data.text.reader import TextReader
from training.errors import TrainingError
from training.models.autoregressive import MASKED, SCALES, Autoregressive, AutoregressiveConfig
from training.models.vq import VQ
from training.tasks.base import Batch, Parts, Rows, Task
from training.tasks.coded import coded
from training.tasks.diffuse import begin_wide, stratified
from training.tasks.told import draw_words, spread_over

MEASURED = 512


def known_of(cfg: AutoregressiveConfig, tokenizer: VQ, codes: Tensor, masked: Tensor | None = None) -> Tensor:
    """What the network reads of true codes [B, N] while it learns (see Autoregressive.forward)."""
    if cfg.order == SCALES:
        with torch.no_grad():
            return sums_of(tokenizer.quantize, codes)
    if cfg.order == MASKED:
        assert masked is not None
        return codes.masked_fill(masked, cfg.codes)
    return codes[:, :-1]


def draw_masks(rng: np.random.Generator, count: int, places: int) -> np.ndarray:
    """Which codes are masked, bool [B, N]: a share cos(pi u / 2), at least one; the shares spread over the batch."""
    shares = np.cos(0.5 * math.pi * stratified(rng, count))
    order = rng.random((count, places)).argsort(1).argsort(1)
    return np.asarray(order < np.maximum(1, np.ceil(shares * places))[:, None])


@dataclass(frozen=True)
class Stands:
    """What painting in codes stands on, frozen."""

    emoji: EmojiSet
    tokenizer: VQ
    reader: TextReader


def check_stands(config: Config, cfg: AutoregressiveConfig, on: Stands) -> None:
    """Raises TrainingError for a generator whose sizes are not those of its tokenizer and text tower."""
    book = on.tokenizer.cfg
    for key, wanted in (
        ("classes", len(on.emoji.styles)),
        ("context_dim", on.reader.dim),
        ("codes", book.codes),
        ("sides", book.sides),
        ("entry_dim", book.latent if cfg.order == SCALES else cfg.entry_dim),
    ):
        if getattr(cfg, key) != wanted:
            raise TrainingError(f"{config.source} [model] {key} is {getattr(cfg, key)}; it must be {wanted} here.")


class GenerateCodes(Task):
    """Codes of the emoji pack, a text and a style each; both left out now and then for guidance."""

    def __init__(self, config: Config, on: Stands, device: torch.device) -> None:
        cfg: Any = config.model
        if not isinstance(cfg, AutoregressiveConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture autoregressive.")
        check_stands(config, cfg, on)
        torch.manual_seed(config.seed)
        model = Autoregressive(cfg, config.train.drop_path)
        if config.train.init != "published":
            begin_wide(model, False)
        super().__init__(config, model, device)
        self.cfg, self.emoji, self.reader = cfg, on.emoji, on.reader
        # Frozen and kept nowhere: hidden from the module's own parts.
        self.frozen = (on.tokenizer.to(device).eval().requires_grad_(False),)
        self.words = make_words(on.emoji, [])
        self.signs = on.emoji.rows("train")
        self.held = spread_over(on.emoji.rows("pair"), MEASURED)
        self.views = config.latent.views
        self.train_codes = coded(on.tokenizer, on.emoji, self.signs, config, device, self.views, False)
        self.rows = Rows(len(self.signs), config.train.batch, config.seed)
        self.call = self.compiled(self.model.forward)

    @property
    def tokenizer(self) -> VQ:
        """The frozen tokenizer."""
        return self.frozen[0]

    def batch(self, step: int) -> Batch:
        """Codes [B, N], y [B], context [B, L, D] and, for masked, which are masked [B, N]."""
        count = self.config.train.batch
        rng = np.random.default_rng([self.config.seed, step])
        rows = self.rows(step)
        mirrored = rng.random(count) < self.config.augment.flip
        views, chance = rng.integers(self.views, size=count), rng.random(count)
        texts, styles = draw_words(self.config, self.emoji, self.words, self.signs[rows], chance, rng)
        masks = draw_masks(rng, count, self.cfg.places) if self.cfg.order == MASKED else None
        which = (self.here(rows), self.here(views), self.here(mirrored.astype(np.int64)))
        return {
            "codes": self.train_codes.of(*which),
            "y": self.here(styles),
            "context": self.reader(self.own(texts)),
            "masked": None if masks is None else self.here(masks),
        }

    def here(self, values: np.ndarray) -> Tensor:
        """This process's rows of an array, on the device."""
        return torch.from_numpy(self.own(values)).to(self.device)

    def logits(self, call: Any, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits [M, K] of the codes that are asked for, and these [M]."""
        known = known_of(self.cfg, self.tokenizer, batch["codes"], batch["masked"])
        with self.autocast():
            found: Tensor = call(known, batch["context"], batch["y"])
        asked = torch.ones_like(batch["codes"], dtype=torch.bool) if batch["masked"] is None else batch["masked"]
        return found.float()[asked], batch["codes"][asked]

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """Mean cross-entropy in nats a code; `top1`: how often the likeliest code is the true one."""
        logits, codes = self.logits(self.call, batch)
        loss = F.cross_entropy(logits, codes, label_smoothing=self.config.train.label_smoothing)
        return loss, {"top1": (logits.detach().argmax(-1) == codes).float().mean()}

    def fresh_model(self) -> nn.Module:
        return Autoregressive(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """Cross-entropy in nats a code and top-1 on up to 512 held-out pairs by their English names; masks that never
        change."""
        if not len(self.held):
            return {}
        names, rng = self.words.names("en"), np.random.default_rng(11)
        held = coded(self.tokenizer, self.emoji, self.held, self.config, self.device, 1, False)
        masks = torch.from_numpy(draw_masks(rng, len(self.held), self.cfg.places)).to(self.device)
        total, count = torch.zeros(2, dtype=torch.float64), 0
        with torch.inference_mode():
            for start in range(0, len(self.held), 128):
                pictures = self.held[start : start + 128]
                batch = {
                    "codes": held.codes[start : start + 128, 0, 0].long(),
                    "y": torch.from_numpy(self.emoji.style_index[pictures]).to(self.device),
                    "context": self.reader([names[thing] for thing in self.emoji.concept_index[pictures]]),
                    "masked": masks[start : start + 128] if self.cfg.order == MASKED else None,
                }
                logits, codes = self.logits(model, batch)
                right = (logits.argmax(-1) == codes).double().sum()
                total += torch.stack([F.cross_entropy(logits, codes, reduction="sum").double(), right]).cpu()
                count += len(codes)
        nats, top1 = (total / count).tolist()
        return {"loss": round(nats, 6), "top1": round(top1, 4)}
