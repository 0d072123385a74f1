"""Draw logs as SVG."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("logs", nargs="+", help="log.jsonl files")
    parser.add_argument("--out", default="curves.svg")
    parser.add_argument("--key", default="loss")
    parser.add_argument("--window", type=int, default=100)
    parser.add_argument("--title")


def run(args: argparse.Namespace) -> None:
    from training.measure.plot import chart, read_log

    series = {Path(log).parent.name: read_log(Path(log), args.key, args.window) for log in args.logs}
    title = args.title or f"{args.key} of {', '.join(series)}"
    Path(args.out).write_text(chart(series, "step", f"{args.key}, mean of {args.window} steps", title, log=True))
    print(f"wrote {args.out}")
