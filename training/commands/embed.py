"""Write what a lesson searches in: a CLIP's embeddings of the page's signs and pictures."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/clip")


def run(args: argparse.Namespace) -> None:
    from training.measure.embed import embed

    signs, photos = embed(Path(args.model))
    print(f"wrote {args.model}/index.safetensors: {signs} signs and {photos} pictures")
