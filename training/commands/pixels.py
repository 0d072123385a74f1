"""A masked autoencoder with plain and with normalised pixels as its target."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", nargs="?", default="mae-tiny.toml")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--run", help="folder of both runs (default: in the cache folder)")
    parser.add_argument("--models", default="models")


def run(args: argparse.Namespace) -> None:
    from dataclasses import replace

    from training.config import read_config
    from training.export.read import read_metrics
    from training.export.write import write_json
    from training.measure.pixel_targets import compare_targets
    from training.paths import cache_folder

    config = read_config(Path(args.config))
    if args.steps:
        config = replace(config, train=replace(config.train, steps=args.steps))
    rows = compare_targets(config, Path(args.run) if args.run else cache_folder() / "runs" / config.name)
    folder = Path(args.models) / config.name
    command = f"python -m training pixels {config.source} --steps {config.train.steps}"
    write_json(folder / "metrics.json", {**read_metrics(folder), "pixels": {"command": command, "variants": rows}})
    for row in rows:
        print(row)
