"""Line charts as SVG, written by hand: curves of a log, sweeps of a measurement."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from training.errors import TrainingError

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 44
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # Okabe & Ito: safe for the colour-blind


def ticks(low: float, high: float, log: bool = False) -> list[float]:
    """Four to eight round values inside [low, high]; 1, 2, 5 times powers of ten where `log`."""
    if log:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        return [
            m * 10.0**p for p in powers for m in (1, 2, 5) if low <= m * 10.0**p * (1 + 1e-9) and m * 10.0**p <= high
        ]
    step = 10.0 ** math.floor(math.log10((high - low) / 3))
    while (high - low) / step > 8:
        step *= 2 if round(step / 10 ** math.floor(math.log10(step))) != 2 else 2.5
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def chart(series: Mapping[str, Points], x: str, y: str, title: str, log: bool = False) -> str:
    """An SVG of named lines; `log`: a logarithmic y axis. Raises TrainingError where there is no point."""
    points = [p for line in series.values() for p in line]
    if not points:
        raise TrainingError(f"'{title}' has no point to draw; train or measure first.")
    x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
    y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
    if log and y0 <= 0:
        raise TrainingError(f"'{title}' has values of 0 or less; draw it without a logarithmic axis.")
    x1, pad = (x1 if x1 > x0 else x0 + 1), 0.05 * (y1 - y0) or 0.05 * abs(y1) or 1
    y0, y1 = (y0 / 1.05, y1 * 1.05) if log else (y0 - pad, y1 + pad)

    def across(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - x0) / (x1 - x0)

    def down(value: float) -> float:
        share = math.log(value / y0) / math.log(y1 / y0) if log else (value - y0) / (y1 - y0)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for value in ticks(y0, y1, log):
        at = down(value)
        out.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>')
    for value in ticks(x0, x1):
        out.append(f'<text x="{across(value):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:g}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x)}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(y)}</text>')
    legend = float(LEFT)
    for index, (name, line) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        path = " ".join(f"{across(a):.1f},{down(b):.1f}" for a, b in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        if len(line) <= 12:
            out += [f'<circle cx="{across(a):.1f}" cy="{down(b):.1f}" r="3" fill="{colour}"/>' for a, b in line]
        out.append(f'<path d="M{legend:.0f} 20h18" stroke="{colour}" stroke-width="3"/>')
        out.append(f'<text x="{legend + 24:.0f}" y="24">{escape(name)}</text>')
        legend += 40 + 7 * len(name)
    return "\n".join([*out, "</svg>", ""])


def read_log(path: Path, key: str = "loss", window: int = 100) -> list[tuple[int, float]]:
    """(step, mean over a window of so many steps) of a run's log.jsonl; later lines of a step win."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; train first, or name the right --run folder.")
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    by_step = {int(row["step"]): float(row[key]) for row in rows if key in row}
    groups: dict[int, list[float]] = {}
    for step, value in by_step.items():
        groups.setdefault(-(-step // window) * window, []).append(value)
    return [(step, sum(values) / len(values)) for step, values in sorted(groups.items())]
