"""Signs as a model meets them: turned, larger or smaller, moved, on paper of any light colour."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.config_tasks import ContrastConfig


def draw_signs(images: np.ndarray, cfg: ContrastConfig, rng: np.random.Generator) -> Tensor:
    """uint8 [B, S, S, 3] on white to float32 [B, 3, S, S] in [-1, 1].

    None is mirrored, for a hand that points to the left is another sign. What comes in at an edge is white. Colour of
    paper multiplies, as it does under ink: the pack does not say where a white area belongs to the sign.
    """
    count = len(images)
    x = 255 - torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float()
    angle = rng.uniform(-cfg.turn, cfg.turn, count) * math.pi / 180
    size = np.exp(math.log1p(-cfg.zoom) * rng.uniform(-1, 1, count))
    moves = rng.uniform(-cfg.move, cfg.move, (count, 2)) * 2  # in affine_grid's [-1, 1]
    cos, sin = np.cos(angle) / size, np.sin(angle) / size
    rows = np.stack([np.stack([cos, -sin, moves[:, 0]], 1), np.stack([sin, cos, moves[:, 1]], 1)], 1)
    grid = F.affine_grid(torch.from_numpy(rows).float(), list(x.shape), align_corners=False)
    x = 255 - F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    paper = np.where(rng.random((count, 1)) < cfg.paper, rng.uniform(0.6, 1, (count, 3)), 1)
    return x * torch.from_numpy(paper).float()[:, :, None, None] / 127.5 - 1
