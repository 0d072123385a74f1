"""What lesson 14 says of many held-out scenes: its network with one thing changed, and after each layer of the decoder.

    python -m training data emoji                            # once: the signs
    PYTHONPATH=. python lessons/14-detection/tests/measure.py

writes measured.json beside the lesson, for the weights that lie in models/detr-cnn (about two minutes on one core). The
scenes and the figures are those of `python -m training evaluate`. Run it again after every export of these weights:
measured.test.ts compares the file's checksum with that of the weights.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from reference_changes import placed_nowhere, spread
from torch import Tensor

from training.data.emoji.pack import load_emoji
from training.data.emoji.sprites import load_sprites
from training.data.pictures import load_photos
from training.export.read import load_any, read_model_config
from training.measure.detect import PHOTO
from training.models.detr import DETR, Detections
from training.paths import ROOT
from training.tasks import held_out_scenes as held_out
from training.tasks.average_precision import Found, ious

MODEL = ROOT / "models" / "detr-cnn"
OUT = Path(__file__).parent.parent / "measured.json"
SURE = 0.5  # a detection counts from this probability on
OVERLAPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # thresholds of non-maximum suppression
KEPT = (1, 2, 4, 6, 8, 12)  # queries that stay


def suppressed(rows: list[Found], overlap: float) -> list[Found]:
    """Non-maximum suppression: of detections of one class whose boxes overlap by more, the surest alone stays."""
    kept = []
    for row in rows:
        order = np.argsort(-row.scores, kind="stable")
        left: list[int] = []
        for i in order:
            same = [j for j in left if row.classes[j] == row.classes[i]]
            if not same or ious(row.boxes[[i]], row.boxes[same]).max() <= overlap:
                left.append(int(i))
        kept.append(Found(row.boxes[left], row.classes[left], row.scores[left]))
    return kept


def found_objects(rows: list[Found], objects: list[Found]) -> int:
    """How many objects a sure detection of their class covers by half at least, each detection one."""
    total = 0
    for row, there in zip(rows, objects, strict=True):
        free = np.ones(len(there.classes), bool)
        for i in np.argsort(-row.scores, kind="stable"):
            if row.scores[i] < SURE or not len(free):
                continue
            overlap = ious(row.boxes[[i]], there.boxes)[0] * (there.classes == row.classes[i]) * free
            if overlap.max() >= 0.5:
                free[overlap.argmax()] = False
                total += 1
    return total


def figures(rows: list[Found], objects: list[Found]) -> dict[str, Any]:
    """{ap50, ap, sure, found, duplicates}: counts are of detections of 0.5 and more, and of objects they find."""
    measured = held_out.figures(rows, objects)
    duplicates = measured.pop("duplicates")
    sure = int(sum((row.scores >= SURE).sum() for row in rows))
    return {**measured, "sure": sure, "found": found_objects(rows, objects), "duplicates": duplicates}


def changed(model: DETR, x: Tensor) -> dict[str, Detections]:
    """The answers after each layer of the decoder, and with one thing changed at a time, on scenes x [B, 3, S, S]."""
    query = model.query_embed.weight
    memory = model.encode(x)
    said = {f"layer{layer}": found for layer, found in enumerate(model.decode(query, memory))}
    said["alone"] = model.decode(query, memory, self_attention=False)[-1]
    said["equal"] = model.decode(query.mean(0, keepdim=True).expand_as(query), memory)[-1]
    for count in KEPT:
        kept = sorted(spread(len(query))[:count])
        said[f"kept{count}"] = model.decode(query[kept], memory)[-1]
    probs, boxes = placed_nowhere(model, x)
    return {**said, "placeless": Detections(probs.log(), boxes)}


def measure(count: int) -> dict[str, Any]:
    """The whole of measured.json."""
    model = load_any(MODEL)
    assert isinstance(model, DETR)
    model.eval()
    photos = load_photos(ROOT.parent / "shared" / "data", "val", PHOTO, "crop", 2)
    maker = held_out.maker_for(model, load_sprites(load_emoji(64)), photos.images)
    named, objects = held_out.ask_scenes(maker, count, lambda x: changed(model, x))
    last = f"layer{model.cfg.decoder_depth - 1}"
    result = {name: figures(named[name], objects) for name in named}
    suppression = [
        {"overlap": o, **{name: figures(suppressed(named[name], o), objects) for name in (last, "alone")}}
        for o in OVERLAPS
    ]
    layers = [result.pop(f"layer{i}") for i in range(model.cfg.decoder_depth)]
    kept = [{"queries": n, **result.pop(f"kept{n}")} for n in KEPT]
    return {
        "weights": read_model_config(MODEL)["files"]["model.safetensors"]["sha256"],
        "scenes": count,
        "objects": int(sum(len(scene.classes) for scene in objects)),
        "layers": layers,
        "kept": [*kept, {"queries": model.cfg.queries, **layers[-1]}],
        **result,
        "suppression": [
            {"overlap": row["overlap"], "together": row[last], "alone": row["alone"]} for row in suppression
        ],
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=int, default=500)
    found = measure(parser.parse_args().scenes)
    OUT.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
