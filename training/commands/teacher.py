"""Write the teacher in float16, half the size of its package."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", nargs="?", default="vit-flexi-cpu.toml")
    parser.add_argument("--out", default="teacher.safetensors")


def run(args: argparse.Namespace) -> None:
    from training.config import read_config
    from training.tasks.distil.teacher import save_half
    from training.train.runs import read_teacher

    path = save_half(read_teacher(read_config(Path(args.config))), Path(args.out))
    print(f"wrote {path} ({path.stat().st_size / 1e6:.0f} MB); set teacher.file to it")
