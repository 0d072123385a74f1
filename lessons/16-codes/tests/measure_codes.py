"""What lesson 16 says of its codebooks: how often codes are used, what half of them do, what scales leave over.

    python -m training data emoji                             # once: the signs
    PYTHONPATH=. python lessons/16-codes/tests/measure_codes.py

writes beside the lesson measured-codes.json, which the page begins with, and measured-book.json, what is said of each
code; and static/emoji/codes.webp, every code of vq-f8 decoded alone. They are of the vq-f8 and var-f8 that lie in
models/ (two minutes on one core; --signs 400 less). Run it again after every export of
these, or with --only vq-f8 or var-f8 for one of them: codes-outcomes.test.ts compares checksums.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training.data.emoji.pack import EmojiSet
from training.export.read import load_any, read_model_config
from training.models.vq import VQ
from training.paths import ROOT
from training.tasks.autoencode import bits, quality
from training.tasks.told import spread_over
from training.train.runs import signs_at

OUT = Path(__file__).parent.parent / "measured-codes.json"
BOOK = OUT.with_name("measured-book.json")
SHEET = ROOT / "static" / "emoji" / "codes.webp"
ONE, SIX = "vq-f8", "var-f8"
TILE, COLUMNS = 16, 32  # pixels of a code on the sheet, codes in a row of it
SIGNS, HELD = 2400, 240
AT_ONCE = 48
SEED = 1
WHITE = 245  # how light a code is that is called nearly white when it stands alone


def read(name: str, models: Path) -> VQ:
    """A codebook's autoencoder."""
    model = load_any(models / name)
    assert isinstance(model, VQ)
    return model


def batches(emoji: EmojiSet, rows: np.ndarray) -> Iterator[Tensor]:
    """These signs as the networks take them, [B, 3, S, S] in -1 ... 1."""
    for at in range(0, len(rows), AT_ONCE):
        images = torch.from_numpy(np.asarray(emoji.images[rows[at : at + AT_ONCE]]))
        yield images.permute(0, 3, 1, 2).float() / 127.5 - 1


