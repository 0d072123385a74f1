"""SVG pictures drawn as pixels, by the project's own `sharp` (render.mjs)."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.data.emoji.packages import full
from training.errors import TrainingError

Array = np.ndarray

# Drawn so large, then averaged over whole squares of pixels: 192 = 2 · 96 = 3 · 64 = 6 · 32.
DRAWN = 192
SCRIPT = Path(__file__).with_name("render.mjs")


def svg(icons: dict[str, Any], name: str) -> str:
    """One picture of an Iconify set as an SVG file; TrainingError where it is not there or is turned."""
    alias = icons.get("aliases", {}).get(name)
    parent = alias["parent"] if alias else name
    icon = icons["icons"].get(parent)
    if icon is None:
        raise TrainingError(f"{icons['prefix']} has no picture called {name}; the package is not the one expected.")
    if alias and set(alias) - {"parent", "hFlip", "hidden"}:
        raise TrainingError(f"{icons['prefix']}: {name} is {parent} turned otherwise than by hFlip; teach `svg` how.")
    left, top = icon.get("left", 0), icon.get("top", 0)
    width, height = icon.get("width", icons.get("width", 16)), icon.get("height", icons.get("height", 16))
    body = icon["body"]
    if alias and alias.get("hFlip"):
        body = f'<g transform="translate({2 * left + width} 0) scale(-1 1)">{body}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{DRAWN}" '
        f'height="{DRAWN}" viewBox="{left} {top} {width} {height}">{body}</svg>'
    )


def render(pictures: Sequence[tuple[str, str]], folder: Path, channels: int = 3) -> Iterator[Array]:
    """Each (name, SVG) as uint8 [192, 192, channels], in order: RGB on white, or RGBA, not premultiplied.

    `folder` takes a temporary file. TrainingError where Node.js or sharp is missing, or a picture cannot be drawn.
    """
    node = shutil.which("node")
    if node is None:
        raise TrainingError("node was not found, and the pictures are drawn with it; install Node.js 20.19 or newer.")
    size = DRAWN * DRAWN * channels
    with tempfile.TemporaryDirectory(dir=folder) as work:
        jobs, faults = Path(work) / "pictures.jsonl", Path(work) / "faults.txt"
        try:
            jobs.write_text("".join(json.dumps({"name": name, "svg": text}) + "\n" for name, text in pictures))
        except OSError as error:
            raise full(jobs, error) from error
        command = [node, str(SCRIPT), str(jobs), str(DRAWN), str(channels)]
        with faults.open("w") as stderr, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr) as process:
            assert process.stdout is not None
            for _ in pictures:
                data = process.stdout.read(size)
                if len(data) < size:
                    break
                yield np.frombuffer(data, np.uint8).reshape(DRAWN, DRAWN, channels)
        if process.returncode:
            said = faults.read_text()
            if "Cannot find package 'sharp'" in said:
                raise TrainingError("sharp was not found, and the pictures are drawn with it; run `npm ci`.")
            raise TrainingError(f"A picture could not be drawn ({said.strip()[-300:]}).")


def shrink(picture: Array, side: int) -> Array:
    """uint8 [..., 192, 192, channels] to [..., side, side, channels]: the mean of each square of pixels."""
    factor = DRAWN // side
    *before, _, _, channels = picture.shape
    parts = picture.reshape(*before, side, factor, side, factor, channels)
    return np.asarray((parts.mean(axis=(-4, -2), dtype=np.float32) + 0.5).astype(np.uint8))
