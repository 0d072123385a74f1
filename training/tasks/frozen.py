"""Views of pictures through blocks that stay as they began: computed once each, then read.

Blocks that do not learn answer the same view in the same way for ever, so only the blocks above them cost anything in
later epochs. Source of the idea: a locked picture tower, Zhai et al. 2022 (LiT), arXiv 2111.07991; here its upper
blocks learn.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from training.errors import TrainingError
from training.models.clip import PictureTower

Draw = Callable[[int, np.random.Generator], Tensor]
AT_ONCE = 64


def freeze(tower: PictureTower, blocks: int) -> None:
    """The patch embedding, the tokens' places and the first `blocks` blocks do not learn.

    Raises TrainingError where there are not so many.
    """
    if blocks > len(tower.blocks):
        raise TrainingError(f"[contrast] frozen is {blocks}; the picture tower has {len(tower.blocks)} blocks.")
    frozen: list[nn.Module] = [tower.patch_embed, *tower.blocks[:blocks]]
    for module in frozen:
        module.requires_grad_(False)
    for parameter in (tower.cls_token, tower.pos_embed):
        if parameter is not None:
            parameter.requires_grad_(False)


class FrozenViews:
    """`views` views each of `count` pictures after a tower's first `blocks` blocks, float16 in memory as they come up.

    A view is a function of (seed, kind, picture, view), so that a resumed run draws the same ones.
    """

    def __init__(self, tower: PictureTower, blocks: int, count: int, views: int, seed: int, kind: int) -> None:
        cfg = tower.cfg
        self.tower, self.blocks, self.count, self.views = tower, blocks, count, views
        self.seed, self.kind = seed, kind
        self.kept = torch.empty(count * views, cfg.grid**2 + 1, cfg.dim, dtype=torch.float16)
        self.known = np.zeros(count * views, bool)

    def places(self, rows: np.ndarray, step: int) -> np.ndarray:
        """Where the views of a step's rows lie, int64 [B]: another view in each epoch, then from the first again."""
        epoch = (step * len(rows) + np.arange(len(rows))) // self.count
        places: np.ndarray = rows * self.views + epoch % self.views
        return places

    def __call__(self, rows: np.ndarray, step: int, draw: Draw) -> Tensor:
        """Tokens float32 [B, T, D] of the step's pictures; `draw(row, rng)` gives a view [1, C, S, S] in [-1, 1]."""
        places = self.places(rows, step)
        missing = places[~self.known[places]]
        device = next(self.tower.parameters()).device
        for start in range(0, len(missing), AT_ONCE):
            part = missing[start : start + AT_ONCE]
            x = torch.cat([self.view(int(place), draw) for place in part]).to(device)
            with torch.no_grad():
                self.kept[torch.from_numpy(part)] = self.tower.lower(x, self.blocks).to("cpu", torch.float16)
            self.known[part] = True
        return self.kept[torch.from_numpy(places)].float().to(device)

    def view(self, place: int, draw: Draw) -> Tensor:
        """The picture of a place, drawn anew from its own seed."""
        row, view = divmod(place, self.views)
        return draw(row, np.random.default_rng([self.seed, self.kind, row, view]))
