"""Write models/<name> from the newest checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config")
    parser.add_argument("--seed", type=int, help="other seed than the config's, in a run <name>-seed<seed> of its own")
    parser.add_argument("--run", help="folder of the checkpoint (default: in the cache folder)")
    parser.add_argument("--out", help="folder (default: models/<name>)")
    parser.add_argument("--ema", type=int, default=0, help="which of the averages, from 0")
    parser.add_argument("--measure", action="store_true", help="held-out loss of the exported weights, too")
    parser.add_argument("--bits", type=int, default=16, choices=[16, 8], help="bits a weight (default: 16)")
    parser.add_argument("--split", type=float, default=0, help="cut the weights into parts of so many MiB")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config, seeded
    from training.export.split_weights import split_weights
    from training.train.export_run import export_run
    from training.train.runs import load_run, run_folder

    config = seeded(read_config(Path(args.config)), args.seed)
    run = run_folder(config, args.run)
    saved = load_run(config, run)
    folder = Path(args.out) if args.out else Path("models") / config.name
    export_run(config, run, saved, folder, args.ema, args.measure, args.bits)
    if args.split:
        split_weights(folder, args.split)
    print(f"wrote {folder} from step {saved['step']} ({saved['images_seen']} images seen)")
