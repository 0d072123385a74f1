"""What lesson 16 says of its trained networks: samples of the three orders with their nearest training pictures, masked
rounds, breaks, and what the residual network gives back.

    python -m training data emoji                                  # once: the signs
    python -m training words models/NAME                           # the judges' figures, for each of the generators
    PYTHONPATH=. python lessons/16-codes/tests/measure.py

writes measured-orders.json and measured-samples.json beside the lesson and static/emoji/written.webp, for the weights
that lie in models/ (some minutes on one core). Run it again after every export of vq-f8, var-f8, clip or a generator:
orders-measured.test.ts compares checksums. A generator that is not there is left out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from measure_breaks import Breaks
from measure_rest import rest
from PIL import Image

from training.codes.draw import CodeRecipe
from training.data.emoji.pack import EmojiSet
from training.export.read import read_model_config
from training.measure.painters import CodePainter, read_any_painter
from training.measure.samples import weights_key
from training.measure.words import Judge, near_training, seen_twins
from training.paths import ROOT
from training.tasks.told import spread_over
from training.train.runs import signs_at

OUT = Path(__file__).parent.parent / "measured-orders.json"
SAMPLED = "measured-samples.json"  # beside it: what only the panel of samples reads
SHEET = ROOT / "static" / "emoji" / "written.webp"
RECIPE = CodeRecipe()  # what the lesson opens with
SEED = 1
ORDERS = ("raster", "masked", "scales")
TRIPLES = 4  # in a row of the sheet: sample, nearest training picture, the real one
SAMPLES, BREAKS, JUDGED, RESTED = 8, 32, 128, 64
ROUNDS = (1, 8, 32)
STEPS = (1, 2, 4, 8, 16)


def sign(emoji: EmojiSet, row: int) -> dict[str, str]:
    """A picture's sign and style."""
    concept = emoji.concepts[emoji.pictures[row].concept]
    return {"en": concept.name_en, "zh": concept.name_zh, "style": emoji.pictures[row].style}


def shown(painter: CodePainter, judge: Judge, rows: np.ndarray, order: str) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Triples uint8 [n, 3, S, S, 3] of these signs written by their English names, and what is said of each."""
    emoji = judge.emoji
    asked = emoji.style_index[rows]
    pictures = painter.paint(judge.names(rows, "en"), asked, RECIPE, SEED).permute(0, 2, 3, 1).numpy()
    said = judge.say(pictures, rows, "en")
    near, distance = near_training(pictures, emoji, emoji.rows("train"))
    triples = np.stack([pictures, emoji.images[near], emoji.images[rows]], axis=1)
    records = [
        {
            "order": order,
            **sign(emoji, int(row)),
            "split": emoji.pictures[row].split,
            "rank": int(said.rank[k]),
            "taken": list(emoji.styles)[int(said.style[k])],
            "near": {**sign(emoji, int(near[k])), "distance": round(float(distance[k]), 1)},
        }
        for k, row in enumerate(rows)
    ]
    return triples, records


def draw(triples: np.ndarray) -> Image.Image:
    """All triples on one sheet, row by row."""
    count, _, side = triples.shape[:3]
    lines = -(-count // TRIPLES)
    sheet = np.full((lines * TRIPLES, 3 * side, side, 3), 255, np.uint8)
    sheet[:count] = triples.reshape(count, 3 * side, side, 3)
    # [lines, across, 3, S, S, 3] to [lines · S, across · 3 · S, 3]
    tiles = sheet.reshape(lines, TRIPLES, 3, side, side, 3).transpose(0, 3, 1, 2, 4, 5)
    return Image.fromarray(tiles.reshape(lines * side, TRIPLES * 3 * side, 3))


def weights_of(folder: Path) -> str:
    """The checksum of a model's weights."""
    found: str = read_model_config(folder)["files"]["model.safetensors"]["sha256"]
    return found


def painters_in(models: Path) -> dict[str, CodePainter]:
    """The generators that are there, by order, and `hart`."""
    found = {}
    for name in (*ORDERS, "hart"):
        folder = models / f"{name}-words"
        if folder.is_dir():
            painter = read_any_painter(folder)
            assert isinstance(painter, CodePainter)
            found[name] = painter
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples of each order on the sheet")
    parser.add_argument("--breaks", type=int, default=BREAKS, help="pictures that each break is measured on")
    parser.add_argument("--judged", type=int, default=JUDGED, help="pictures of each number of rounds")
    parser.add_argument("--rest", type=int, default=RESTED, help="pictures whose rest is painted")
    parser.add_argument("--rounds", type=int, nargs="*", default=list(ROUNDS))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--sheet", type=Path, default=SHEET)
    args = parser.parse_args()
    painters = painters_in(args.models)
    if not painters:
        raise SystemExit(f"No generator of codes is in {args.models}.")
    emoji = signs_at(next(iter(painters.values())).side)
    judge = Judge.of(next(iter(painters.values())).clip, emoji, weights_key(args.models / "clip"))
    pairs = emoji.rows("pair")
    held, seen = spread_over(pairs, args.samples), spread_over(seen_twins(emoji, pairs), args.breaks)
    sets = [shown(painters[order], judge, held, order) for order in ORDERS if order in painters]
    draw(np.concatenate([triples for triples, _ in sets])).save(args.sheet, "WEBP", quality=82, method=6)
    breaks = Breaks(judge, seen, RECIPE, SEED)
    judged = Breaks(judge, spread_over(seen_twins(emoji, pairs), args.judged), RECIPE, SEED)
    names = [*(f"{name}-words" for name in painters), "vq-f8", "var-f8", "clip"]
    out: dict[str, Any] = {
        "weights": {name: weights_of(args.models / name) for name in names if (args.models / name).is_dir()},
        "recipe": {
            "temperature": RECIPE.temperature,
            "topK": RECIPE.top_k,
            "guidance": RECIPE.guidance,
            "rounds": RECIPE.rounds,
            "seed": SEED,
        },
        "pictures": len(seen),
        "judged": args.judged,
        "scales": breaks.scales(painters["scales"]) if "scales" in painters else None,
        "raster": breaks.raster(painters["raster"], emoji.images[emoji.rows("train")[::8]])
        if "raster" in painters
        else None,
        "rounds": judged.rounds(painters["masked"], args.rounds) if "masked" in painters else None,
        "rest": rest(painters["hart"], judge, spread_over(pairs, args.rest), SEED, STEPS)
        if "hart" in painters
        else None,
    }
    samples = {
        "sheet": {"file": args.sheet.name, "tile": emoji.images.shape[1], "columns": 3 * TRIPLES},
        "samples": [record for _, records in sets for record in records],
    }
    args.out.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")
    args.out.with_name(SAMPLED).write_text(json.dumps(samples, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps({key: out[key] for key in ("scales", "raster", "rounds", "rest")}))


if __name__ == "__main__":
    main()
