"""What the page searches in: the embedding of every sign of its atlas and of every picture of its gallery."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.numpy import save_file

from training.errors import TrainingError
from training.export.read import load_any
from training.export.write import digest, write_json
from training.measure.gallery import picture
from training.models.clip import CLIP
from training.paths import ROOT
from training.tasks.retrieval import embed_pictures


def atlas_signs(folder: Path, side: int) -> np.ndarray:
    """uint8 [n, side, side, 3]: the tiles of a folder's atlas on white, in the order of its emoji.json."""
    about = json.loads((folder / "emoji.json").read_text())
    tile, columns, count = about["tile"], about["columns"], len(about["concepts"])
    with Image.open(folder / about["file"]) as sheet:
        values = np.asarray(sheet.convert("RGBA"), np.float32)
    rows = values.reshape(values.shape[0] // tile, tile, columns, tile, 4)
    tiles = rows.swapaxes(1, 2).reshape(-1, tile, tile, 4)[:count]
    alpha = tiles[..., 3:] / 255
    on_white = np.floor(tiles[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    if tile == side:
        return on_white
    small = F.interpolate(
        torch.from_numpy(on_white).permute(0, 3, 1, 2).float(), (side, side), mode="bilinear", antialias=True
    )
    return small.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()


def embed(folder: Path, static: Path = ROOT / "static") -> tuple[int, int]:
    """Write index.safetensors and index.json beside a CLIP's weights; how many signs and pictures they have.

    `signs` and `photos`, float16 [n, E], rows of length 1: the page's own pixels through the picture tower, in the
    order of static/emoji/emoji.json and of `photos` in index.json. Raises TrainingError for a model that is no CLIP.
    """
    model = load_any(folder)
    if not isinstance(model, CLIP):
        raise TrainingError(f"{folder} is no CLIP; name a folder whose architecture is clip.")
    signs = embed_pictures(model, atlas_signs(static / "emoji", model.cfg.image), bf16=False)
    ids = [entry["id"] for entry in json.loads((static / "pictures" / "pictures.json").read_text())]
    with torch.inference_mode():
        photos = torch.cat([model.pictures(picture(name, folder.resolve())) for name in ids])
    rows = {"signs": signs, "photos": photos}
    try:
        save_file({key: value.numpy().astype(np.float16) for key, value in rows.items()}, folder / "index.safetensors")
        (folder / "index.safetensors").chmod(0o644)
        about = {"file": "index.safetensors", **digest(folder / "index.safetensors")}
        write_json(folder / "index.json", {**about, "signs": len(signs), "photos": ids, "embed": model.cfg.embed})
    except OSError as error:
        raise TrainingError(f"{folder} could not be written ({error}); free some space and embed again.") from error
    return len(signs), len(ids)
