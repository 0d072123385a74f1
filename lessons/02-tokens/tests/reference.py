"""Lesson 2: filters, class token, positions, and the four runs with and without positions and order."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from training.diffusion.noise import philox
from training.measure.gallery import picture
from training.references.common import Reference, labels, model, tensors

NAME = "vit-flexi"
PICTURE = "golden-retriever"
PATCH = 16
SEED = 1
#: Block and head whose attention the lesson compares.
BLOCK, HEAD = 2, 1


def permutation(n: int, seed: int) -> list[int]:
    """The shuffle of src/lib/analysis/permute.ts: Fisher and Yates with Philox4x32-10, key [seed, 0]."""
    blocks = (max(n - 1, 0) + 3) // 4
    counter = np.zeros((max(blocks, 1), 4), dtype=np.uint64)
    counter[:, 0] = np.arange(len(counter))
    words = philox(counter, (seed, 0)).reshape(-1)
    order = list(range(n))
    for taken, i in enumerate(range(n - 1, 0, -1)):
        j = int((float(words[taken]) + 0.5) / 2**32 * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def shuffled(x: Tensor, patch: int, order: list[int]) -> Tensor:
    """x [1, 3, S, S] with patch order[i] at place i."""
    side = x.shape[-1] // patch
    patches = x[0].reshape(3, side, patch, side, patch).permute(1, 3, 0, 2, 4).reshape(-1, 3, patch, patch)
    grid = patches[order].reshape(side, side, 3, patch, patch)
    return grid.permute(2, 0, 3, 1, 4).reshape(x.shape)


def run(x: Tensor, *, positions: bool, patch: int = PATCH) -> dict[str, Tensor]:
    """Every tensor of a forward pass, with the position table as it is or times 0."""
    table = model(NAME).pos_embed
    assert table is not None
    kept = table.data
    table.data = kept if positions else torch.zeros_like(kept)
    try:
        return tensors(x, patch, NAME)
    finally:
        table.data = kept


def cosines(table: Tensor) -> Tensor:
    """[n, D] to [n, n]."""
    unit: Tensor = table / table.norm(dim=1, keepdim=True)
    products: Tensor = unit @ unit.T
    return products


def sincos(side: int, dim: int) -> Tensor:
    """The 2-D sine and cosine table [side * side, dim]: column first, then row; sines, then cosines."""
    omega = 10000 ** (-torch.arange(dim // 4, dtype=torch.float64) / (dim // 4))
    rows, cols = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")

    def waves(at: Tensor) -> Tensor:
        angle = at.reshape(-1, 1).double() * omega
        return torch.cat([angle.sin(), angle.cos()], dim=1)

    return torch.cat([waves(cols), waves(rows)], dim=1)


def mean_distance(probs: Tensor) -> Tensor:
    """[T, T] with CLS first: mean distance of the patches' rows over patches, in patches."""
    inner = probs[1:, 1:].double()
    side = round(inner.shape[0] ** 0.5)
    rows, cols = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    places = torch.stack([rows.reshape(-1), cols.reshape(-1)], dim=1).double()
    weighted = (inner * torch.cdist(places, places)).sum(-1) / inner.sum(-1)
    return weighted.mean()


def along(x: Tensor, order: list[int]) -> Tensor:
    """[K]: the answer when every patch takes its position with it to its new place."""
    table = model(NAME).pos_embed
    assert table is not None
    kept = table.data
    table.data = kept[:, order]
    try:
        return tensors(shuffled(x, PATCH, order), PATCH, NAME)["probs"]
    finally:
        table.data = kept


def shuffled_inside(x: Tensor) -> Tensor:
    """x [1, 3, S, S] with the pixels of every patch in another order, the same in each."""
    order = torch.tensor(permutation(PATCH * PATCH, SEED))
    side = x.shape[-1] // PATCH
    patches = x[0].reshape(3, side, PATCH, side, PATCH).permute(1, 3, 0, 2, 4).reshape(-1, 3, PATCH * PATCH)
    grid = patches[..., order].reshape(side, side, 3, PATCH, PATCH)
    return grid.permute(2, 0, 3, 1, 4).reshape(x.shape)


