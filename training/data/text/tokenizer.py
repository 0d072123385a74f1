"""A small tokenizer for English and Chinese together: bytes, Chinese characters, and learned merges.

Ids: 0 `<pad>`, 1 `<start>`, 2 `<end>`; 3 + b for each byte b; then the characters of `units`; then a token for each
merge, in the order in which they were learned. Any text has tokens, for what no merge knows stays bytes. Merging bytes:
Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.2, after Sennrich et al. 2016,
arXiv 1508.07909.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from training.data.text.pieces import normalise, pieces
from training.errors import TrainingError

SCHEMA = "patchwork-tokenizer/1"
SPECIAL = ("<pad>", "<start>", "<end>")
PAD, START, END = range(3)
BYTES = len(SPECIAL)  # the id of byte 0
UNITS = BYTES + 256  # the id of the first unit
TOKENIZER = Path(__file__).with_name("tokenizer.json")

Pair = tuple[int, int]


def merge_once(ids: list[int], pair: Pair, made: int) -> list[int]:
    """Every occurrence of the pair, from the left, becomes the one token `made`."""
    out: list[int] = []
    at = 0
    while at < len(ids):
        if at + 1 < len(ids) and (ids[at], ids[at + 1]) == pair:
            out.append(made)
            at += 2
        else:
            out.append(ids[at])
            at += 1
    return out


@dataclass(frozen=True)
class Tokenizer:
    """`units`: the Chinese characters with a token of their own; `merges`: pairs of ids; `context`: tokens of a row."""

    units: str
    merges: tuple[Pair, ...]
    context: int

    def __len__(self) -> int:
        return UNITS + len(self.units) + len(self.merges)

    @cached_property
    def unit_ids(self) -> dict[str, int]:
        """Each unit's id."""
        return {char: UNITS + i for i, char in enumerate(self.units)}

    @cached_property
    def ranks(self) -> dict[Pair, int]:
        """Each pair's place among the merges; the lowest is merged first."""
        return {pair: rank for rank, pair in enumerate(self.merges)}

    @cached_property
    def tokens(self) -> list[bytes]:
        """What each id stands for, as bytes of UTF-8; empty for the special ones."""
        found = [b""] * BYTES + [bytes([b]) for b in range(256)] + [char.encode() for char in self.units]
        for left, right in self.merges:
            found.append(found[left] + found[right])
        return found

    def base(self, piece: str) -> list[int]:
        """A piece before any merge: its unit, else its bytes."""
        if piece in self.unit_ids:
            return [self.unit_ids[piece]]
        return [BYTES + b for b in piece.encode()]

    def piece_ids(self, piece: str) -> list[int]:
        """A piece's tokens: while a pair of neighbours is among the merges, the one of lowest rank is merged."""
        ids = self.base(piece)
        first = UNITS + len(self.units)
        while len(ids) > 1:
            rank = min(self.ranks.get(pair, len(self.merges)) for pair in pairwise(ids))
            if rank == len(self.merges):
                break
            ids = merge_once(ids, self.merges[rank], first + rank)
        return ids

    def ids(self, text: str) -> list[int]:
        """Every token of a text, without `<start>` and `<end>`; [] for an empty one."""
        return [id for piece in pieces(normalise(text)) for id in self.piece_ids(piece)]

    def encode(self, text: str) -> list[int]:
        """Exactly `context` ids: `<start>`, the text's first tokens, `<end>`, then `<pad>`."""
        row = [START, *self.ids(text)[: self.context - 2], END]
        return row + [PAD] * (self.context - len(row))

    def decode(self, ids: list[int]) -> str:
        """The normalised text of ids; bytes that are no UTF-8, as a truncated text may end, become U+FFFD."""
        return b"".join(self.tokens[id] for id in ids).decode("utf-8", "replace").lstrip(" ")

    def save(self, path: Path) -> None:
        """One JSON file; TrainingError where it cannot be written."""
        values = {
            "schema": SCHEMA,
            "context": self.context,
            "special": SPECIAL,
            "units": self.units,
            "merges": [list(pair) for pair in self.merges],
        }
        try:
            path.write_text(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")
        except OSError as error:
            raise TrainingError(f"{path} could not be written ({error}); free some space and try again.") from error


def read_tokenizer(path: Path = TOKENIZER) -> Tokenizer:
    """A saved tokenizer; TrainingError where the file is missing, of another kind, or its merges name later tokens."""
    again = "run `python -m training tokenizer`"
    if not path.is_file():
        raise TrainingError(f"{path} is missing; {again}.")
    try:
        values = json.loads(path.read_text())
        if values["schema"] != SCHEMA or tuple(values["special"]) != SPECIAL:
            raise ValueError("another schema")
        found = Tokenizer(values["units"], tuple((int(a), int(b)) for a, b in values["merges"]), int(values["context"]))
        first = UNITS + len(found.units)
        if any(not BYTES <= id < first + rank for rank, pair in enumerate(found.merges) for id in pair):
            raise ValueError("a merge of tokens that do not exist yet")
        if found.context < 3:
            raise ValueError("a context below 3")
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{path} is damaged ({error}); {again}.") from error
    return found
