"""Trains, measures and exports Patchwork's models; see training/README.md."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys

from training import commands
from training.errors import TrainingError


def parser() -> argparse.ArgumentParser:
    """The command line: a command for each module of training/commands."""
    root = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    choices = root.add_subparsers(required=True, metavar="command", title="commands")
    for info in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"training.commands.{info.name}")
        name = info.name.replace("_", "-")
        command = choices.add_parser(name, help=module.__doc__, description=module.__doc__)
        module.arguments(command)
        command.set_defaults(call=module.run)
    return root


def main(words: list[str] | None = None) -> int:
    """Run a command (default: the process's arguments); a TrainingError is one sentence on stderr and exit status 2."""
    args = parser().parse_args(words)
    threads = os.environ.get("OMP_NUM_THREADS")
    if threads:
        import torch

        torch.set_num_threads(int(threads))
    try:
        args.call(args)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
