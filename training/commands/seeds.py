"""Find the seeds whose picture the evaluator names best, class by class, into seeds.json."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/uvit-cifar10")
    parser.add_argument("--evaluator", default="models/cnn-cifar10")
    parser.add_argument("--count", type=int, default=200, help="seeds 0 … count − 1 are tried")
    parser.add_argument("--keep", type=int, default=6, help="so many of each class are written")
    parser.add_argument("--sampler", default="ddim")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=2.0)


def run(args: argparse.Namespace) -> None:
    from training.diffusion.generate import Recipe
    from training.measure.seeds import find_seeds

    recipe = Recipe(args.sampler, args.steps, args.guidance)
    found = find_seeds(Path(args.model), Path(args.evaluator), recipe, args.count, args.keep)
    for name, row in found["classes"].items():
        print(name, f"{row['seen']} of {args.count}", *(f"{best['seed']}: {best['p']}" for best in row["best"]))
