"""Fit a classifier's temperature and fold it into its head."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default="models/vit-flexi")
    parser.add_argument("--patches", type=int, nargs="+", default=[16, 28, 32])
    parser.add_argument("--photos", type=int, default=600, help="held-out photos, which evaluate then leaves out")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--set", default="photos", choices=["photos", "cifar10"])


def run(args: argparse.Namespace) -> None:
    from training.measure.calibrate import calibrate

    found = calibrate(Path(args.model), Path(args.data), args.set, args.patches, args.photos)
    print(f"temperature {found['value']}, folded into the head; mean NLL {found['nll']}, ECE {found['ece']}")
