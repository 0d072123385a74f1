"""Whether a classifier still names what a masked autoencoder paints: photos whole, filled smoothly, painted."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/mae")
    parser.add_argument("--judge", default="models/vit-flexi", help="a classifier of the photo pack's classes")
    parser.add_argument("--data", default="../shared/data", help="folder of the photo pack")
    parser.add_argument("--count", type=int, default=512, help="held-out photos")


def run(args: argparse.Namespace) -> None:
    from training.measure.named import named

    found = named(Path(args.model), Path(args.judge), Path(args.data), count=args.count)
    for key in ("whole", "smooth", "painted"):
        row = found[key]
        print(f"{key}: {row['top1']:.1%} first, {row['top5']:.1%} among five, square error {row['error']}")
