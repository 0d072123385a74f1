"""Linear probes and fine-tuning of random, autoencoding and distilled starts on parts of the photo pack's labels."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", nargs="?", default="probe-cpu.toml", help="the ViT and its fine-tuning")
    parser.add_argument("--mae", default="mae-plain-cpu.toml", help="whose run is the autoencoding start")
    parser.add_argument("--distilled", default="models/vit-flexi", help="the distilled start")
    parser.add_argument("--out", default="models/probes.json")
    parser.add_argument("--run", help="folder of the runs (default: in the cache folder)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--minutes", type=float, default=0.0, help="stop after so long; called again it goes on")
    parser.add_argument("--plan", action="store_true", help="print the runs and the hours of the missing ones")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.data.pictures import load_photos
    from training.errors import TrainingError
    from training.export.read import load_model
    from training.measure.pieces import plan, run_pieces
    from training.measure.probes import Photos, Starts, probe_head, probe_pieces
    from training.paths import cache_folder
    from training.train.runs import load_set

    config, mae = read_config(Path(args.config)), read_config(Path(args.mae))
    folder = Path(args.run) if args.run else cache_folder() / "runs" / "probes"
    if config.data.set != "photos":
        raise TrainingError(f"{config.source}: probes are of the photo pack; set data.set = 'photos'.")
    train, val, labels = load_set(config)
    assert val is not None
    whole = load_photos(Path(config.data.folder), "train", config.model.image, "crop", config.data.train_shards)
    photos, starts = Photos(train, whole, val, labels), Starts(mae, load_model(Path(args.distilled)))
    pieces = probe_pieces(config, photos, starts, args.seeds, folder)
    if args.plan:
        print(plan(pieces, Path(args.out)))
    elif run_pieces(pieces, Path(args.out), probe_head(config, photos, starts), folder, args.minutes):
        print(f"all {len(pieces)} runs are in {args.out}")
    else:
        print("stopped; call again to go on")
