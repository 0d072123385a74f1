"""Lesson 15, latents: a photo and a sign there and back, one latent changed, the spread of the gallery's latents."""

from __future__ import annotations

import json

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.data.pictures import fit_square
from training.export.read import load_any, read_model_config
from training.models.autoencoder import Autoencoder
from training.paths import ROOT
from training.references.common import Reference

FOLDER = ROOT / "models" / "kl-f8"
PHOTO, SIGN, WORN = "sunflower", "1F410", "1F60E"
# The state that the step `cell` opens with.
CELL, CHANNEL, ADDED = 27, 0, 2.0


def planes(picture: np.ndarray) -> Tensor:
    """uint8 [S, S, 3] as the network is fed it, [1, 3, S, S] in [-1, 1]."""
    return torch.from_numpy(picture.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]


def photo(name: str, side: int) -> Tensor:
    """A picture of the gallery, its middle, [1, 3, S, S]."""
    image = Image.open(ROOT / "static" / "pictures" / f"{name}.webp").convert("RGB")
    return planes(np.asarray(fit_square(image, side, "crop")))


def sign(code: str, side: int) -> Tensor:
    """A sign of the page's atlas on white, [1, 3, S, S]; a square of the atlas has that side."""
    about = json.loads((ROOT / "static" / "emoji" / "emoji.json").read_text())
    at = [row[0] for row in about["concepts"]].index(code)
    assert about["tile"] == side
    row, column = divmod(at, about["columns"])
    sheet = Image.open(ROOT / "static" / "emoji" / about["file"]).convert("RGBA")
    square = sheet.crop((column * side, row * side, (column + 1) * side, (row + 1) * side))
    white = Image.new("RGBA", square.size, "white")
    return planes(np.asarray(Image.alpha_composite(white, square).convert("RGB")))


def psnr(found: Tensor, x: Tensor) -> float:
    """dB; what lies outside -1 to 1 is cut."""
    return float(10 * torch.log10(4 / (found.clamp(-1, 1) - x).double().square().mean()))


def spectrum(x: Tensor) -> Tensor:
    """Power of [1, C, S, S] by the rounded length of the frequency, 0 to S/2, a mean over waves and channels."""
    side = x.shape[-1]
    power = torch.fft.fft2(x.double()).abs().square()[0] / side**2
    one = torch.fft.fftfreq(side, 1 / side).abs()
    rings = torch.hypot(one[:, None], one[None, :]).round().long()
    return torch.stack([power[:, rings == ring].mean() for ring in range(side // 2 + 1)])


def shares(change: Tensor, cell: int, grid: int) -> list[float]:
    """Of a squared change [S, S] what lies in the cell's own square, in the eight around, elsewhere."""
    squares = change.unfold(0, len(change) // grid, len(change) // grid)
    squares = squares.unfold(1, squares.shape[2], squares.shape[2]).sum((2, 3))
    y, x = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    away = torch.maximum((y - cell // grid).abs(), (x - cell % grid).abs()).clamp(max=2)
    return [float(squares[away == ring].sum() / squares.sum()) for ring in range(3)]


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
