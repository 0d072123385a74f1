"""Store an exported ViT's weights in 8 bits a value."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/vit-flexi")


def run(args: argparse.Namespace) -> None:
    from training.export.quantize import quantize

    before, after = quantize(Path(args.model))["bytes"]
    print(f"{args.model}: {before / 1e6:.1f} MB became {after / 1e6:.1f} MB; measure it anew with evaluate")
