"""What a classifier says of pictures that are none of its classes."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/vit-flexi")
    parser.add_argument("--patch", type=int, default=16)


def run(args: argparse.Namespace) -> None:
    from training.measure.out_of_distribution import out_of_distribution

    found = out_of_distribution(Path(args.model), args.patch)
    print(f"{found['right']} of {found['known']} pictures of its classes right; {len(found['unknown'])} of none")
    for row in found["unknown"]:
        print(f"{row['picture']}: {row['called']} {row['probability']}")
