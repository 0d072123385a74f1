"""Lesson 5: the logit lens, what each branch wrote, shortened models, receptive fields, a CNN's maps, sizes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.export.read import load_any
from training.measure.gallery import picture
from training.models.cnn import Cnn
from training.models.vit import ViT, ViTConfig
from training.paths import ROOT
from training.references.common import Reference, model, tensors

PICTURE = "golden-retriever"
PATCH = 16
CNN_LEVELS = ("whiten", "body.0", "body.1", "body.2")
VIT_LEVELS = ("tokens", "blocks.0", "blocks.5", "blocks.11")
PATCHES = (0, 90, 105, 195)
# Width, depth, heads, patch size of the published sizes (Dosovitskiy et al. 2021, table 1; Ti and S: Touvron et al.).
SIZES = {
    "ti": (192, 12, 3, 16),
    "s": (384, 12, 6, 16),
    "b": (768, 12, 12, 16),
    "l": (1024, 24, 16, 16),
    "h": (1280, 32, 16, 14),
}


def streams(t: dict[str, Tensor], depth: int) -> list[Tensor]:
    """The residual stream [T, D] before the first block and after each."""
    return [t["tokens"], *(t[f"blocks.{i}"] for i in range(depth))]


def attribution(t: dict[str, Tensor], net: ViT) -> tuple[Tensor, Tensor]:
    """[parts, K] and [K]: what CLS's start and every branch wrote into the logits, and the constant, in float64."""
    depth = len(net.blocks)
    parts = [t["tokens"][0]]
    for i in range(depth):
        parts += [t[f"blocks.{i}.attn.proj"][0], t[f"blocks.{i}.mlp.fc2"][0]]
    rows = torch.stack(parts).double()
    last = t[f"blocks.{depth - 1}"][0].double()
    scale = (last.var(unbiased=False) + net.norm.eps).sqrt()
    head = net.head.weight.double() * net.norm.weight.double()
    each = (rows - rows.mean(1, keepdim=True)) / scale @ head.T
    return each, net.head.weight.double() @ net.norm.bias.double() + net.head.bias.double()


def shortened(t: dict[str, Tensor], net: ViT, skip: set[int]) -> Tensor:
    """[K] probabilities of the model without some of its blocks, run again block by block."""
    x = t["tokens"][None]
    for i, block in enumerate(net.blocks):
        if i not in skip:
            x = block(x, None, f"blocks.{i}")
    probs: Tensor = net.head(net.norm(x[:, 0])).softmax(-1)[0]
    return probs


def distances(t: dict[str, Tensor], depth: int, grid: int) -> Tensor:
    """[depth, heads] mean attention distance in pixels, over patch queries and patch keys."""
    at = torch.cartesian_prod(torch.arange(grid), torch.arange(grid)).double()
    far = torch.cdist(at, at)
    out = []
    for i in range(depth):
        probs = t[f"blocks.{i}.attn.probs"][:, 1:, 1:].double()
        out.append(((probs * far).sum(-1) / probs.sum(-1)).mean(-1))
    return PATCH * torch.stack(out)


