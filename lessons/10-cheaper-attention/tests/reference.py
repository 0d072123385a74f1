"""Lesson 10, cheaper attention: four ways to look at the same queries, keys and values, measured.

Windows by slow definitions (which tokens share a window of the shifted grid, no roll), linear attention by its weights
(not by its small matrix), so that page and reference agree only where both are right.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from training.export.read import load_any
from training.measure.gallery import picture
from training.paths import ROOT
from training.references.common import Reference, tensors

PICTURE = "golden-retriever"
PATCH = 8
GRID = 224 // PATCH
# The lesson's defaults: block and head, the pixel that asks, the side of a window.
LAYER, HEAD = 9, 1
AT = (88, 120)
WINDOW = 7
# The trained twins, in the order of the page.
TWINS = ("plain", "window", "shifted", "linear", "multiscale")
TOKEN = (AT[0] // PATCH) * GRID + AT[1] // PATCH


def seen(window: int, shift: int) -> Tensor:
    """[N, N] bool: tokens that share a window of the grid, whose windows begin `shift` rows and columns further in."""
    strip = (torch.arange(GRID) - shift + window) // window
    rows = strip.repeat_interleave(GRID)
    columns = strip.repeat(GRID)
    return (rows[:, None] == rows) & (columns[:, None] == columns)


def softmax_weights(q: Tensor, k: Tensor, allowed: Tensor | None = None) -> Tensor:
    """[h, N, N]: softmax over the allowed keys."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if allowed is not None:
        scores = scores.masked_fill(~allowed, -torch.inf)
    return scores.softmax(-1)


def linear_weights(q: Tensor, k: Tensor) -> Tensor:
    """[h, N, N]: ReLU(q) ReLU(k)^T, rows scaled to 1."""
    scores = q.relu() @ k.relu().transpose(-2, -1)
    return scores / (scores.sum(-1, keepdim=True) + 1e-6)


def entropies(weights: Tensor) -> Tensor:
    """Entropy of rows in bits."""
    return -torch.xlogy(weights, weights).sum(-1) / math.log(2)


def apart(out: Tensor, other: Tensor) -> Tensor:
    """Length of the difference over the length of the other."""
    share: Tensor = (out - other).norm() / other.norm()
    return share


def each_apart(out: Tensor, other: Tensor) -> Tensor:
    """[N]: the same for every token by itself."""
    shares: Tensor = (out - other).norm(dim=-1) / other.norm(dim=-1)
    return shares


def window_norms(x: Tensor, window: int) -> Tensor:
    """[w]: the L2 norm over a window's tokens of the mean of |x|; x [N, D]."""
    along = GRID // window
    cells = x.abs().mean(-1).reshape(along, window, along, window).transpose(1, 2)
    norms: Tensor = cells.reshape(along * along, window * window).norm(dim=-1)
    return norms


def parts(x: Tensor, layer: int = LAYER) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """q, k, v [h, N, d] of the patches, and what the block is fed, [N, D]."""
    t = tensors(x, PATCH)
    fed = t["tokens"] if layer == 0 else t[f"blocks.{layer - 1}"]
    q, k, v = (t[f"blocks.{layer}.attn.{name}"][:, 1:].double() for name in "qkv")
    return q, k, v, fed[1:].double()


def ways(q: Tensor, k: Tensor) -> dict[str, Tensor]:
    """Weights [h, N, N] of every way to look."""
    return {
        "global": softmax_weights(q, k),
        "window": softmax_weights(q, k, seen(WINDOW, 0)),
        "shifted": softmax_weights(q, k, seen(WINDOW, WINDOW // 2)),
        "linear": linear_weights(q, k),
    }


def window_of(token: int, side: int) -> int:
    """Number of the window that a token lies in."""
    row, column = divmod(token, GRID)
    return (row // side) * (GRID // side) + column // side


def windows_off(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """[h]: how far windows lie from attention over all tokens."""
    both = ways(q, k)
    return torch.stack([apart((both["window"] @ v)[h], (both["global"] @ v)[h]) for h in range(len(q))])


def first_answers() -> Tensor:
    """[5, 2]: the twins' first answer to the picture at 64 pixels, the number of its class and its probability."""
    answers = []
    for twin in TWINS:
        net = load_any(ROOT / "models" / f"swin-{twin}")
        with torch.inference_mode():
            probs = net(picture(PICTURE, f"swin-{twin}")).softmax(-1)[0]
        answers.append(torch.stack([probs.argmax().float(), probs.max()]))
    return torch.stack(answers)


def reference() -> Reference:
    """The numbers of lesson 10."""
    ref = Reference()
    q, k, v, fed = parts(picture(PICTURE))
    weights = ways(q, k)
    outs = {name: (w @ v)[HEAD] for name, w in weights.items()}
    for name, w in weights.items():
        row = w[HEAD, TOKEN]
        ref.put(f"{name}.bits", entropies(row), f"entropy of the chosen row, {name}")
        ref.put(f"{name}.largest", row.max(), "its largest weight")
        ref.put(
            f"{name}.all_bits",
            entropies(w[HEAD]).mean(),
            "mean entropy of the head's rows",
        )
        ref.put(f"{name}.least_bits", entropies(w[HEAD]).min(), "its sharpest row")
        ref.put(
            f"{name}.off",
            apart(outs[name], outs["global"]),
            "how far its outputs lie from attention over all",
        )
        if name != "global":
            ref.put(
                f"{name}.each",
                each_apart(outs[name], outs["global"]),
                "the same for each token, [N]",
            )
        ref.put(f"{name}.out", (w @ v)[HEAD, TOKEN], "output of the chosen token, [d]")
    ref.put(
        "global.each_bits",
        entropies(weights["global"][HEAD]),
        "entropy of every row over all, [N]",
    )
    for factor in (0.25, 4, 8):
        ref.put(
            f"sharp.{factor}.global",
            entropies(softmax_weights(factor * q, k)[HEAD]).mean(),
        )
        ref.put(
            f"sharp.{factor}.linear",
            entropies(linear_weights(factor * q, k)[HEAD]).mean(),
        )
    inside = seen(WINDOW, 0)[TOKEN]
    ref.put(
        "inside",
        weights["global"][HEAD, TOKEN][inside].sum(),
        "weight over all that lies in the own window",
    )
    for side in (4, 7):
        norms = window_norms(fed, side)
        ref.put(f"norms.{side}", norms, "[w]")
        w = softmax_weights(q, k, seen(side, 0))
        whole = (w @ v)[HEAD]
        order = norms.argsort()
        for ratio in (0.25, 0.5, 0.75):
            left = set(order[: int(ratio * len(norms))].tolist())
            keep = torch.tensor([window_of(i, side) not in left for i in range(GRID * GRID)])
            ref.put(
                f"pruned.{side}.{ratio}",
                apart(whole * keep[:, None], whole),
                "off by, to all windows",
            )
    every = [parts(picture(PICTURE), layer)[:3] for layer in range(12)]
    ref.put(
        "off_by_layer",
        torch.stack([windows_off(*each) for each in every]),
        "[12, 3]: every block and head",
    )
    ref.put("twins", first_answers(), "[5, 2]: class and probability, in the order of TWINS")
    return ref