def alone(model: VQ) -> tuple[Image.Image, list[int]]:
    """The sheet of all codes, each in all places and decoded, its middle; and how light each is, 0 ... 255."""
    places = model.cfg.grid**2
    tiles = []
    for first in range(0, model.cfg.codes, AT_ONCE):
        codes = torch.arange(first, min(first + AT_ONCE, model.cfg.codes))
        decoded = model.decode_codes(codes[:, None].expand(-1, places)).clamp(-1, 1)
        low = (model.cfg.image - TILE) // 2
        tiles.append(((decoded[:, :, low : low + TILE, low : low + TILE] + 1) * 127.5).round().byte())
    found = torch.cat(tiles).permute(0, 2, 3, 1).numpy()
    lines = -(-len(found) // COLUMNS)
    sheet = np.full((lines * COLUMNS, TILE, TILE, 3), 255, np.uint8)
    sheet[: len(found)] = found
    image = sheet.reshape(lines, COLUMNS, TILE, TILE, 3).transpose(0, 2, 1, 3, 4)
    light = (found @ np.array([0.299, 0.587, 0.114])).mean(axis=(1, 2)).round()
    return Image.fromarray(image.reshape(lines * TILE, COLUMNS * TILE, 3)), [int(v) for v in light]


def counted(model: VQ, emoji: EmojiSet, rows: np.ndarray) -> Tensor:
    """How often each code is used on these signs, [K]."""
    counts = torch.zeros(model.cfg.codes, dtype=torch.long)
    for x in batches(emoji, rows):
        codes = torch.cat(model.encode(x).codes, 1)
        counts += torch.bincount(codes.flatten(), minlength=model.cfg.codes)
    return counts


def uses(counts: Tensor) -> dict[str, Any]:
    """How many codes are in use, the entropy of the uses in bits, and 2 to it."""
    entropy = bits(counts)
    return {"used": int((counts > 0).sum()), "perplexity": round(2**entropy, 1), "entropy": round(entropy, 3)}


def held_psnr(model: VQ, emoji: EmojiSet, rows: np.ndarray, allowed: Tensor | None = None) -> float:
    """Mean PSNR of these signs through their codes and back, where only the `allowed` codes may be taken."""
    found = []
    for x in batches(emoji, rows):
        if allowed is None:
            back = model.decode(model.encode(x).latents)
        else:
            f = model.features(x).flatten(2).transpose(1, 2)
            distances = model.quantize.distances(f)
            hidden = torch.ones(model.cfg.codes, dtype=torch.bool)
            hidden[allowed] = False
            back = model.decode_codes(distances.masked_fill(hidden, torch.inf).argmin(-1))
        found.append(quality(back, x))
    return round(float(torch.cat(found).mean()), 2)


def halves(counts: Tensor) -> dict[str, Tensor]:
    """Codes of the more used half, of the less used one, and of a half drawn by chance."""
    order = torch.argsort(counts, descending=True, stable=True)
    half = len(counts) // 2
    drawn = np.random.default_rng(SEED).permutation(len(counts))[:half]
    return {"used": order[:half], "unused": order[half:], "random": torch.from_numpy(np.sort(drawn))}


def pyramid(model: VQ, emoji: EmojiSet, rows: np.ndarray) -> dict[str, Any]:
    """After each scale: the share of the latents' squared length that is missing, and the PSNR of what is decoded."""
    rest: list[Tensor] = []
    after: list[Tensor] = []
    for x in batches(emoji, rows):
        f = model.features(x)
        sums = model.quantize(f).sums
        whole = f.square().sum((1, 2, 3))
        rest.append(torch.stack([(f - done).square().sum((1, 2, 3)) / whole for done in sums], 1))
        after.append(torch.stack([quality(model.decode(done), x) for done in sums], 1))
    return {
        "rest": [round(float(v), 4) for v in torch.cat(rest).mean(0)],
        "after": [round(float(v), 2) for v in torch.cat(after).mean(0)],
    }


def of_one(model: VQ, emoji: EmojiSet, seen: np.ndarray, held: np.ndarray) -> dict[str, Any]:
    """What is said of the codebook with one grid; its sheet, and what is said of each code, are written, too."""
    image, light = alone(model)
    image.save(SHEET, "WEBP", quality=90, method=6)
    counts = counted(model, emoji, seen)
    parts = halves(counts)
    each = {
        "counts": counts.tolist(),
        "light": light,
        "random": parts["random"].tolist(),
        "sheet": {"file": SHEET.name, "tile": TILE, "columns": COLUMNS},
    }
    BOOK.write_text(json.dumps(each) + "\n")
    return {
        "signs": len(seen),
        "one": {
            **uses(counts),
            "white": sum(v >= WHITE for v in light),
            "psnr": held_psnr(model, emoji, held),
            "halves": {name: held_psnr(model, emoji, held, codes) for name, codes in parts.items()},
        },
    }


def of_six(model: VQ, emoji: EmojiSet, seen: np.ndarray, held: np.ndarray) -> dict[str, Any]:
    """What is said of the codebook with six grids."""
    scales = pyramid(model, emoji, held)
    several = counted(model, emoji, spread_over(seen, len(seen) // 4))
    return {"six": {**uses(several), "psnr": scales["after"][-1], **scales}}


@torch.inference_mode()
def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--only", choices=(ONE, SIX), help="measure one of them; what is known of the other stays")
    parser.add_argument("--signs", type=int, default=SIGNS, help="training signs that uses are counted on")
    parser.add_argument("--held", type=int, default=HELD, help="held-out signs that decibels are measured on")
    args = parser.parse_args()
    out: dict[str, Any] = json.loads(OUT.read_text()) if args.only and OUT.is_file() else {"weights": {}}
    emoji = signs_at(read(ONE, args.models).cfg.image)
    seen = spread_over(emoji.rows("train"), args.signs)
    held = spread_over(emoji.rows("pair"), args.held)
    for name, measure in ((ONE, of_one), (SIX, of_six)):
        if args.only in (None, name):
            out |= measure(read(name, args.models), emoji, seen, held)
            out["weights"][name] = read_model_config(args.models / name)["files"]["model.safetensors"]["sha256"]
    out["held"] = len(held)
    OUT.write_text(json.dumps(out) + "\n")
    print(json.dumps({key: out[key] for key in ("one", "six")}))


if __name__ == "__main__":
    main()
