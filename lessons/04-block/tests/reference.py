"""Lesson 4: a token's way through a block, LayerNorm, the stream over depth, GELU's inputs, skips, token colours."""

from __future__ import annotations

import torch
from torch import Tensor

from training.measure.gallery import picture
from training.models.vit import ViT, ViTConfig
from training.references.common import Reference, model, tensors

PICTURE = "golden-retriever"
PATCH = 16
GRID = 14
# The pixel (row 124, column 180) of the lesson's first state lies in patch (7, 11); CLS comes before the patches.
TOKEN = 1 + (124 // PATCH) * GRID + 180 // PATCH
BLOCK = 5
GELU_RANGE = (-6.0, 4.0)
GELU_BINS = 100
QUIET = 0.1
# What the diagram says of the followed token: the named tensors of block 5, in the order of the forward pass.
PARTS = (
    "norm1",
    "attn.qkv",
    "attn.v",
    "attn.scores",
    "attn.probs",
    "attn.out",
    "attn.merged",
    "attn.proj",
    "attn.residual",
    "norm2",
    "mlp.fc1",
    "mlp.gelu",
    "mlp.fc2",
)
# Width, heads, tokens at 224 pixels of the published sizes (Dosovitskiy et al. 2021, table 1; Ti, S: Touvron et al.).
SIZES = {"ti": (192, 3, 197), "s": (384, 6, 197), "b": (768, 12, 197), "l": (1024, 16, 197), "h": (1280, 16, 257)}
# A colour runs from this share of the projections to the other.
ENDS = (0.02, 0.98)


def stream(named: dict[str, Tensor], depth: int) -> Tensor:
    """[depth + 1, T, D]: the tokens, then what each block passes on."""
    return torch.stack([named["tokens"], *(named[f"blocks.{i}"] for i in range(depth))]).double()


def summary(values: Tensor) -> Tensor:
    """[depth + 1, T] to [depth + 1, 5]: CLS, the followed token, and 10 %, 50 %, 90 % of the patch tokens."""
    spread = torch.quantile(values[:, 1:], torch.tensor([0.1, 0.5, 0.9], dtype=values.dtype), dim=1).T
    return torch.cat([values[:, :1], values[:, TOKEN : TOKEN + 1], spread], dim=1)


def explained(tokens: Tensor, directions: Tensor) -> Tensor:
    """Share of the variance of tokens [N, D] along each of the directions [k, D]."""
    centred = tokens - tokens.mean(0)
    return ((centred @ directions.T) ** 2).sum(0) / (centred**2).sum()


def components(rows: Tensor) -> Tensor:
    """[3, D]: the first three principal components of rows [N, D]."""
    axes: Tensor = torch.linalg.svd(rows - rows.mean(0), full_matrices=False).Vh[:3]
    return axes


def row_of(values: Tensor, token: int) -> Tensor:
    """What a tensor [T, …] or [heads, T, …] holds of one token, flat."""
    return (values[token] if values.ndim == 2 else values[:, token]).flatten().double()


def block_cost(dim: int, heads: int, tokens: int) -> tuple[int, float]:
    """Parameters of PyTorch's own block, multiply-adds by the formula of the paper's sizes, both of one block."""
    with torch.device("meta"):
        net = ViT(ViTConfig(image=224, patch=16, dim=dim, depth=1, heads=heads, classes=10))
        parameters = sum(p.numel() for p in net.blocks[0].parameters())
    return parameters, float(12 * tokens * dim**2 + 2 * tokens**2 * dim)


def without(x: Tensor, left_out: set[int]) -> Tensor:
    """[K]: the answer when the blocks `left_out` pass their tokens through."""
    net = model()
    hooks = [net.blocks[i].register_forward_hook(lambda _m, args, _o: args[0]) for i in sorted(left_out)]
    try:
        with torch.inference_mode():
            probs: Tensor = net(x, PATCH)[0].softmax(-1)
            return probs
    finally:
        for hook in hooks:
            hook.remove()


def parted(rows: Tensor) -> Tensor:
    """Share of the variance of the patch tokens [196, D] between the dog (rows 2-12, columns 3-11) and the rest."""
    dog = torch.tensor([2 <= n // GRID <= 12 and 3 <= n % GRID <= 11 for n in range(GRID * GRID)])
    centred = rows - rows.mean(0)
    between = sum(part.mean(0).square().sum() * len(part) for part in (centred[dog], centred[~dog]))
    return torch.as_tensor(between) / centred.square().sum()


def _outcomes(out: Reference, x: Tensor, named: dict[str, Tensor], at: Tensor) -> None:
    """What the prose says was to be seen."""
    depth = len(model().blocks)
    for block in (3, 11):
        out.put(f"reach.{block}.in", named[f"blocks.{block - 1}"][TOKEN].abs().max(), "of the followed token")
        out.put(f"reach.{block}.norm", named[f"blocks.{block}.norm1"][TOKEN].abs().max(), "after LayerNorm 1")
    below = [(named[f"blocks.{i}.mlp.fc1"] < 0).double().mean() for i in range(depth)]
    out.put("gelu.below.each", torch.stack(below), "[12]: share of the inputs below 0")
    out.put("corner.cosine", torch.cosine_similarity(at[:, 1], at[:1, 1], dim=-1), "[13]: of the patch in the corner")
    chair = picture("chair")
    for name, seen in (("", x), (".chair", chair)):
        winners = [float(without(seen, {i}).argmax()) for i in range(depth)]
        out.put(f"skip.winners{name}", winners, "[12]: index of the answer without each block")
        out.put(f"skip.top{name}", float(without(seen, set()).argmax()), "index of the intact answer")
    out.put("skip.all.chair", without(chair, set(range(depth))), "[K]: the chair without any block")
    out.put("maps.parted", torch.stack([parted(rows) for rows in at[:, 1:]]), "[13]: dog against background")


def reference() -> Reference:
    """The numbers lesson 4 shows for its first picture at patch size 16."""
    out = Reference()
    x = picture(PICTURE)
    named = tensors(x, PATCH)
    net = model()
    depth = len(net.blocks)

    for part in PARTS:
        reach = row_of(named[f"blocks.{BLOCK}.{part}"], TOKEN).abs().max()
        out.put(f"reach.{part}", reach, "greatest absolute value the tensor holds of the followed token")
    length = row_of(named[f"blocks.{BLOCK}.attn.qkv"], TOKEN).norm()
    out.put("token.length", length, "length of the followed token's q, k and v side by side, block 5")
    for name, sizes in SIZES.items():
        parameters, macs = block_cost(*sizes)
        # Counts of eight digits do not fit a float32: thousands and the rest apart.
        out.put(f"work.{name}.parameters", [float(parameters // 1000), float(parameters % 1000)])
        out.put(f"work.{name}.macs", macs, "multiply-adds of one block")

    row = named[f"blocks.{BLOCK - 1}"][TOKEN].double()
    variance = row.var(correction=0)
    weights = net.state_dict()
    gamma, beta = (weights[f"blocks.{BLOCK}.norm1.{part}"].double() for part in ("weight", "bias"))
    result = (row - row.mean()) / (variance + net.cfg.norm_eps).sqrt() * gamma + beta
    out.put("norm.mean", row.mean(), "mean of the followed token before LayerNorm 1 of block 5")
    out.put("norm.variance", variance, "its biased variance")
    out.put("norm.result", result, "[D]: that LayerNorm by its formula")

    at = stream(named, depth)
    out.put("depth.norm", summary(at.norm(dim=-1)), "[13, 5]: CLS, token, 10 %, 50 %, 90 % of the patches")
    out.put("depth.cosine", summary(torch.cosine_similarity(at, at[:1], dim=-1)), "[13, 5]: to depth 0")

    inputs = named[f"blocks.{BLOCK}.mlp.fc1"].double()
    low, high = GELU_RANGE
    out.put("gelu.counts", torch.histc(inputs, GELU_BINS, low, high), "[100]: inputs of GELU from -6 to 4, block 5")
    out.put("gelu.below", (inputs < 0).double().mean(), "share of the inputs below 0")
    quiet = torch.nn.functional.gelu(inputs).abs() < QUIET
    out.put("gelu.quiet", quiet.double().mean(), "share of the outputs nearer to 0 than 0.1")
    out.put("gelu.mean", inputs.mean(), "mean of the inputs")

    out.put("skip.none", without(x, set()), "[K]: the intact answer")
    out.put("skip.block5", without(x, {BLOCK}), "[K]: the answer without block 5")
    out.put("skip.all", without(x, set(range(depth))), "[K]: the answer without any block")
    winner = int(without(x, set()).argmax())
    out.put("skip.each", torch.stack([without(x, {i})[winner] for i in range(depth)]), "[12]: of the intact winner")

    patches = at[:, 1:]
    axes = [components(rows) for rows in patches]
    own = torch.stack([explained(rows, own_axes) for rows, own_axes in zip(patches, axes, strict=True)])
    last = (patches[-1] - patches[-1].mean(0)) @ axes[-1].T
    ends = torch.quantile(last, torch.tensor(ENDS, dtype=last.dtype), dim=0).T
    out.put("pca.range", ends, "[3, 2]: 2nd and 98th hundredth of the last depth's projections; the sign is free")
    joint = components(patches.reshape(-1, patches.shape[-1]))
    out.put("pca.own", own, "[13, 3]: variance explained by each depth's own components")
    out.put("pca.all", torch.stack([explained(rows, joint) for rows in patches]), "[13, 3]: by those of all depths")
    _outcomes(out, x, named, at)
    return out
