"""Which query answers for which object: the assignment of least cost, for many scenes at once.

Source: Kuhn 1955, in the form of shortest augmenting paths (Jonker and Volgenant 1987).
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def assign(costs: Array) -> Array:
    """For costs [M, T, Q] with T <= Q: the column of each row, int64 [M, T], so that the sum of costs is least.

    Row by row a shortest path of exchanges is looked for, in all M matrices together; u and v are prices of rows and
    columns under which no cost is negative. Row and column 0 stand for "none".
    """
    count, rows, cols = costs.shape
    every = np.arange(count)
    u, v = np.zeros((count, rows + 1)), np.zeros((count, cols + 1))
    row_of = np.zeros((count, cols + 1), np.int64)
    padded = np.zeros((count, rows + 1, cols + 1))
    padded[:, 1:, 1:] = costs
    for row in range(1, rows + 1):
        row_of[:, 0] = row
        column = np.zeros(count, np.int64)
        least = np.full((count, cols + 1), np.inf)
        before = np.zeros((count, cols + 1), np.int64)
        used = np.zeros((count, cols + 1), bool)
        seen = np.zeros((count, rows + 1), bool)
        open_ = every
        while len(open_):
            at = column[open_]
            used[open_, at] = True
            here = row_of[open_, at]
            seen[open_, here] = True
            free = ~used[open_]
            free[:, 0] = False
            cost = padded[open_, here] - u[open_, here][:, None] - v[open_]
            best, way = least[open_], before[open_]
            better = free & (cost < best)
            best, way = np.where(better, cost, best), np.where(better, at[:, None], way)
            reach = np.where(free, best, np.inf)
            step = reach.min(1, keepdims=True)
            u[open_] += step * seen[open_]
            v[open_] -= step * used[open_]
            least[open_] = np.where(free, best - step, best)
            before[open_] = way
            column[open_] = reach.argmin(1)
            open_ = open_[row_of[open_, column[open_]] != 0]
        while (moving := np.flatnonzero(column)).size:
            previous = before[moving, column[moving]]
            row_of[moving, column[moving]] = row_of[moving, previous]
            column[moving] = previous
    answer = np.zeros((count, rows + 1), np.int64)
    for col in range(1, cols + 1):
        answer[every, row_of[:, col]] = col - 1
    return answer[:, 1:]
