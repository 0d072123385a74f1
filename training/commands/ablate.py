"""Equal small runs with one thing changed."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", nargs="?", default="uvit-ablation.toml")
    parser.add_argument("--run", help="folder of the runs (default: in the cache folder)")
    parser.add_argument("--out", default="models/ablations.json")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--only", nargs="+", help="ids of variants")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.measure.ablate import ablate
    from training.paths import cache_folder

    folder = Path(args.run) if args.run else cache_folder() / "runs" / "ablations"
    ablate(read_config(Path(args.config)), folder, Path(args.out), args.seeds, args.only)
    print(f"wrote {args.out}")
