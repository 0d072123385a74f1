"""Measure a denoiser by its samples, into its metrics.json."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")
    parser.add_argument("--evaluator", default="models/cnn-cifar10")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--sampler", default="dpmpp-2m")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=1.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sweep", type=int, default=0, help="so many samples for each guidance and number of steps")
    parser.add_argument("--neighbours", help="picture of 32 samples beside their nearest training pictures (PNG)")


def run(args: argparse.Namespace) -> None:
    from training.diffusion.generate import Recipe
    from training.measure.samples import measure_samples

    recipe = Recipe(args.sampler, args.steps, args.guidance)
    pairs = Path(args.neighbours) if args.neighbours else None
    folders = Path(args.model), Path(args.evaluator), Path(args.data)
    result = measure_samples(*folders, recipe, args.count, args.seed, args.sweep, pairs)
    for key in ("fid", "classAccuracy", "precision", "recall", "trainingPicturesInstead", "neighbours"):
        print(key, result[key])
