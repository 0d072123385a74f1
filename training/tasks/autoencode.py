"""Autoencoding: pictures through few latents, or through codes, and back; nothing else is learned here.

Sources: Rombach et al. 2022, section 3.1 and appendix G (latents kept near N(0, 1) by a small weight; no adversary
here); van den Oord et al. 2017, equation 3 (codebook and commitment); Tian et al. 2024, equation 5 (the same of the sum
after every scale).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.augment import augment
from training.data.emoji.pack import EmojiSet
from training.data.pictures import PictureSet
from training.data.signs import draw_signs
from training.errors import TrainingError
from training.models.autoencoder import Autoencoder, AutoencoderConfig, divergence, sampled
from training.models.vit import ViT
from training.models.vq import VQ, Quantized, VQConfig
from training.tasks.base import Batch, Parts, Rows, Task, unit_range
from training.tasks.painting import feature_error

MEASURED = 512
USAGE_DECAY = 0.98


def quality(found: Tensor, x: Tensor) -> Tensor:
    """PSNR in dB of each picture, [B]; both in [-1, 1], what lies outside is cut off as on a screen."""
    error = (found.clamp(-1, 1) - x).square().flatten(1).mean(1)
    return 10 * torch.log10(4 / error.clamp(min=1e-10))


def bits(counts: Tensor) -> float:
    """Entropy in bits of codes that occurred so often, counts [K]."""
    share = counts.double() / counts.sum().clamp(min=1)
    return float(-(share * share.clamp(min=1e-12).log2()).sum())


class Codes(nn.Module):
    """How often each code was used of late, and what to do with those that nobody uses."""

    usage: Tensor
    begun: Tensor

    def __init__(self, codes: int, restart: float) -> None:
        super().__init__()
        self.restart = restart
        self.register_buffer("usage", torch.full((codes,), 1 / codes))
        self.register_buffer("begun", torch.zeros(()))

    @torch.no_grad()
    def update(self, table: nn.Embedding, found: Quantized) -> None:
        """The codebook starts as vectors that were looked up; a code used `restart` times as rarely as the mean or
        less becomes one."""
        rows, count = torch.cat(found.vectors), len(self.usage)
        if not self.begun:
            table.weight.copy_(self.drawn(rows, count))
            self.begun.fill_(1)
            return
        taken = torch.bincount(torch.cat([codes.flatten() for codes in found.codes]), minlength=count)
        self.usage.lerp_(taken / taken.sum(), 1 - USAGE_DECAY)
        dead = (self.usage < self.restart / count).nonzero().flatten()
        table.weight[dead] = self.drawn(rows, len(dead))
        self.usage[dead] = 1 / count

    @staticmethod
    def drawn(rows: Tensor, count: int) -> Tensor:
        """So many random rows, with a little noise, so that no two are one."""
        picked = rows[torch.randint(len(rows), (count,), device=rows.device)]
        return picked + 0.01 * rows.std() * torch.randn_like(picked)


class Autoencode(Task):
    """Signs and photos in fixed shares of a batch; a half of the signs as they are, the others turned and moved."""

    def __init__(
        self,
        config: Config,
        emoji: EmojiSet,
        photos: PictureSet | None,
        val: PictureSet | None,
        device: torch.device,
        judge: ViT | None = None,
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, AutoencoderConfig | VQConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture autoencoder or vq.")
        if emoji.images.shape[1] != cfg.image:
            raise TrainingError(f"{config.source}: the signs have {emoji.images.shape[1]} pixels, not {cfg.image}.")
        torch.manual_seed(config.seed)
        super().__init__(config, Autoencoder(cfg) if isinstance(cfg, AutoencoderConfig) else VQ(cfg), device)
        self.cfg, self.emoji, self.photos, self.val = cfg, emoji, photos, val
        wanted = config.autoencode
        self.codes = Codes(cfg.codes, wanted.restart).to(device) if isinstance(cfg, VQConfig) else None
        self.signs = emoji.rows("train")
        shown = round(config.train.batch * wanted.photos) if photos is not None else 0
        self.rows = Rows(len(self.signs), config.train.batch - shown, config.seed)
        self.photo_rows = Rows(len(photos), shown, config.seed) if photos is not None and shown else None
        # A judge learns nothing and is kept nowhere: it is hidden from the module's own parts.
        self.judge: tuple[ViT, ...] = () if judge is None else (judge.to(device).eval().requires_grad_(False),)
        if wanted.features and not self.judge:
            raise TrainingError(f"{config.source} [autoencode] features needs a judge; name a ViT's folder.")

    def batch(self, step: int) -> Batch:
        """A step's pictures x [B, C, S, S], signs before photos."""
        wanted = self.config.autoencode
        rng = np.random.default_rng([self.config.seed, step, self.rank])
        rows = self.signs[self.own(self.rows(step))]
        whole = rng.random(len(rows)) < wanted.whole
        x = [unit_range(torch.from_numpy(np.array(self.emoji.images[rows[whole]])).permute(0, 3, 1, 2))]
        if not whole.all():
            x.append(draw_signs(self.emoji.images[rows[~whole]], self.config.contrast, rng))
        if self.photos is not None and self.photo_rows is not None:
            taken = np.sort(self.own(self.photo_rows(step)))
            images, sizes = self.photos.images[taken], self.photos.sizes[taken]
            x.append(augment(images, sizes, self.cfg.image, self.config.augment, rng).x)
        return {"x": torch.cat(x).to(self.device), "generator": self.generator(step)}

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """Absolute error and features, with what holds the latents or the codes together."""
        x, wanted = batch["x"], self.config.autoencode
        found, held, parts = self.gaussian(batch) if isinstance(self.model, Autoencoder) else self.coded(x)
        error = (found - x).abs().mean()
        parts["pixels"] = error.detach()
        total = error + held
        for judge in self.judge:
            down, right = torch.randint(wanted.patch, (2,)).tolist()  # the loop has seeded it by (seed, step)
            with self.autocast():
                features = feature_error(judge, found, x, wanted.patch, wanted.blocks, (down, right))
            total, parts["features"] = total + wanted.features * features, features.detach()
        return total, parts

    def gaussian(self, batch: Batch) -> tuple[Tensor, Tensor, Parts]:
        """Pictures through drawn latents, and the divergence a latent number, weighed."""
        assert isinstance(self.model, Autoencoder)
        with self.autocast():
            mean, logvar = self.model.encode(batch["x"])
            found = self.model.decode(sampled(mean.float(), logvar.float(), batch["generator"]))
        kl = divergence(mean.float(), logvar.float()).mean() / mean[0].numel()
        return found.float(), self.config.autoencode.kl * kl, {"kl": kl.detach()}

    def coded(self, x: Tensor) -> tuple[Tensor, Tensor, Parts]:
        """Pictures through their codes, and the errors of codebook and commitment, weighed."""
        assert isinstance(self.model, VQ) and self.codes is not None
        wanted = self.config.autoencode
        with self.autocast():
            latents = self.model.features(x)
        latents = latents.float()
        if self.training and not self.codes.begun:
            with torch.no_grad():
                self.codes.update(self.model.quantize.embedding, self.model.quantize(latents))
        quantized = self.model.quantize(latents.detach())
        straight = latents + (quantized.latents - latents).detach()
        if wanted.continuous > 0:
            whole = torch.rand(len(x), 1, 1, 1, device=x.device) < wanted.continuous
            straight = torch.where(whole, latents, straight)
        with self.autocast():
            found = self.model.decode(straight)
        book = torch.stack([F.mse_loss(done, latents.detach()) for done in quantized.sums]).mean()
        commitment = torch.stack([F.mse_loss(latents, done.detach()) for done in quantized.sums]).mean()
        if self.training:
            self.codes.update(self.model.quantize.embedding, quantized)
        held = wanted.codebook * (book + wanted.commitment * commitment)
        used = (self.codes.usage > 0.1 / len(self.codes.usage)).float().mean()
        return found.float(), held, {"book": book.detach(), "used": used}

    def fresh_model(self) -> nn.Module:
        return (Autoencoder(self.cfg) if isinstance(self.cfg, AutoencoderConfig) else VQ(self.cfg)).to(self.device)

    def held_out(self) -> dict[str, np.ndarray]:
        """Pictures uint8 [n, S, S, 3] that were not trained on, by what they are."""
        sets = {split: self.emoji.images[self.emoji.rows(split)] for split in ("pair", "concept")}
        if self.val is not None:
            sets["photo"] = self.val.images[:MEASURED]
        return {name: images[:MEASURED] for name, images in sets.items() if len(images)}

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """PSNR on held-out pairs, concepts and photos; latents' deviation, or how many codes are used, and bits."""
        if not isinstance(model, Autoencoder | VQ):
            return {}
        figures: dict[str, Any] = {}
        for name, images in self.held_out().items():
            found = reconstruct(model, images, self.device)
            figures[f"psnr-{name}"] = round(found.psnr, 3)
            if name == "pair":
                figures |= found.figures
        return figures


