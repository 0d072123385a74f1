"""Write the numbers that the lessons' tests are held to (lessons/NN-slug/tests/golden.safetensors)."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lessons", nargs="*", help="numbers or folders of lessons, 05 or 05-answer (default: all)")


def run(args: argparse.Namespace) -> None:
    import torch

    from training.references.find import wanted

    torch.set_num_threads(1)
    for script in wanted(args.lessons):
        script.compute().save(script.golden)
        print(f"{script.slug}: {script.golden.stat().st_size / 1000:.1f} KB")
