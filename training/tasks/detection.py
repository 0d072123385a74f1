"""Detection: a set of boxes with their classes. Every scene is drawn for its step and never seen again.

Source: Carion et al. 2020, sections 3.1 and A.2. Beside it, in training alone: several groups of queries that are each
matched by themselves (Group DETR, Chen et al. 2022), and a head on the encoder's tokens that says of each which object
it lies on (after Co-DETR, Zong et al. 2022). Neither is exported; the network that is has one group and no such head.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import Config
from training.data.emoji.sprites import Sprites
from training.data.scenes import MOST, SceneMaker
from training.errors import TrainingError
from training.models.detr import DETR, Detections
from training.models.detr_config import DETRConfig
from training.models.detr_layers import DecoderLayer, EncoderLayer, sines
from training.tasks.base import Batch, Parts, Rows, Task
from training.tasks.boxes import corners, overlap
from training.tasks.held_out_scenes import measure_detector
from training.tasks.matching import assign


def match_costs(found: Detections, classes: Tensor, boxes: Tensor, weights: tuple[float, float, float]) -> Tensor:
    """Costs [M, T, Q] of each object for each query: class (-p), L1 and -GIoU times `weights`; 0 for what is no object.

    `found`: M sets of Q; `classes` [M, T], -1 for none; `boxes` [M, T, 4].
    """
    probs = found.logits.float().softmax(-1)
    by_class = -probs.transpose(1, 2).gather(1, classes.clamp(min=0)[..., None].expand(-1, -1, probs.shape[1]))
    there, said = boxes[:, :, None], found.boxes.float()[:, None]
    _, giou = overlap(corners(there), corners(said))
    costs = weights[0] * by_class + weights[1] * (there - said).abs().sum(-1) - weights[2] * giou
    return costs * (classes >= 0)[..., None]


def set_loss(found: Detections, classes: Tensor, boxes: Tensor, config: Config) -> Parts:
    """The parts of the loss of M sets of Q detections against objects [M, T], means over objects: ce, l1, giou.

    Every object is matched with one query; the others are to say "no object", which counts `empty` as much.
    """
    cfg = config.detection
    with torch.no_grad():
        costs = match_costs(found, classes, boxes, (cfg.class_cost, cfg.box, cfg.giou))
        query = torch.from_numpy(assign(costs.cpu().double().numpy())).to(classes.device)
    row, slot = torch.nonzero(classes >= 0, as_tuple=True)
    own = query[row, slot]
    logits = found.logits.float()
    wanted = torch.full(logits.shape[:2], logits.shape[-1] - 1, device=logits.device)
    wanted[row, own] = classes[row, slot]
    weight = torch.ones(logits.shape[-1], device=logits.device)
    weight[-1] = cfg.empty
    objects = max(len(row), 1)
    said, there = found.boxes.float()[row, own], boxes[row, slot]
    _, giou = overlap(corners(said), corners(there))
    return {
        "ce": F.cross_entropy(logits.transpose(1, 2), wanted, weight),
        "l1": (said - there).abs().sum() / objects,
        "giou": (1 - giou).sum() / objects,
    }


@torch.no_grad()
def begin_at_places(net: DETR, queries: Tensor, sharpness: float, generator: torch.Generator) -> None:
    """A start that knows its way: each query of `queries` [G Q, D] begins as the sines of a place, those of the
    first group on a regular grid, and looks around it; a random start has to find out first what places are.

    For that the decoder's attention to the picture projects queries and keys alike, and strongly, along the sines that
    change over the picture, and the norms before it leave these entries nearly to the positions.
    """
    cfg = net.cfg
    across = max(1, round(cfg.queries**0.5))
    at = torch.arange(cfg.queries, dtype=torch.float64)
    grid = torch.stack([(at // across + 0.5) / -(-cfg.queries // across), (at % across + 0.5) / across], 1)
    free = torch.rand(len(queries) - cfg.queries, 2, dtype=torch.float64, generator=generator)
    places = torch.cat([grid, free]) + 0.5 / cfg.grid  # the middle of the first token counts as one whole token
    queries.copy_(sines(places[:, 0], places[:, 1], cfg.dim))
    half = torch.arange(cfg.dim) % (cfg.dim // 2)
    near = torch.nonzero(10000.0 ** (-4 * (half // 2) / cfg.dim) > 0.2)[:, 0]
    width = cfg.dim // cfg.heads
    scale = (sharpness * width**0.5) ** 0.5
    last = net.transformer.encoder.layers[-1]
    assert isinstance(last, EncoderLayer)
    quiet = [last.norm2]
    for layer in net.transformer.decoder.layers:
        assert isinstance(layer, DecoderLayer)
        weight = layer.multihead_attn.in_proj_weight
        for head in range(cfg.heads):
            turned = torch.linalg.qr(torch.randn(max(width, len(near)), len(near), generator=generator))[0][:width]
            for part in (0, 1):
                rows = slice(part * cfg.dim + head * width, part * cfg.dim + (head + 1) * width)
                weight[rows, near] = turned * scale
        quiet.append(layer.norm1)
    for norm in quiet:
        norm.weight[near] = 0.4


class Detect(Task):
    """A DETR, sprites, and photos to put them on: uint8 [n, P, P, 3], those held out apart."""

    def __init__(
        self, config: Config, sprites: Sprites, photos: np.ndarray, held_out: np.ndarray, device: torch.device
    ) -> None:
        cfg = config.model
        if not isinstance(cfg, DETRConfig):
            raise TrainingError(f"{config.source}: this task needs the architecture detr.")
        labels = len(sprites.labels)
        if cfg.classes > labels:
            raise TrainingError(f"{config.source}: model.classes is {cfg.classes}, scenes have {labels}.")
        if cfg.queries < MOST:
            raise TrainingError(f"{config.source}: model.queries is {cfg.queries}, a scene has up to {MOST} objects.")
        torch.manual_seed(config.seed)
        super().__init__(config, DETR(cfg), device)
        self.cfg, self.sprites, self.photos, self.held_out = cfg, sprites, photos, held_out
        rows = sprites.rows("train")
        rows = rows[sprites.classes[rows] < cfg.classes]
        self.maker = SceneMaker(sprites, rows, photos, cfg.image)
        self.rows = Rows(len(photos), config.train.batch, config.seed)
        groups = config.detection.groups - 1
        self.more_queries = nn.Parameter(torch.randn(groups * cfg.queries, cfg.dim, device=device)) if groups else None
        if config.detection.places:
            start = torch.empty(config.detection.groups * cfg.queries, cfg.dim)
            net = self.net()
            begin_at_places(net, start, config.detection.places, torch.Generator().manual_seed(config.seed))
            net.query_embed.weight.data.copy_(start[: cfg.queries])
            if self.more_queries is not None:
                self.more_queries.data.copy_(start[cfg.queries :])
        self.dense = nn.Linear(cfg.dim, cfg.classes + 5).to(device) if config.detection.dense else None

    def net(self) -> DETR:
        """The detector itself."""
        assert isinstance(self.model, DETR)
        return self.model

    def batch(self, step: int) -> Batch:
        """Scenes of a step, every sixteenth without an object; each process draws its own."""
        rng = np.random.default_rng([self.config.seed, step, self.rank])
        size = self.config.train.batch // self.world
        counts = rng.integers(1, MOST + 1, size) * (rng.random(size) >= 1 / 16)
        scenes = self.maker.make(counts, rng)
        half = self.cfg.stride // 2
        owner = torch.from_numpy(scenes.owner[:, half :: self.cfg.stride, half :: self.cfg.stride].astype(np.int64))
        values = {"classes": torch.from_numpy(scenes.classes), "boxes": torch.from_numpy(scenes.boxes)}
        batch = {"x": scenes.x, "owner": owner.flatten(1), **values}
        return {key: value.to(self.device) for key, value in batch.items()}

    def dense_loss(self, memory: Tensor, batch: Batch) -> Tensor:
        """Of each token of the memory [B, N, D] the object on its middle: class, and box from the token's middle."""
        assert self.dense is not None
        out = self.dense(memory).float()
        owner, cfg = batch["owner"], self.cfg
        slot = owner.clamp(min=0)
        wanted = torch.where(owner >= 0, batch["classes"].gather(1, slot), cfg.classes)
        ce = F.cross_entropy(out[..., : cfg.classes + 1].transpose(1, 2), wanted)
        at = (torch.arange(cfg.grid, device=memory.device) + 0.5) / cfg.grid
        middle = torch.stack([at.repeat(cfg.grid), at.repeat_interleave(cfg.grid)], -1)
        boxes = corners(batch["boxes"]).gather(1, slot[..., None].expand(-1, -1, 4))
        on = owner >= 0
        off = (out[..., cfg.classes + 1 :] * 0.25 - (boxes - middle.repeat(1, 2)))[on]
        boxed: Tensor = off.abs().sum() / max(len(off), 1)
        return ce + 5 * boxed

    def forward(self, batch: Batch) -> tuple[Tensor, Parts]:
        """The set loss of every decoder layer and group of queries, and the encoder's own head's."""
        cfg, net = self.config.detection, self.net()
        query = net.query_embed.weight
        if self.more_queries is not None:
            query = torch.cat([query, self.more_queries])
        with self.autocast():
            memory = net.encode(batch["x"])
            layers = net.decode(query, memory, groups=cfg.groups)
            dense = self.dense_loss(memory, batch) if self.dense is not None else None
        queries, labels = self.cfg.queries, self.cfg.classes + 1
        stacked = Detections(
            torch.cat([found.logits.reshape(-1, queries, labels) for found in layers]),
            torch.cat([found.boxes.reshape(-1, queries, 4) for found in layers]),
        )
        classes = batch["classes"].repeat_interleave(cfg.groups, 0).repeat(len(layers), 1)
        boxes = batch["boxes"].repeat_interleave(cfg.groups, 0).repeat(len(layers), 1, 1)
        parts = set_loss(stacked, classes, boxes, self.config)
        loss = len(layers) * (parts["ce"] + cfg.box * parts["l1"] + cfg.giou * parts["giou"])
        if dense is not None:
            parts["dense"] = dense
            loss = loss + cfg.dense * dense
        return loss, {key: value.detach() for key, value in parts.items()}

    def fresh_model(self) -> nn.Module:
        return DETR(self.cfg).to(self.device)

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """See measure_detector."""
        assert isinstance(model, DETR)
        train = self.config.train
        return measure_detector(model, self.sprites, self.held_out, train.eval_count, train.bf16)
