"""Lesson 3, attention: measures of every head, one cell, other readings, and what cuts do to the answer.

Formulas: entropy and distance as in src/lib/analysis/attention.ts, written out here in matrices; rollout as the whole
product of Abnar & Zuidema 2020, section 3; cuts by hooks on the model, not by the graph's inputs.
"""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor

from training.measure.gallery import picture
from training.references.common import Reference, labels, model, tensors

PICTURE = "golden-retriever"
PATCH = 16
GRID = 224 // PATCH
# The lesson's defaults: layer and head, the patch that asks (row 5, column 7), the one looked at (row 7, column 12).
LAYER, HEAD = 9, 1
QUERY = 1 + 5 * GRID + 7
KEY = 1 + 7 * GRID + 12
FEATURE = 0
# Patch size at which every patch is taken out once.
LARGE = 32


def entropies(probs: Tensor) -> Tensor:
    """[depth, h] in bits: the mean entropy of the rows of probs [depth, h, T, T]."""
    return -torch.xlogy(probs, probs).sum(-1).mean(-1) / math.log(2)


def distances(probs: Tensor) -> Tensor:
    """[depth, h] in pixels: mean attention distance over patch queries; CLS left out, the rest scaled to 1."""
    place = torch.cartesian_prod(torch.arange(GRID), torch.arange(GRID)).double()
    apart = torch.cdist(place, place) * PATCH
    among = probs[..., 1:, 1:]
    return ((among * apart).sum(-1) / among.sum(-1)).mean(-1)


def rollout(probs: Tensor) -> Tensor:
    """[T, T]: the product of ½ mean over heads + ½ I, rows scaled to 1, last layer first."""
    eye = torch.eye(probs.shape[-1], dtype=probs.dtype)
    whole = eye
    for layer in probs:
        step = 0.5 * layer.mean(0) + 0.5 * eye
        whole = (step / step.sum(-1, keepdim=True)) @ whole
    return whole


