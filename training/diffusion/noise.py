"""Seeded Gaussian noise, the same stream here and in src/lib/diffusion/math/noise.ts.

Generator: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
  key     = [seed low 32 bits, seed high bits]
  counter = [block low 32 bits, block high bits, stream, 0]
Each block gives four words w0 ... w3, and these four normals in this order (Box & Muller 1958):
  u(w) = (w + 0.5) / 2^32, which is never 0 or 1
  z0 = sqrt(-2 ln u(w0)) cos(2 pi u(w1)),  z1 = sqrt(-2 ln u(w0)) sin(2 pi u(w1))
  z2 = sqrt(-2 ln u(w2)) cos(2 pi u(w3)),  z3 = sqrt(-2 ln u(w2)) sin(2 pi u(w3))
Normal number k of a stream is number k mod 4 of block floor(k/4), so any stretch can be read alone.
The largest magnitude it can give is sqrt(-2 ln 2^-33) = 6.76.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Normals = NDArray[np.float64]

MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL = (0x9E3779B9, 0xBB67AE85)
LOW = np.uint64(0xFFFFFFFF)
HIGH = np.uint64(32)
SAFE = 2**53 - 1


class NoiseSource(Protocol):
    """Where a sampler takes its noise from."""

    def normal(self, shape: tuple[int, ...]) -> Normals:
        """The next standard normals, row-major."""


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Blocks of Philox4x32-10.

    counter: [n, 4] 32-bit words in uint64; key: two 32-bit words. Gives [n, 4] 32-bit words in uint64.
    """
    c0, c1, c2, c3 = (counter[:, i] for i in range(4))
    k0, k1 = key
    for _ in range(10):
        p0, p1 = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (p1 >> HIGH) ^ c1 ^ np.uint64(k0),
            p1 & LOW,
            (p0 >> HIGH) ^ c3 ^ np.uint64(k1),
            p0 & LOW,
        )
        k0, k1 = (k0 + WEYL[0]) & 0xFFFFFFFF, (k1 + WEYL[1]) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], axis=1)


def normals(seed: int, start: int, count: int, stream: int = 0) -> Normals:
    """Standard normals number start ... start + count - 1 of a stream, float64 [count].

    seed: 0 ... 2^53 - 1; stream: 0 ... 2^32 - 1, streams of one seed are independent.
    Raises ValueError for a seed, stream, start or count outside its range.
    """
    _check_whole("seed", seed, SAFE)
    _check_whole("stream", stream, 0xFFFFFFFF)
    _check_whole("position", start, SAFE)
    _check_whole("count", count, 2**31)
    first, last = start // 4, -(-(start + count) // 4)
    blocks = np.arange(first, last, dtype=np.uint64)
    counter = np.zeros((len(blocks), 4), dtype=np.uint64)
    counter[:, 0], counter[:, 1], counter[:, 2] = blocks & LOW, blocks >> HIGH, stream
    words = philox(counter, (seed & 0xFFFFFFFF, seed >> 32))
    unit = (words.astype(np.float64) + 0.5) / 2.0**32
    radius = np.sqrt(-2.0 * np.log(unit[:, 0::2]))
    angle = 2.0 * math.pi * unit[:, 1::2]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)
    return pairs.reshape(-1)[start - 4 * first :][:count].copy()


class SeededNoise:
    """A stream read from front to back; `position` counts the normals taken."""

    def __init__(self, seed: int, stream: int = 0, position: int = 0) -> None:
        self.seed = seed
        self.stream = stream
        self.position = position

    def normal(self, shape: tuple[int, ...] | int) -> Normals:
        """The next standard normals, float64, row-major in `shape`.

        Raises ValueError for a seed or stream out of range.
        """
        sizes = (shape,) if isinstance(shape, int) else shape
        count = math.prod(sizes)
        out = normals(self.seed, self.position, count, self.stream)
        self.position += count
        return out.reshape(sizes)


def _check_whole(what: str, n: int, most: int) -> None:
    if not isinstance(n, int) or n < 0 or n > most:
        raise ValueError(f"The {what} is {n}; it must be a whole number from 0 to {most}.")
