"""Learn the tokenizer from the names and keywords of the emoji pack and the photo classes."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default="../shared/data", help="folder of the photo pack (default: ../shared/data)")
    parser.add_argument("--size", type=int, default=4000, help="tokens at most (default: 4000)")
    parser.add_argument("--context", type=int, default=24, help="tokens of a row (default: 24)")
    parser.add_argument("--out", default="training/data/text/tokenizer.json")


def run(args: argparse.Namespace) -> None:
    from training.data.emoji.pack import load_emoji
    from training.data.pairs import tokenizer_phrases
    from training.data.pictures import read_labels
    from training.data.text.learn import learn

    phrases = tokenizer_phrases(load_emoji(32), read_labels(Path(args.data)))
    found = learn(phrases, args.size, args.context)
    found.save(Path(args.out))
    lengths = sorted(len(found.ids(phrase)) + 2 for phrase in phrases)
    cut = sum(length > args.context for length in lengths)
    print(f"{args.out}: {len(found)} tokens, of them {len(found.units)} characters and {len(found.merges)} merges")
    middle = lengths[len(lengths) // 2]
    print(f"{len(phrases)} phrases: half have up to {middle} tokens, the longest {lengths[-1]}; {cut} are cut")
