"""Lesson 15, latents: a photo and a sign there and back, one latent changed, the spread of the gallery's latents."""

from __future__ import annotations

import torch
from torch import Tensor

from training.export.read import load_any, read_model_config
from training.models.autoencoder import Autoencoder
from training.paths import ROOT
from training.references.common import Reference
from training.references.pictures import photo, psnr, shares, sign

FOLDER = ROOT / "models" / "kl-f8"
PHOTO, SIGN, WORN = "sunflower", "1F410", "1F60E"
# The state that the step `cell` opens with.
CELL, CHANNEL, ADDED = 27, 0, 2.0


def spectrum(x: Tensor) -> Tensor:
    """Power of [1, C, S, S] by the rounded length of the frequency, 0 to S/2, a mean over waves and channels."""
    side = x.shape[-1]
    power = torch.fft.fft2(x.double()).abs().square()[0] / side**2
    one = torch.fft.fftfreq(side, 1 / side).abs()
    rings = torch.hypot(one[:, None], one[None, :]).round().long()
    return torch.stack([power[:, rings == ring].mean() for ring in range(side // 2 + 1)])


@torch.inference_mode()
def put_latent(ref: Reference) -> None:
    """Everything that the steps on latents say of numbers."""
    model = load_any(FOLDER)
    assert isinstance(model, Autoencoder)
    side, scale = model.cfg.image, float(read_model_config(FOLDER)["config"]["scalingFactor"])
    ref.put("latent.scale", scale, "one over the deviation of the latents, as stored")
    for key, x in (("photo", photo(PHOTO, side)), ("sign", sign(SIGN, side)), ("worn", sign(WORN, side))):
        mean, _ = model.encode(x)
        back = model.decode(mean)
        ref.put(f"latent.{key}.mean", mean[0], "[C, s, s]")
        ref.put(f"latent.{key}.psnr", psnr(back, x), "dB")
        ref.put(f"latent.{key}.spectra", torch.stack([spectrum(one) for one in (x, back, x - back)]), "[3, S/2 + 1]")
        if key != "photo":
            continue
        changed = mean.clone()
        changed[0, CHANNEL].view(-1)[CELL] += ADDED / scale
        change = (model.decode(changed) - back).double().square().mean(1)[0]
        ref.put("latent.cell.shares", shares(change, CELL, mean.shape[-1]), "own square, the eight around, elsewhere")
        ref.put("latent.cell.most", float(change.sqrt().max()), "the largest change of a pixel")
        opposite = mean.clone()
        opposite[0, CHANNEL].view(-1)[CELL] -= ADDED / scale
        both = (model.decode(changed) - back, back - model.decode(opposite))
        alike = torch.nn.functional.cosine_similarity(both[0].flatten(), both[1].flatten(), dim=0)
        ref.put("latent.cell.mirrored", float(alike), "cosine of adding with the negative of taking away")
    photos = sorted((ROOT / "static" / "pictures").glob("*.webp"))
    names = [path.stem for path in photos if not path.stem.endswith("-thumb")]
    latents = torch.cat([model.encode(photo(name, side))[0] for name in names])
    ref.put("latent.photos.std", float(latents.std(correction=0)), "of all latents of the gallery")
