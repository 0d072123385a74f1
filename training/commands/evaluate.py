"""Measure an exported network that names pictures, clips or the objects of a scene, and write its metrics.json."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--set", default="photos", choices=["photos", "cifar10"])
    parser.add_argument(
        "--limit", help="so many held-out pictures, clips or scenes (fixed seed): 1000, or 8=1000,14=1000"
    )


def run(args: argparse.Namespace) -> None:
    from training.export.read import read_metrics, read_model_config
    from training.measure.card_parts import detected_table
    from training.measure.detect import evaluate_detector
    from training.measure.evaluate import evaluate_clips, evaluate_folder, table

    folder = Path(args.model)
    architecture = read_model_config(folder).get("architecture")
    if architecture == "detr":
        print(detected_table(evaluate_detector(folder, Path(args.data), args.limit)))
        return
    if architecture == "vivit":
        print(evaluate_clips(folder, int(args.limit or 600)))
        return
    run = read_metrics(folder).get("run", {})
    print(table(evaluate_folder(folder, Path(args.data), args.set, args.limit, run)))
