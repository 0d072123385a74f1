"""Pictures of the gallery and signs of the atlas as an autoencoder is fed them; how far two pictures are apart."""

from __future__ import annotations

import json

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.data.pictures import fit_square
from training.paths import ROOT


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


def shares(change: Tensor, cell: int, grid: int) -> list[float]:
    """Of a squared change [S, S] what lies in the cell's own square, in the eight around, elsewhere."""
    squares = change.unfold(0, len(change) // grid, len(change) // grid)
    squares = squares.unfold(1, squares.shape[2], squares.shape[2]).sum((2, 3))
    y, x = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    away = torch.maximum((y - cell // grid).abs(), (x - cell % grid).abs()).clamp(max=2)
    return [float(squares[away == ring].sum() / squares.sum()) for ring in range(3)]
