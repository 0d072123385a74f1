"""Measure training steps of a config, also at other widths and batches."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", help="a file of training/configs, or a path")
    parser.add_argument("--dim", type=int, nargs="+", help="widths (default: the config's)")
    parser.add_argument("--heads", type=int, nargs="+", help="heads of each width (default: the config's)")
    parser.add_argument("--batch", type=int, nargs="+", help="pictures a step (default: the config's)")
    parser.add_argument("--steps", type=int, default=10, help="steps that are measured, after two that are not")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.measure.speed import speeds, table

    config = read_config(Path(args.config))
    print(table(speeds(config, dims=args.dim, heads=args.heads, batches=args.batch, steps=args.steps)))
