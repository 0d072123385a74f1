"""Losses of several runs, step by step, into the metrics.json of each."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("configs", nargs="+")
    parser.add_argument("--models", default="models")
    parser.add_argument("--every", type=int, default=100)


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.measure.compare import compare

    configs = [read_config(Path(name)) for name in args.configs]
    rows = compare(configs, Path(args.models), args.every)
    print(f"wrote {len(rows)} rows into metrics.json of {', '.join(config.name for config in configs)}")
