"""Train, or resume where the run folder has a checkpoint."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", help="a file of training/configs, or a path")
    parser.add_argument("--seed", type=int, help="other seed than the config's, in a run <name>-seed<seed> of its own")
    parser.add_argument("--run", help="folder of checkpoint and log (default: in the cache folder)")
    parser.add_argument("--steps", type=int, help="other number of steps than the config's")
    parser.add_argument("--until", type=int, help="stop after this step; the schedule stays that of all steps")
    parser.add_argument(
        "--batch", type=int, help="other batch than the config's, to try a big config on a small machine"
    )
    parser.add_argument("--minutes", type=float, help="other training time than the config's")
    parser.add_argument("--again", action="store_true", help="with minutes: start the schedule anew at the checkpoint")
    parser.add_argument("--resume", action="store_true", help="fail where there is nothing to resume")
    parser.add_argument("--compile", choices=["on", "off"], help="torch.compile, other than the config says")
    parser.add_argument("--eval", choices=["on", "off"], default="on", help="off: measure nothing on held-out pictures")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"])


def run(args: argparse.Namespace) -> None:
    from dataclasses import replace

    from training.config import read_config, seeded
    from training.errors import TrainingError
    from training.train.parallel import end_processes, start_processes
    from training.train.runs import make_trainer, run_folder

    config = seeded(read_config(Path(args.config)), args.seed)
    changed: dict[str, Any] = {}
    if args.steps:
        changed["steps"] = args.steps
    if args.batch:
        changed["batch"] = args.batch
    if args.minutes is not None:
        changed["minutes"] = args.minutes
    if args.compile:
        changed["compile"] = args.compile == "on"
    if args.device:
        changed["device"] = args.device
    if args.eval == "off":
        changed["eval_seconds"] = 0
    config = replace(config, train=replace(config.train, **changed))
    start_processes()
    folder = run_folder(config, args.run)
    trainer = make_trainer(config, folder)
    if trainer.resume():
        print(f"resumed {folder} at step {trainer.step} of {config.train.steps}")
        if args.again:
            trainer.clock_start = trainer.seconds
    elif args.resume:
        raise TrainingError(f"{folder}/latest.pt is missing; leave out --resume to start from the beginning.")
    trainer.run(args.until)
    end_processes()
    print(f"done: {trainer.images_seen} images in {trainer.seconds:.0f} s; export with python -m training export")
