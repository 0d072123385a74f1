"""What a painted picture is held to beside its pixels: edges and features."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from training.config import Config, parse_config
from training.errors import TrainingError
from training.models.vit import ViT, ViTConfig
from training.tasks.mask import Mask
from training.tasks.painting import block_features, edge_error, feature_error
from training.tests.helpers import synthetic
from training.train.loop import Trainer

CPU = torch.device("cpu")
JUDGE = ViTConfig(image=16, patch=8, dim=32, depth=3, heads=2, classes=4, cls_position=False)


def config(mask: dict[str, Any], **model: Any) -> Config:
    sizes = {"image": 16, "patch": 4, "dim": 32, "depth": 1, "heads": 2, "decoder_dim": 16, "decoder_depth": 1}
    sizes |= {"decoder_heads": 2, **model}
    train = {"steps": 8, "batch": 8, "bf16": False}
    mask = {"patch": 8, "blocks": [1, 2], **mask}
    values = {"name": "m", "architecture": "mae", "model": sizes, "mask": mask, "train": train}
    return parse_config(values, "m.toml")


def judge() -> ViT:
    torch.manual_seed(4)
    return ViT(JUDGE).eval()


def test_edges_by_hand() -> None:
    """One row of four pixels, the last hidden: one difference counts, and it is 2 instead of 1."""
    x = torch.tensor([0.0, 1.0, 2.0, 3.0]).view(1, 1, 1, 4)
    hidden = torch.tensor([False, False, False, True]).view(1, 1, 1, 4)
    painted = x + torch.tensor([0.0, 0.0, 0.0, 1.0])
    assert float(edge_error(painted, x, hidden)) == pytest.approx(1.0)
    assert float(edge_error(x, x, hidden)) == 0
    assert float(edge_error(painted, x, torch.zeros_like(hidden))) == 0


def test_features_stop_at_the_last_block_that_counts() -> None:
    x = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    found = block_features(judge(), x, 8, [1, 2])
    capture: dict[str, torch.Tensor] = {}
    judge().features(x, 8, capture)
    for index, value in enumerate(found):
        whole = capture[f"blocks.{index}"]
        torch.testing.assert_close(value, torch.nn.functional.layer_norm(whole, whole.shape[-1:]))
    still = judge().requires_grad_(False)
    assert float(feature_error(still, x, x, 8, [1, 2])) < 1e-12 < float(feature_error(still, x + 0.1, x, 8, [1, 2]))


def test_a_whole_patch_of_shift_moves_tokens_alone() -> None:
    """Without positions, pictures rolled by a patch have the same tokens in another order; by less they have others."""
    network = ViT(replace(JUDGE, positions="none")).eval().requires_grad_(False)
    x = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    still, whole, half = (feature_error(network, x + 0.3 * x.flip(2), x, 8, [1, 2], (0, s)) for s in (0, 8, 4))
    assert whole.item() == pytest.approx(still.item(), rel=1e-4)
    assert half.item() != pytest.approx(still.item(), rel=1e-4)


def test_features_teach_the_painted_picture_alone() -> None:
    x = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    painted = (x + 0.1).requires_grad_()
    error = feature_error(judge().requires_grad_(False), painted, x, 8, [1, 2])
    (slope,) = torch.autograd.grad(error, painted)
    assert float(slope.abs().min()) > 0


def test_without_weights_nothing_is_added() -> None:
    task = Mask(config({}), synthetic(8, 16), None, CPU)
    loss, parts = task(task.batch(0))
    batch = task.batch(0)
    assert parts == {}
    assert loss.item() == task.net().loss(batch["x"], *batch["ids"]).item()


def test_both_are_weighed_and_logged(tmp_path: Path) -> None:
    """The loss is the pixels' error and the weighed others; the judge is neither trained nor stored."""
    task = Mask(config({"edges": 0.5, "features": 0.25}), synthetic(8, 16), None, CPU, judge=judge())
    torch.manual_seed(0)
    loss, parts = task(task.batch(0))
    wanted = parts["pixels"] + 0.5 * parts["edges"] + 0.25 * parts["features"]
    assert loss.item() == pytest.approx(wanted.item())
    assert float(parts["edges"]) > 0 and float(parts["features"]) > 0
    trainer = Trainer(task.config, tmp_path, task)
    trainer.run()
    assert all(key.startswith("model.") for key in task.state_dict())
    assert torch.equal(task.judge[0].head.weight, judge().head.weight)


def test_mistakes_have_sentences() -> None:
    with pytest.raises(TrainingError, match="needs a judge"):
        Mask(config({"features": 1.0}), synthetic(8, 16), None, CPU)
    with pytest.raises(TrainingError, match="norm_pixels = false"):
        Mask(config({"edges": 1.0}, norm_pixels=True), synthetic(8, 16), None, CPU)
    with pytest.raises(TrainingError, match="use 0 or more"):
        config({"edges": -1.0})
    with pytest.raises(TrainingError, match="no block"):
        config({"features": 1.0, "blocks": []})
