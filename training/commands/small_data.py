"""ViTs of three sizes on little data: supervised, after SimCLR, after masked autoencoding, and a CNN beside."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", nargs="?", default="small-data-cpu.toml")
    parser.add_argument("--out", default="models/small-data.json")
    parser.add_argument("--run", help="folder of the runs (default: in the cache folder)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--minutes", type=float, default=0.0, help="stop after so long; called again it goes on")
    parser.add_argument("--plan", action="store_true", help="print the runs and the hours of the missing ones")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.errors import TrainingError
    from training.measure.pieces import plan, run_pieces
    from training.measure.small_data import Data, small_data_head, small_data_pieces
    from training.paths import cache_folder
    from training.train.runs import load_set

    config = read_config(Path(args.config))
    folder = Path(args.run) if args.run else cache_folder() / "runs" / "small-data"
    train, val, labels = load_set(config)
    if val is None:
        raise TrainingError(f"{config.source} has no held-out pictures; choose other data.")
    data = Data(train, val, labels)
    pieces = small_data_pieces(config, data, args.seeds, folder)
    if args.plan:
        print(plan(pieces, Path(args.out)))
    elif run_pieces(pieces, Path(args.out), small_data_head(config, data), folder, args.minutes):
        print(f"all {len(pieces)} runs are in {args.out}")
    else:
        print("stopped; call again to go on")
