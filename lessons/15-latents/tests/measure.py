"""What lesson 15 says of its trained networks: a sheet of samples with their nearest training pictures, and its breaks.

    python -m training data emoji                             # once: the signs
    python -m training words models/uvit-words --sampler ddim # the judges' figures, into models/uvit-words/metrics.json
    PYTHONPATH=. python lessons/15-latents/tests/measure.py

writes measured.json beside the lesson and static/emoji/painted.webp, for the weights that lie in models/ (some minutes
on one core). Run it again after every export of kl-f8, clip or uvit-words: measured.test.ts compares checksums.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from measure_breaks import breaks
from measure_told import figures as told
from PIL import Image

from training.data.emoji.pack import EmojiSet
from training.diffusion.generate import Recipe
from training.export.read import read_model_config
from training.measure.painter import Painter, read_painter
from training.measure.samples import weights_key
from training.measure.words import Judge, near_training, seen_twins
from training.paths import ROOT
from training.tasks.told import spread_over
from training.train.runs import signs_at

OUT = Path(__file__).parent.parent / "measured.json"
SHEET = ROOT / "static" / "emoji" / "painted.webp"
RECIPE = Recipe("ddim", 20, 3.0)  # what the lesson opens with
SEED = 1
SAMPLES = (24, 12)  # held-out pairs and seen ones on the sheet
TRIPLES = 4  # in a row of the sheet: sample, nearest training picture, the real one
BREAKS = 64


def shown(painter: Painter, judge: Judge, rows: np.ndarray, first: int) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Triples uint8 [n, 3, S, S, 3] of these signs painted by their English names, and what is said of each."""
    emoji = judge.emoji
    asked = emoji.style_index[rows]
    pictures = painter.paint(judge.names(rows, "en"), asked, RECIPE, SEED, first).permute(0, 2, 3, 1).numpy()
    said = judge.say(pictures, rows, "en")
    near, distance = near_training(pictures, emoji, emoji.rows("train"))
    triples = np.stack([pictures, emoji.images[near], emoji.images[rows]], axis=1)
    records = [
        {
            **sign(emoji, int(row)),
            "split": emoji.pictures[row].split,
            "rank": int(said.rank[k]),
            "taken": list(emoji.styles)[int(said.style[k])],
            "near": {**sign(emoji, int(near[k])), "distance": round(float(distance[k]), 1)},
        }
        for k, row in enumerate(rows)
    ]
    return triples, records


def sign(emoji: EmojiSet, row: int) -> dict[str, str]:
    """A picture's sign and style."""
    concept = emoji.concepts[emoji.pictures[row].concept]
    return {"en": concept.name_en, "zh": concept.name_zh, "style": emoji.pictures[row].style}


def draw(triples: np.ndarray) -> Image.Image:
    """All triples on one sheet, row by row."""
    count, _, side = triples.shape[:3]
    lines = -(-count // TRIPLES)
    sheet = np.full((lines * TRIPLES, 3 * side, side, 3), 255, np.uint8)
    sheet[:count] = triples.reshape(count, 3 * side, side, 3)
    # [lines, across, 3, S, S, 3] to [lines · S, across · 3 · S, 3]
    tiles = sheet.reshape(lines, TRIPLES, 3, side, side, 3).transpose(0, 3, 1, 2, 4, 5)
    return Image.fromarray(tiles.reshape(lines * side, TRIPLES * 3 * side, 3))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--breaks", type=int, default=BREAKS, help="paintings that each break is measured on")
    args = parser.parse_args()
    folder = args.models / "uvit-words"
    config = read_model_config(folder)
    painter = read_painter(folder)
    emoji = signs_at(painter.coder.cfg.image)
    judge = Judge.of(painter.clip, emoji, weights_key(args.models / config["text"]["model"]))
    held = spread_over(emoji.rows("pair"), SAMPLES[0])
    seen = spread_over(seen_twins(emoji, emoji.rows("pair")), SAMPLES[1])
    sets = [shown(painter, judge, held, 0), shown(painter, judge, seen, len(held))]
    image = draw(np.concatenate([triples for triples, _ in sets]))
    image.save(SHEET, "WEBP", quality=82, method=6)
    measured = breaks(painter, judge, spread_over(seen_twins(emoji, emoji.rows("pair")), args.breaks), RECIPE, SEED)
    twin = args.models / "unet-words"
    names = ["uvit-words", config["autoencoder"]["model"], config["text"]["model"]]
    out: dict[str, Any] = {
        "weights": {
            name: read_model_config(args.models / name)["files"]["model.safetensors"]["sha256"] for name in names
        },
        "recipe": {"sampler": RECIPE.sampler, "steps": RECIPE.steps, "guidance": RECIPE.guidance, "seed": SEED},
        "sheet": {"file": SHEET.name, "tile": painter.coder.cfg.image, "columns": 3 * TRIPLES},
        "samples": [record for _, records in sets for record in records],
        "breaks": measured,
        "twin": twin_cuts(twin, judge, args.breaks) if twin.is_dir() else None,
        "told": told(painter),
    }
    OUT.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps({"breaks": out["breaks"], "twin": out["twin"]}))


def weights_of(folder: Path) -> str:
    """The checksum of a model's weights."""
    found: str = read_model_config(folder)["files"]["model.safetensors"]["sha256"]
    return found


def twin_cuts(folder: Path, judge: Judge, count: int) -> dict[str, Any]:
    """The breaks of the U-Net twin, and its weights."""
    rows = spread_over(seen_twins(judge.emoji, judge.emoji.rows("pair")), count)
    found = breaks(read_painter(folder), judge, rows, RECIPE, SEED)
    cuts = {key: value for key, value in found.items() if key == "whole" or key.startswith("cut")}
    return {"weights": weights_of(folder), **cuts}


if __name__ == "__main__":
    main()