def _outcomes(out: Reference, x: Tensor, order: list[int]) -> None:
    """What the prose says was to be seen, and what the exercise on shuffling asks."""

    def moved(a: Tensor, b: Tensor) -> Tensor:
        return (a - b).abs().sum() / 2

    straight, bare = (run(x, positions=on)["probs"] for on in (True, False))
    mixed = shuffled(x, PATCH, order)
    share = "share of the answer's probability that moves"
    out.put("moved-on", moved(run(mixed, positions=True)["probs"], straight), share)
    out.put("moved-off", moved(run(mixed, positions=False)["probs"], bare), share)
    out.put("moved-along", moved(along(x, order), straight), share)
    out.put("moved-inside", moved(run(shuffled_inside(x), positions=False)["probs"], bare), share)
    for patch in (8, 32):
        pieces = shuffled(x, patch, permutation((x.shape[-1] // patch) ** 2, SEED))
        out.put(f"probs-mixed-{patch}", run(pieces, positions=True, patch=patch)["probs"], "shuffled, with positions")
    out.put("probs-off-8", run(x, positions=False, patch=8)["probs"], "in order, without positions")
    for block, head in ((3, 0), (10, 1)):
        for key, on in (("on", True), ("off", False)):
            far = mean_distance(run(x, positions=on)[f"blocks.{block}.attn.probs"][head])
            out.put(f"distance-{block}.{head}-{key}", far, "in patches")
    mountain = tensors(picture("mountain", NAME), PATCH, NAME)
    with torch.inference_mode():
        pooled = model(NAME).head(mountain["norm"][1:].mean(0)).softmax(-1)
    out.put("mountain-cls", mountain["probs"], "the mountain, read from CLS")
    out.put("mountain-mean", pooled, "the mountain, read from the mean of its patches")


def reference() -> Reference:
    """Numbers of the gallery picture at patch size 16, in the lesson's default state."""
    out = Reference()
    net = model(NAME)
    x = picture(PICTURE, NAME)
    order = permutation((x.shape[-1] // PATCH) ** 2, SEED)
    mixed = shuffled(x, PATCH, order)
    straight, bare = run(x, positions=True), run(x, positions=False)
    both, bare_mixed = run(mixed, positions=True), run(mixed, positions=False)

    # the embedding
    kernel = net.patch_embed.proj.weight.detach().float().flatten(1)
    answers = straight["patch_embed"].double()
    out.put("answer-variance", answers.var(0), "variance of every filter's answers over the patches")
    out.put("weight-variance", kernel.double().var(1), "variance of every filter's weights")
    patches = straight["patches"].double()
    pattern = (answers - answers.mean(0)).T @ (patches - patches.mean(0)) / (len(patches) - 1)
    for key, table in (("weights", kernel.double()), ("answers", pattern)):
        values = torch.linalg.svdvals(table - table.mean(0)).square()
        out.put(f"share-{key}", (values / values.sum())[:32], "shares of the principal components")
    convolved = torch.nn.functional.conv2d(x, net.patch_embed.proj.weight.float(), net.patch_embed.proj.bias, PATCH)
    out.put("embed-0", convolved[0].flatten(1).T[:, 0], "feature 0 of every patch, by convolution")

    # the class token
    with torch.inference_mode():
        norm = straight["norm"]
        out.put("probs-cls", net.head(norm[0]).softmax(-1), "answer read from CLS")
        out.put("probs-mean", net.head(norm[1:].mean(0)).softmax(-1), "answer read from the mean of the patches")

    # positions
    stored = net.pos_embed
    assert stored is not None
    learned = stored.detach()[0].double()
    near = cosines(learned)
    out.put("near-learned", near[[0, 109, 195]], "cosines of positions 0, 109 and 195 with all")
    out.put("near-sincos", cosines(sincos(14, learned.shape[1]))[[0, 109, 195]], "the same, by the formula")
    small = run(x, positions=True, patch=32)
    resized = (small["pos_added"] - small["patch_embed"]).double()
    out.put("near-resized", cosines(resized)[26], "cosines of position 26 of the table resized to 7 x 7")

    # the four runs
    out.put("order", [float(i) for i in order], "the shuffle of seed 1")
    for key, tokens in (("on-order", straight), ("on-mixed", both), ("off-order", bare), ("off-mixed", bare_mixed)):
        out.put(f"probs-{key}", tokens["probs"], "answer of the run")
        out.put(f"distance-{key}", mean_distance(tokens[f"blocks.{BLOCK}.attn.probs"][HEAD]), "in patches")
    places = [0, *(1 + i for i in order)]
    out.put("delta-on", (both["norm"] - straight["norm"][places]).abs().max(), "with positions")
    out.put("delta-off", (bare_mixed["norm"] - bare["norm"][places]).abs().max(), "without positions")
    _outcomes(out, x, order)
    assert len(labels(NAME)) == len(straight["probs"])
    return out
