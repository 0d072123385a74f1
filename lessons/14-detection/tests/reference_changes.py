"""What the network says of the scene that lesson 14 opens with, as it is and with one thing changed at a time."""

from __future__ import annotations

import torch
from torch import Tensor

from training.models.detr import DETR
from training.references.common import Reference

# Queries that stay in the step that opens with fewer.
KEPT = 2


def spread(count: int) -> list[int]:
    """The queries in the order in which they stay, far apart at first: as kept-queries.ts of the page has it."""
    bits = max(1, (count - 1).bit_length())
    turned = [int(format(i, f"0{bits}b")[::-1], 2) for i in range(2**bits)]
    return [i for i in turned if i < count]


def placed_nowhere(model: DETR, x: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities and boxes without positions, neither in the encoder nor on the keys."""
    positions = model.positions
    try:
        model.positions = torch.zeros_like(positions)
        found = model(x)
        return found.logits.softmax(-1), found.boxes
    finally:
        model.positions = positions


def put_changes(ref: Reference, model: DETR, x: Tensor) -> None:
    """Keep `opened.<way>.probs` [Q, K + 1] and `.boxes` [Q, 4] of a scene x [1, 3, S, S], way by way."""
    with torch.inference_mode():
        query, memory = model.query_embed.weight, model.encode(x)
        kept = sorted(spread(len(query))[:KEPT])
        layers = model.decode(query, memory)
        found = {
            "plain": layers[-1],
            "layer0": layers[0],
            "alone": model.decode(query, memory, self_attention=False)[-1],
            "equal": model.decode(query.mean(0, keepdim=True).expand_as(query), memory)[-1],
            "fewer": model.decode(query[kept], memory)[-1],
        }
        tables = {way: (one.logits.softmax(-1), one.boxes) for way, one in found.items()}
        tables["positions"] = placed_nowhere(model, x)
    for way, (probs, boxes) in tables.items():
        ref.put(f"opened.{way}.probs", probs[0], "[Q, K + 1]")
        ref.put(f"opened.{way}.boxes", boxes[0], "[Q, 4]")
