"""Build a data set that is made from packages, in the cache folder."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("set", choices=["emoji"], help="emoji: signs in four drawing styles with names and keywords")
    parser.add_argument("--atlas", help="folder for the page's atlas and words, static/emoji")
    parser.add_argument("--objects", help="folder for the page's objects of scenes, static/emoji")
    parser.add_argument("--credits", help="file whose section of credits is renewed, static/pictures/CREDITS.md")


def run(args: argparse.Namespace) -> None:
    from training.data.emoji.atlas import write_atlas, write_credits
    from training.data.emoji.objects import write_objects
    from training.data.emoji.summary import build_or_keep, summary

    pack = build_or_keep()
    for line in summary(pack):
        print(line)
    written = write_atlas(pack, Path(args.atlas)) if args.atlas else []
    written += write_objects(pack, Path(args.objects)) if args.objects else []
    for path in written:
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    if args.credits:
        write_credits(pack, Path(args.credits))
