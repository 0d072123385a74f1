"""Measure a denoiser that paints from words on held-out pairs, into its metrics.json."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")
    parser.add_argument("--count", type=int, default=400, help="so many held-out pairs at most")
    parser.add_argument("--sampler", default="dpmpp-2m")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pairs", help="picture of samples, their nearest training pictures and the real ones (PNG)")


def run(args: argparse.Namespace) -> None:
    from training.diffusion.generate import Recipe
    from training.measure.words import measure_words

    recipe = Recipe(args.sampler, args.steps, args.guidance)
    pairs = Path(args.pairs) if args.pairs else None
    result = measure_words(Path(args.model), recipe, args.count, args.seed, pairs)
    for key, value in result.items():
        print(key, value)
