"""Measure a Swin with its windows pruned, at a grid of ratios a stage."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("models", nargs="+", help="model folders; pruning.json goes into the first")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--set", default="photos", choices=["photos", "cifar10"])
    parser.add_argument("--side", type=int, default=128, help="of the pictures, in pixels (default: 128)")
    parser.add_argument(
        "--count", type=int, default=200, help="held-out pictures, drawn by a fixed seed (default: 200)"
    )
    parser.add_argument("--most", type=float, default=0.8, help="the largest ratio, in steps of 0.1 (default: 0.8)")


def run(args: argparse.Namespace) -> None:
    from training.measure.prune import prune_grid, table

    steps = [round(0.1 * k, 1) for k in range(round(10 * args.most) + 1)]
    folders = [Path(name) for name in args.models]
    print(table(prune_grid(folders, Path(args.data), args.set, args.side, args.count, steps)))
