"""Learning the merges: which neighbours stand together most often in the phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from training.data.text.pieces import is_unit, normalise, pieces
from training.data.text.tokenizer import UNITS, Pair, Tokenizer, merge_once
from training.errors import TrainingError


def learn(phrases: Iterable[str], size: int, context: int) -> Tokenizer:
    """A tokenizer of at most `size` tokens. The same phrases in any order give the same.

    Every Chinese character of the phrases becomes a token; what is left is for merges, each of the pair that occurs
    most often (of equal ones, that of the lower ids), until none occurs twice. Raises TrainingError where the
    characters alone do not fit.
    """
    counts = Counter(piece for phrase in phrases for piece in pieces(normalise(phrase)))
    units = "".join(sorted(piece for piece in counts if is_unit(piece)))
    first = UNITS + len(units)
    if first > size:
        raise TrainingError(f"{size} tokens are too few for {len(units)} Chinese characters; allow {first} or more.")
    start = Tokenizer(units, (), context)
    words = {piece: start.base(piece) for piece in counts if not is_unit(piece)}
    merges: list[Pair] = []
    while first + len(merges) < size:
        pairs: Counter[Pair] = Counter()
        for piece, ids in words.items():
            for pair in pairwise(ids):
                pairs[pair] += counts[piece]
        best = min(pairs, key=lambda pair: (-pairs[pair], pair), default=None)
        if best is None or pairs[best] < 2:
            break
        made = first + len(merges)
        merges.append(best)
        words = {piece: merge_once(ids, best, made) for piece, ids in words.items()}
    return Tokenizer(units, tuple(merges), context)
