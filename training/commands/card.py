"""Write the measured part of a card from metrics.json."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")


def run(args: argparse.Namespace) -> None:
    from training.measure.card import write_card

    print(f"wrote the measured part of {write_card(Path(args.model))}")
