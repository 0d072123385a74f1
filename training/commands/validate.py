"""Measure a run's newest checkpoint on a part of the held-out pictures."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config")
    parser.add_argument("--run", help="folder of the checkpoint (default: in the cache folder)")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.errors import TrainingError
    from training.train.runs import make_trainer, run_folder

    config = read_config(Path(args.config))
    trainer = make_trainer(config, run_folder(config, args.run))
    if not trainer.resume():
        raise TrainingError(f"{trainer.folder}/latest.pt is missing; train first, or name the right --run folder.")
    for index, decay in enumerate(config.train.ema):
        print(trainer.step, decay, trainer.task.measure(trainer.ema_model(index)))