def attend_without(module: Any, head: int | None, out: list[int], x: Tensor) -> tuple[Tensor, Tensor]:
    """Output and weights [h, T, T] for x [1, T, D], one head's output zeroed and some keys taken out."""
    _, tokens, dim = x.shape
    heads = module.heads
    q, k, v = module.qkv(x).reshape(1, tokens, 3, heads, dim // heads).permute(2, 0, 3, 1, 4)
    scores = q @ k.transpose(-2, -1) / math.sqrt(dim // heads)
    if out:
        scores[..., out] = -torch.inf
    weights = scores.softmax(-1)
    mixed = weights @ v
    if head is not None:
        mixed[:, head] = 0
    result: Tensor = module.proj(mixed.transpose(1, 2).reshape(1, tokens, dim))
    return result, weights[0]


def changed(x: Tensor, off: set[tuple[int, int]], out: list[int], patch: int = PATCH) -> tuple[Tensor, list[Tensor]]:
    """Probabilities [K] and every layer's weights [h, T, T], with heads (layer, head) off and tokens out."""
    maps: list[Tensor] = []
    with ExitStack() as stack, torch.inference_mode():
        for layer, block in enumerate(model().blocks):
            head = next((h for one, h in off if one == layer), None)

            def hook(module: Any, args: tuple[Any, ...], _result: Any, head: int | None = head) -> Tensor:
                result, weights = attend_without(module, head, out, args[0])
                maps.append(weights)
                return result

            assert isinstance(block.attn, torch.nn.Module)
            stack.callback(block.attn.register_forward_hook(hook).remove)
        logits: Tensor = model()(x, patch)
        return logits.softmax(-1)[0], maps


def shared(a: Tensor, b: Tensor) -> Tensor:
    """Overlap of rows [..., T]: the weight both put on the same tokens, mean over rows and heads."""
    return torch.minimum(a, b).sum(-1).mean()


def without_heads(x: Tensor, off: set[tuple[int, int]]) -> Tensor:
    """[K]: the answer with any number of heads (layer, head) off."""
    with ExitStack() as stack, torch.inference_mode():
        for layer, block in enumerate(model().blocks):
            heads = [h for one, h in off if one == layer]

            def hook(module: Any, args: tuple[Any, ...], _result: Any, heads: list[int] = heads) -> Tensor:
                (x,) = args[:1]
                _, tokens, dim = x.shape
                q, k, v = module.qkv(x).reshape(1, tokens, 3, module.heads, -1).permute(2, 0, 3, 1, 4)
                mixed = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).softmax(-1) @ v
                mixed[:, heads] = 0
                result: Tensor = module.proj(mixed.transpose(1, 2).reshape(1, tokens, dim))
                return result

            assert isinstance(block.attn, torch.nn.Module)
            stack.callback(block.attn.register_forward_hook(hook).remove)
        probs: Tensor = model()(x, PATCH)[0].softmax(-1)
        return probs


def _outcomes(ref: Reference, x: Tensor, t: dict[str, Tensor], probs: Tensor) -> None:
    """What the prose says was to be seen."""
    depth, heads = probs.shape[:2]
    ref.put("columns", probs[LAYER, HEAD].mean(0), "mean of every column of layer 9, head 1, [T]")
    ref.put("diagonal", probs[LAYER, HEAD].diagonal().mean(), "mean of its diagonal")
    flower = tensors(picture("sunflower"), PATCH)
    ref.put("distance_sunflower", distances(torch.stack([flower[f"blocks.{i}.attn.probs"] for i in range(depth)])))
    rolled = torch.stack([rollout(probs[: layer + 1])[0] for layer in range(depth)])
    ref.put("rollout_kept", torch.minimum(rolled[1:], rolled[:-1]).sum(-1), "overlap of CLS's row with a layer less")
    raw = probs[:, 0, 0]
    ref.put("raw_kept", torch.minimum(raw[1:], raw[:-1]).sum(-1), "the same of raw attention, head 0")
    carried = probs[0, 0, 0] * t["blocks.0.attn.v"][0].double().norm(dim=-1)
    ref.put("own_raw", probs[0, 0, 0, 0], "what CLS gives itself in layer 0, head 0")
    ref.put("own_carried", carried[0] / carried.sum(), "its share of what is carried")
    whole = without_heads(x, set())
    top = int(whole.argmax())
    every = [(layer, head) for layer in range(depth) for head in range(heads)]
    ref.put("one_off", [float(without_heads(x, {pair})[top]) for pair in every], "the answer without each head")
    layers = [without_heads(x, {(layer, head) for head in range(heads)}) for layer in range(depth)]
    ref.put("layer_off", torch.stack(layers), "[depth, K]: without each layer's heads")
    ref.put("without_last", without_heads(x, {(depth - 1, 0)}), "[K]: without head 0 of the last layer")
    ref.put("only_chosen", without_heads(x, set(every) - {(LAYER, HEAD)}), "[K]: with layer 9, head 1 alone")
    face = [1 + row * GRID + col for row in range(2, 10) for col in range(3, 12)]
    rest = [n for n in range(1, 1 + GRID * GRID) if n not in face]
    on_face = probs[-1, :, 0].mean(0)[face].sum()
    ref.put("on_face", on_face, "weight of CLS in the last layer on the face, mean of heads")
    ref.put("without_face", changed(x, set(), face)[0], "[K]: rows 2 to 9, columns 3 to 11 out")
    ref.put("only_face", changed(x, set(), rest)[0], "[K]: all others out")
    near = [n for n in range(GRID * GRID) if abs(n // GRID - 6) <= 1 and abs(n % GRID - 7) <= 1]
    falls = [float(whole[top] - changed(x, set(), [1 + n])[0][top]) for n in near]
    ref.put("one_by_one", falls, "fall of the answer without each of the nine patches around row 6, column 7")
    nine = changed(x, set(), [1 + n for n in near])[0][top]
    ref.put("nine", float(whole[top] - nine), "fall of the answer without all nine")


def finer(weights: Tensor, grid: int) -> Tensor:
    """Weights of g * g patches on a grid whose side is a multiple of g, in multiples of the even share 1 / g²."""
    own = round(len(weights) ** 0.5)
    square = weights.reshape(own, own) * own**2
    by = grid // own
    wide: Tensor = square.repeat_interleave(by, 0).repeat_interleave(by, 1)
    return wide


def reference() -> Reference:
    """Every number of the lesson that the end-to-end test compares."""
    ref = Reference()
    x = picture(PICTURE)
    t = tensors(x, PATCH)
    probs = torch.stack([t[f"blocks.{i}.attn.probs"] for i in range(len(model().blocks))]).double()
    ref.put("entropy", entropies(probs), "mean entropy of the rows, bits, [depth, h]")
    ref.put("distance", distances(probs), "mean attention distance, pixels, [depth, h]")
    chosen = probs[LAYER, HEAD]
    ref.put("overlap", torch.minimum(chosen, probs).sum(-1).mean(-1), "with layer 9, head 1, [depth, h]")
    ref.put("row", chosen[QUERY], "row of the patch in row 5, column 7, [T]")
    ref.put("cls_row", probs[-1, HEAD, 0], "row of CLS in the last layer, [T]")
    name = f"blocks.{LAYER}.attn"
    q, k, v = (t[f"{name}.{part}"][HEAD].double() for part in "qkv")
    products = q[QUERY] * k[KEY]
    ref.put("products", products, "q·k place by place, [d]")
    ref.put("score", products.sum() / math.sqrt(len(products)), "q·k / √d")
    scores = q[QUERY] @ k.T / math.sqrt(len(products))
    ref.put("scores", scores, "its row of scores, [T]")
    ref.put("cool", (scores / 0.5).softmax(-1)[KEY], "its share at temperature 0.5")
    ref.put("mixed", (chosen[QUERY] @ v)[FEATURE], "feature 0 of what the head hands on")
    ref.put("rollout", rollout(probs)[0], "of CLS through all layers, [T]")
    last = t[f"blocks.{len(probs) - 1}.attn.v"][HEAD].double()
    carried = probs[-1, HEAD, 0] * last.norm(dim=-1)
    ref.put("norm", carried / carried.sum(), "attention × value length of CLS, last layer, [T]")
    other = probs[LAYER, 0, QUERY]
    ref.put("moved", (chosen[QUERY] - other)[1:].abs().sum() / 2, "weight to move between layer 9's heads 1 and 0")
    small = PATCH // 2
    fine = GRID * PATCH // small
    asks = 1 + int(5.5 / GRID * fine) * fine + int(7.5 / GRID * fine)
    second = tensors(x, small)[f"{name}.probs"][0, asks, 1:].double()
    apart = (finer(chosen[QUERY, 1:], fine) - finer(second, fine)).abs().sum() / 2 / fine**2
    ref.put("moved_8", apart, "the same against head 0 at patch size 8, both in even shares")

    intact, before = changed(x, set(), [])
    top = int(intact.argmax())
    ref.put("top", float(top), f"index of the likeliest class, {labels()[top]}")
    ref.put("intact", intact, "probabilities of the whole model, [K]")
    half = [1 + n for n in range(GRID * GRID // 2)]
    for key, off, out in (("head", {(LAYER, HEAD)}, []), ("half", set[tuple[int, int]](), half)):
        probabilities, after = changed(x, off, out)
        ref.put(f"without_{key}", probabilities, "with layer 9, head 1 off or the upper half of the patches out, [K]")
        kept = [float(shared(a, b)) for a, b in zip(before, after, strict=True)]
        ref.put(f"kept_{key}", kept, "overlap with the intact attention, [depth]")
    whole, _ = changed(x, set(), [], LARGE)
    best = int(whole.argmax())
    falls = [float(whole[best] - changed(x, set(), [1 + n], LARGE)[0][best]) for n in range((224 // LARGE) ** 2)]
    ref.put("occlusion", falls, "fall of the likeliest class without each patch of 32 pixels, [49]")
    _outcomes(ref, x, t, probs)
    return ref
