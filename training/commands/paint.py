"""Gallery pictures that a masked autoencoder paints, as PNG."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/mae")
    parser.add_argument("--out", help="PNG (default: painted.png in the model's folder)")
    parser.add_argument("--pictures", nargs="+", help="ids of static/pictures/pictures.json")


def run(args: argparse.Namespace) -> None:
    from training.measure.paint import paint

    folder = Path(args.model)
    result = paint(folder, Path(args.out) if args.out else folder / "painted.png", args.pictures)
    for row in result["pictures"]:
        print(f"{row['picture']}: {row['error']}, mean colour {row['meanColour']}")