def field(count: int, every: int) -> int:
    """Side of the receptive field of `count` 3×3 convolutions, found by what a gradient reaches."""
    strides = [2 if every and (i + 1) % every == 0 else 1 for i in range(count)]
    x = torch.ones(1, 1, 1024, 1, requires_grad=True)
    y = x
    for stride in strides:
        conv = nn.Conv2d(1, 1, (3, 1), stride=(stride, 1), padding=(1, 0), bias=False)
        nn.init.ones_(conv.weight)
        y = conv(y) / 3
    y[0, 0, y.shape[2] // 2, 0].backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    return int((x.grad != 0).sum())


@torch.inference_mode()
def levels(net: Cnn, x: Tensor) -> dict[str, Tensor]:
    """Every named tensor of the CNN for x [1, 3, 32, 32], without the batch dimension."""
    capture: dict[str, Tensor] = {}
    net(x, capture)
    return {key: value[0] for key, value in capture.items()}


def rows_seen(net: Cnn, x: Tensor) -> Tensor:
    """[4, 3, 2]: of the first, the middle and the last cell of each level, the rows of pixels it sees: first, last + 1.

    A row of the picture is made NaN; what can depend on it becomes NaN too.
    """
    seen: dict[tuple[int, int], list[int]] = {}
    for row in range(x.shape[2]):
        broken = x.clone()
        broken[:, :, row] = torch.nan
        t = levels(net, broken)
        for level, name in enumerate(CNN_LEVELS):
            side = t[name].shape[1]
            for k, cell in enumerate((0, side // 2, side - 1)):
                if bool(t[name][:, cell].isnan().any()):
                    seen.setdefault((level, k), []).append(row)
    spans = [[[min(seen[i, k]), max(seen[i, k]) + 1] for k in range(3)] for i in range(len(CNN_LEVELS))]
    return torch.tensor(spans)


def extent(values: Tensor) -> Tensor:
    """[2]: least and largest."""
    return torch.stack([values.min(), values.max()])


def _pyramid(ref: Reference) -> None:
    net = load_any(ROOT / "models" / "cnn-cifar10")
    assert isinstance(net, Cnn)
    x = picture(PICTURE, "cnn-cifar10")
    maps = levels(net, x)
    ref.put("cnn.probs", maps["probs"], "[10] the CNN's answer")
    ref.put("cnn.range", torch.stack([extent(maps[name]) for name in CNN_LEVELS]), f"[4, 2] of {CNN_LEVELS}")
    ref.put("cnn.rows", rows_seen(net, x), "[4, 3, 2] rows of pixels that the first, middle and last cell see")
    t = tensors(picture(PICTURE), PATCH)
    patches = torch.stack([extent(t[name][1:]) for name in VIT_LEVELS])
    ref.put("vit.range", patches, f"[4, 2] of {VIT_LEVELS}, without CLS")


def size(dim: int, depth: int, heads: int, patch: int) -> tuple[int, float]:
    """Parameters of PyTorch's own modules, multiply-adds by the formula of the last lines; 224 pixels, 1000 classes."""
    with torch.device("meta"):
        cfg = ViTConfig(image=224, patch=patch, dim=dim, depth=depth, heads=heads, classes=1000)
        parameters = sum(p.numel() for p in ViT(cfg).parameters())
    n = (224 // patch) ** 2
    t = n + 1
    macs = n * 3 * patch**2 * dim + depth * (12 * t * dim**2 + 2 * t**2 * dim) + dim * 1000
    return parameters, float(macs)


@torch.inference_mode()
def _lens(ref: Reference) -> None:
    net = model()
    t = tensors(picture(PICTURE), PATCH)
    depth = len(net.blocks)
    every = torch.stack([net.head(net.norm(s)).softmax(-1) for s in streams(t, depth)])
    ref.put("lens.cls", every[:, 0], "[depth + 1, K] probabilities of CLS read at every depth")
    ref.put("lens.patches", every[:, [1 + n for n in PATCHES]], f"[depth + 1, 4, K] the same of patches {PATCHES}")
    ref.put("lens.winners", every[:, 1:].argmax(-1), "[depth + 1, N] most probable class of every patch")
    ref.put("heat.most", every[depth - 1, 1:].amax(0), "[K] greatest probability of each class in any patch, depth 11")
    ref.put("heat.mean", every[depth - 1, 1:].mean(0), "[K] its mean over the patches")
    ref.put("logits", t["logits"])
    ref.put("probs", t["probs"])
    each, constant = attribution(t, net)
    best = int(t["logits"].argmax())
    order = t["logits"].argsort(descending=True)
    ref.put("wrote", each[:, best], "[25] what CLS's start and every branch wrote into the winning logit")
    ref.put("wrote.constant", constant[best])
    ref.put("wrote.rival", each[:, best] - each[:, order[1]], "[25] the same for the lead over the second class")
    ref.put("wrote.off", (each.sum(0) + constant - t["logits"]).abs().max())
    ref.put("cut.last", shortened(t, net, {depth - 1}), "[K] without the last block")
    ref.put("cut.5", shortened(t, net, {5}), "[K] without block 5")
    each_cut = [float(shortened(t, net, {i}).argmax()) for i in range(depth)]
    ref.put("cut.winners", each_cut, "[12]: index of the answer without each block")
    ref.put("cut.3", shortened(t, net, {3}), "[K] without block 3")
    ref.put("distance", distances(t, depth, 224 // PATCH), "[depth, heads] mean attention distance, pixels")


def reference() -> Reference:
    """Numbers of lesson 5 for the picture and patch size it opens with."""
    ref = Reference()
    _lens(ref)
    _pyramid(ref)
    for every in (0, 4, 2):
        ref.put(f"field.{every}", [float(field(n, every)) for n in range(1, 9)], "side for 1 … 8 convolutions 3×3")
    for name, sizes in SIZES.items():
        parameters, macs = size(*sizes)
        # Counts of nine digits do not fit a float32: millions and the rest apart.
        ref.put(f"size.{name}.parameters", [float(parameters // 1_000_000), float(parameters % 1_000_000)])
        ref.put(f"size.{name}.gmacs", macs / 1e9)
    return ref
