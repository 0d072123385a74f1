"""Measure what paints from words on held-out pairs, into its metrics.json."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")
    parser.add_argument("--count", type=int, default=400, help="so many held-out pairs at most")
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pairs", help="picture of samples, their nearest training pictures and the real ones (PNG)")
    denoiser = parser.add_argument_group("a denoiser of latents")
    denoiser.add_argument("--sampler", default="dpmpp-2m")
    denoiser.add_argument("--steps", type=int, default=20)
    codes = parser.add_argument_group("a generator of codes")
    codes.add_argument("--temperature", type=float, default=1.0, help="0 takes the likeliest code")
    codes.add_argument("--top-k", type=int, default=0, help="draw among so many codes (default: all)")
    codes.add_argument("--ramp", action="store_true", help="guidance grows from 1 to its value over the passes")
    codes.add_argument("--rounds", type=int, default=8, help="passes of the order masked")
    codes.add_argument("--choose", choices=["confidence", "chance"], default="confidence", help="which codes stay")
    codes.add_argument("--choice-temperature", type=float, default=4.5, help="noise of the confidences, to 0")


def run(args: argparse.Namespace) -> None:
    from training.codes.draw import CodeRecipe
    from training.diffusion.generate import Recipe
    from training.measure.painter import AnyRecipe
    from training.measure.words import measure_words, reads_codes

    folder = Path(args.model)
    recipe: AnyRecipe = Recipe(args.sampler, args.steps, args.guidance)
    if reads_codes(folder):
        recipe = CodeRecipe(
            args.temperature, args.top_k, args.guidance, args.ramp, args.rounds, args.choose, args.choice_temperature
        )
    pairs = Path(args.pairs) if args.pairs else None
    result = measure_words(folder, recipe, args.count, args.seed, pairs)
    for key, value in result.items():
        print(key, value)
