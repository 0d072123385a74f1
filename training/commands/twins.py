"""Measure equal runs that differ in their attention, every seed and side, into one table."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("configs", nargs="+", help="files of training/configs")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="whose runs are measured (default: 1)")
    parser.add_argument("--out", default="models/twins.json")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.measure.twins import compare_twins, table

    configs = [read_config(Path(name)) for name in args.configs]
    print(table(compare_twins(configs, args.seeds, Path(args.out))))