class Reconstructed:
    """PSNR in dB, the mean over pictures, and what else is known of a set of pictures."""

    def __init__(self, psnr: float, figures: dict[str, Any]) -> None:
        self.psnr, self.figures = psnr, figures


def batches(images: np.ndarray, device: torch.device) -> list[Tensor]:
    """uint8 [n, S, S, 3] in parts of 64, float32 [B, 3, S, S] in [-1, 1]."""
    parts = (images[start : start + 64] for start in range(0, len(images), 64))
    return [unit_range(torch.from_numpy(np.array(part)).permute(0, 3, 1, 2).to(device)) for part in parts]


@torch.inference_mode()
def reconstruct(model: Autoencoder | VQ, images: np.ndarray, device: torch.device) -> Reconstructed:
    """Pictures uint8 [n, S, S, 3] there and back, without noise."""
    psnr: list[Tensor] = []
    figures: dict[str, Any] = {}
    if isinstance(model, VQ):
        counts = torch.zeros(model.cfg.codes, device=device)
        continuous: list[Tensor] = []
        for x in batches(images, device):
            latents = model.features(x)
            found = model.quantize(latents.float())
            continuous.append(quality(model.decode(latents), x))
            counts += torch.bincount(torch.cat([c.flatten() for c in found.codes]), minlength=model.cfg.codes)
            psnr.append(quality(model.decode(found.latents), x))
        plain = model.cfg.tokens * float(np.log2(model.cfg.codes))
        entropy = bits(counts)
        figures |= {"codesUsed": int((counts > 0).sum()), "perplexity": round(2**entropy, 1)}
        figures |= {"bits": round(plain), "entropyBits": round(entropy * model.cfg.tokens)}
        figures |= {"psnr-continuous": round(float(torch.cat(continuous).mean()), 3)}
    else:
        for x in batches(images, device):
            psnr.append(quality(model(x), x))
        figures |= {key: round(value, 4) for key, value in spread(model, images, device).items()}
    return Reconstructed(float(torch.cat(psnr).mean()), figures)


@torch.inference_mode()
def spread(model: Autoencoder, images: np.ndarray, device: torch.device) -> dict[str, float]:
    """Of drawn latents of pictures uint8 [n, S, S, 3]: their deviation (about their mean over all), that of their
    means alone, and the divergence in nats a latent number."""
    means, variances, nats = [], [], []
    for x in batches(images, device):
        mean, logvar = model.encode(x)
        means.append(mean)
        variances.append(logvar.exp())
        nats.append(divergence(mean, logvar) / mean[0].numel())
    mean, variance = torch.cat(means), torch.cat(variances)
    both = float((mean.var() + variance.mean()).sqrt())
    return {"deviation": both, "deviationOfMeans": float(mean.std()), "kl": float(torch.cat(nats).mean())}


def scaling_factor(model: Autoencoder, emoji: EmojiSet, device: torch.device) -> float:
    """One over the deviation of drawn latents of 1,024 signs that were trained on, 5 digits."""
    rows = np.random.default_rng(0).permutation(emoji.rows("train"))[:1024]
    return float(f"{1 / spread(model, emoji.images[np.sort(rows)], device)['deviation']:.5g}")
