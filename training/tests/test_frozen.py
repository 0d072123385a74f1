"""Blocks that do not learn: computed once a view, and the same network in the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from training.config import parse_config
from training.errors import TrainingError
from training.models.clip import CLIP, CLIPConfig
from training.tasks.contrast import Contrast
from training.tasks.frozen import FrozenViews
from training.tests.helpers import LABELS, synthetic
from training.tests.sign_pack import sign_config, sign_pack, sign_tokenizer
from training.train.loop import Trainer

CPU = torch.device("cpu")


def made(frozen: int, photos: bool = False) -> Contrast:
    """Signs, with photos where asked for, and so many blocks that stay."""
    sections = {"contrast": {"photos": 0.5 if photos else 0.0, "frozen": frozen, "views": 4}}
    tokenizer = sign_tokenizer()
    shown, val = (synthetic(16, 40), synthetic(8, 32)) if photos else (None, None)
    config = sign_config(tokenizer, sections)
    return Contrast(config, sign_pack(), shown, val, LABELS if photos else [], tokenizer, CPU)


@pytest.mark.parametrize("blocks", [0, 2, 3])
def test_lower_and_upper_are_the_tower(blocks: int) -> None:
    tower = CLIP(CLIPConfig(image=16, dim=12, depth=3, heads=3, text_dim=12)).visual.eval()
    x = torch.randn(2, 3, 16, 16)
    assert torch.allclose(tower.upper(tower.lower(x, blocks), blocks), tower(x), atol=1e-5)


def test_what_is_frozen_stays_and_the_rest_learns(tmp_path: Path) -> None:
    task = made(1, photos=True)
    before = {name: value.clone() for name, value in task.net().state_dict().items()}
    trainer = Trainer(task.config, tmp_path, task)
    for _ in range(3):
        trainer.train_step()
    moved = {name for name, value in task.net().state_dict().items() if not torch.equal(value, before[name])}
    stays = {name for name in before if name.startswith(("visual.patch_embed.", "visual.blocks.0."))}
    assert not moved & (stays | {"visual.cls_token", "visual.pos_embed"})
    assert {"visual.blocks.1.mlp.fc1.weight", "visual.proj.weight", "text.ln_final.weight"} <= moved


def test_a_batch_holds_what_the_blocks_make_of_its_pictures() -> None:
    task, again = made(1, photos=True), made(1, photos=True)
    first = task.batch(2)["x"]
    assert first.shape == (24, 17, task.cfg.dim) and torch.equal(first, again.batch(2)["x"])
    assert not torch.equal(first, task.batch(3)["x"])
    loss, _ = task(task.batch(2))
    assert torch.isfinite(loss)


def test_a_view_is_computed_once_and_each_epoch_has_another() -> None:
    tower = CLIP(CLIPConfig(image=16, dim=12, depth=2, heads=3, text_dim=12)).visual.eval()
    views = FrozenViews(tower, 1, count=4, views=2, seed=1, kind=0)
    drawn: list[int] = []

    def draw(row: int, rng: np.random.Generator) -> Tensor:
        drawn.append(row)
        return torch.from_numpy(rng.standard_normal((1, 3, 16, 16))).float()

    epochs = [
        [views(rows, 2 * epoch + half, draw) for half, rows in enumerate(np.arange(4).reshape(2, 2))]
        for epoch in range(3)
    ]
    assert sorted(drawn) == [0, 0, 1, 1, 2, 2, 3, 3]  # twice each, and then from memory
    assert torch.equal(epochs[0][1], epochs[2][1]) and not torch.equal(epochs[0][1], epochs[1][1])
    x = views.view(3 * 2, draw)
    with torch.no_grad():
        assert torch.allclose(epochs[0][1][1], tower.lower(x, 1)[0], atol=5e-3)


def test_mistakes() -> None:
    with pytest.raises(TrainingError, match="frozen is 9; the picture tower has"):
        made(9)
    with pytest.raises(TrainingError, match="views are at least 1"):
        parse_config({"name": "a", "contrast": {"views": 0}}, "a.toml")
