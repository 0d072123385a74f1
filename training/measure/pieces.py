"""A study of many small runs: which are there, which are missing, and what the missing ones take.

Every run is a piece that is done whole, kept in one JSON file, and skipped when the command is called again. A piece
that trains goes on from its own checkpoint, so that a study may be stopped at any time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from training.errors import TrainingError
from training.export.write import write_json
from training.train.device import device_words
from training.train.loop import Trainer

Facts = dict[str, Any]
CHUNK = 50  # steps between looks at the clock
TIMED = 4


@dataclass(frozen=True)
class Piece:
    """One run. `facts` say what it is and stand in its row; pieces of one `kind` take equally long for a step.

    `make` builds its trainer in a folder, and `finish` measures what was trained there and leaves there what later
    pieces need. A piece that trains nothing has no `make` and 0 steps; `finish` is then given None.
    """

    id: str
    kind: str
    facts: Facts
    steps: int
    make: Callable[[Path], Trainer] | None
    finish: Callable[[Path, Trainer | None], Facts]


def read_rows(path: Path) -> dict[str, Facts]:
    """The rows of a study's file by their ids; {} where there is no file."""
    if not path.is_file():
        return {}
    try:
        return {row["id"]: row for row in json.loads(path.read_text())["runs"]}
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise TrainingError(f"{path} is no file of this study ({error}); move it away and start again.") from error


def write_rows(path: Path, head: Facts, pieces: Sequence[Piece], rows: dict[str, Facts]) -> None:
    """Head, how many runs there will be, and the rows in the order of the pieces."""
    runs = [rows[piece.id] for piece in pieces if piece.id in rows]
    write_json(path, {**head, "planned": len(pieces), "runs": runs})


def one_piece(piece: Piece, folder: Path, end: float) -> Facts | None:
    """Its row, or None where the clock (time.monotonic) came to `end` before it was done."""
    if piece.make is None:
        started = time.monotonic()
        figures = piece.finish(folder, None)
        return {"id": piece.id, **piece.facts, "seconds": round(time.monotonic() - started, 1), **figures}
    trainer = piece.make(folder)
    trainer.resume()
    while trainer.step < piece.steps:
        if time.monotonic() >= end:
            return None
        trainer.run(min(piece.steps, trainer.step + CHUNK))
    done = {"steps": trainer.step, "pictures": trainer.images_seen, "seconds": round(trainer.seconds, 1)}
    figures = piece.finish(folder, trainer)
    parameters = sum(value.numel() for value in trainer.task.model.parameters())
    row = {"id": piece.id, **piece.facts, **done, "parameters": parameters, **figures}
    return {**row, "device": device_words(trainer.device)}


def run_pieces(pieces: Sequence[Piece], path: Path, head: Facts, folder: Path, minutes: float = 0.0) -> bool:
    """Do the missing pieces in order, writing `path` after each; True where none is missing in the end.

    `minutes` above 0 stops after that much time, within a piece where need be. A piece's folder is `folder`/id; its
    checkpoint is deleted once its row is written.
    """
    end = time.monotonic() + 60 * minutes if minutes > 0 else float("inf")
    rows = read_rows(path)
    for piece in pieces:
        if piece.id in rows:
            continue
        if time.monotonic() >= end:
            return False
        row = one_piece(piece, folder / piece.id, end)
        if row is None:
            return False
        rows[piece.id] = row
        write_rows(path, head, pieces, rows)
        (folder / piece.id / "latest.pt").unlink(missing_ok=True)
        print(json.dumps(row), flush=True)
    write_rows(path, head, pieces, rows)
    return True


def seconds_a_step(piece: Piece) -> float:
    """Processor seconds of one whole step, the mean of four after one that is not counted."""
    if piece.make is None:
        return 0.0
    with TemporaryDirectory() as folder:
        trainer = piece.make(Path(folder))
        trainer.train_step()
        started = time.process_time()
        for _ in range(TIMED):
            trainer.train_step()
        return (time.process_time() - started) / TIMED


def plan(pieces: Sequence[Piece], path: Path) -> str:
    """A Markdown table of kinds: runs, those still missing, steps of all, seconds a step, hours of the missing ones."""
    rows = read_rows(path)
    kinds: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.make is not None:
            kinds.setdefault(piece.kind, []).append(piece)
    lines = ["| runs | how many | missing | steps in all | seconds a step | hours of the missing |", "|" + "---|" * 6]
    total = 0.0
    for kind, members in kinds.items():
        missing = [piece for piece in members if piece.id not in rows]
        steps, second = sum(piece.steps for piece in members), seconds_a_step(members[0])
        hours = sum(piece.steps for piece in missing) * second / 3600
        total += hours
        lines.append(f"| {kind} | {len(members)} | {len(missing)} | {steps:,} | {second:.3f} | {hours:.2f} |")
    lines.append(f"| all | {sum(map(len, kinds.values()))} | | | | {total:.2f} |")
    return "\n".join(lines)
