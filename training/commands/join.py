"""Put the parts of a model's weights together again."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")


def run(args: argparse.Namespace) -> None:
    from training.export.split_weights import join_weights

    print(f"joined {join_weights(Path(args.model))}")
