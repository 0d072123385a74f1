"""Runs of the pyramid: sides drawn, the same views for twins, a teacher's soft labels, seeds, folders, figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from training.config import Config, parse_config, read_config, seeded
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.export.golden import sample
from training.export.read import load_any, read_metrics
from training.export.swin import export_swin, golden_masks
from training.export.write import write_json
from training.measure import evaluate as evaluating
from training.measure import prune as pruning
from training.measure import twins
from training.measure.card import measured
from training.measure.evaluate import evaluate_folder
from training.measure.prune import prune_grid
from training.models.swin import Swin
from training.models.swin_config import KINDS, SwinConfig, multiply_adds
from training.models.vit import ViT
from training.paths import ROOT
from training.tasks import Resolutions
from training.tasks.distil import soft_labels as softening
from training.tasks.distil.soft_labels import soft_labels
from training.tests.helpers import LABELS, small_config, synthetic
from training.train import runs
from training.train.loop import Trainer
from training.train.optimizer import parameter_groups

CPU = torch.device("cpu")
TWINS = [f"swin-{kind}-cpu.toml" for kind in ("plain", "window", "shifted", "linear", "multiscale")]


def twin(attention: str = "shifted-window", train: dict[str, Any] | None = None, **sections: Any) -> Config:
    """A two-stage pyramid on 32 and 64 pixels, four classes."""
    values: dict[str, Any] = {
        "name": "twin", "architecture": "swin", "seed": 3,
        "model": {
            "image": 32, "patch": 4, "dim": 16, "depths": [2, 1], "heads": [1, 2], "window": 4, "classes": 4,
            "attention": attention, "relative_bias": "window" in attention, "positions": "sincos2d",
        },
        "augment": {"scale_min": 0.9, "aspect": 1.05, "whole": 0.5, "flip": 0.0, "colour": 0.0},
        "train": {
            "steps": 12, "batch": 16, "lr": 3e-3, "warmup": 2, "bf16": False, "resolutions": [32, 64],
            "resolution_shares": [3, 1], "label_smoothing": 0.0, **(train or {}),
        },
    }  # fmt: skip
    return parse_config(values | sections, "twin.toml")


def make(folder: Path, config: Config, logits: np.ndarray | None = None) -> Trainer:
    return Trainer(config, folder, Resolutions(config, synthetic(), None, LABELS, CPU, logits))


@pytest.mark.parametrize("attention", KINDS)
def test_it_learns(tmp_path: Path, attention: str) -> None:
    trainer = make(tmp_path, twin(attention, {"steps": 80, "resolutions": [32], "resolution_shares": []}))
    first = float(trainer.train_step()["loss"])
    trainer.run()
    last = [json.loads(line)["loss"] for line in (tmp_path / "log.jsonl").read_text().splitlines()][-1]
    assert last < 0.3 * first


def test_sides_are_drawn_by_their_shares() -> None:
    task = Resolutions(twin(), synthetic(), None, LABELS, CPU)
    sides = [task.batch(step)["x"].shape[-1] for step in range(200)]
    assert set(sides) == {32, 64} and 30 < sides.count(64) < 70


def test_twins_see_the_same_pixels() -> None:
    tasks = [Resolutions(twin(kind), synthetic(), None, LABELS, CPU) for kind in ("global", "shifted-window")]
    for step in (0, 5):
        a, b = (task.batch(step) for task in tasks)
        assert torch.equal(a["x"], b["x"]) and torch.equal(a["labels"], b["labels"])
    other = Resolutions(seeded(twin(), 4), synthetic(), None, LABELS, CPU)
    assert not torch.equal(other.batch(5)["x"], b["x"])


def test_resume_gives_the_same_losses(tmp_path: Path) -> None:
    config = twin(train={"prune": 0.5})
    whole = make(tmp_path / "a", config)
    losses = [whole.train_step()["loss"] for _ in range(6)]
    first = make(tmp_path / "b", config)
    again = [first.train_step()["loss"] for _ in range(2)]
    first.save()
    second = make(tmp_path / "b", config)
    assert second.resume()
    assert again + [second.train_step()["loss"] for _ in range(4)] == losses


def test_loss_by_hand() -> None:
    """Cross-entropy with the label, and T^2 times the divergence from the teacher's softened answer."""
    config = twin(train={"label_smoothing": 0.1}, teacher={"temperature": 2.0, "soft_weight": 0.5})
    logits = np.random.default_rng(2).normal(size=(16, 4)).astype(np.float16)
    task = Resolutions(config, synthetic(), None, LABELS, CPU, logits).eval()
    batch = task.batch(1)
    loss, parts = task(batch)
    rows = np.sort(task.rows(1))
    with torch.no_grad():
        mine = task.model(batch["x"]).double().numpy()
    expected = []
    for row, z in zip(rows, mine, strict=True):
        log_p = z - np.log(np.exp(z).sum())
        target = np.full(4, 0.1 / 4)
        target[task.train_set.labels[row]] += 0.9
        t = logits[row].astype(float) / 2
        p = np.exp(t) / np.exp(t).sum()
        soft_q = z / 2 - np.log(np.exp(z / 2).sum())
        expected.append(-(target * log_p).sum() + 0.5 * 4 * (p * (np.log(p) - soft_q)).sum())
    assert float(loss.detach()) == pytest.approx(np.mean(expected), rel=1e-4)
    assert set(parts) == {"ce", "soft"}


def test_ratios_are_drawn_for_each_stage() -> None:
    task = Resolutions(twin(train={"prune": 0.8}), synthetic(), None, LABELS, CPU)
    ratios = np.array([task.batch(step)["ratios"] for step in range(60)])
    assert ratios.shape == (60, 2) and ratios.min() >= 0 and 0.7 < ratios.max() < 0.8
    assert abs(np.corrcoef(ratios.T)[0, 1]) < 0.4
    assert Resolutions(twin(), synthetic(), None, LABELS, CPU).batch(0)["ratios"] is None


def test_the_bias_table_does_not_decay() -> None:
    model = Swin(twin().model)  # type: ignore[arg-type]
    plain = {id(p) for p in parameter_groups(model, 0.05)[1]["params"]}
    tables = [p for name, p in model.named_parameters() if name.endswith("bias_table")]
    assert len(tables) == 3 and all(id(p) in plain for p in tables)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"train": {"drop_path": 0.1}}, "set them to 0"),
        ({"augment": {"mixup": 0.5}}, "set them to 0"),
        ({"train": {"resolutions": [32, 40]}}, "image 40 does not hold whole patches"),
        ({"train": {"resolutions": [32]}}, "one resolution_shares value for each"),
        ({"train": {"prune": 1.0}}, "use a share from 0 to below 1"),
    ],
)
def test_what_a_run_refuses(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TrainingError, match=sentence):
        Resolutions(twin(**changes), synthetic(), None, LABELS, CPU)


def test_soft_labels_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cfg = small_config().model
    torch.manual_seed(0)
    teacher = ViT(cfg).eval()  # type: ignore[arg-type]
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    monkeypatch.setattr(softening, "load_model", lambda _: teacher)
    pictures = synthetic(10, 32)
    asked: list[int] = []

    def whole(side: int) -> PictureSet:
        asked.append(side)
        return pictures

    found = soft_labels(tmp_path, whole, pictures.labels, 4, "photos-train", 8)
    x = torch.from_numpy(pictures.images).permute(0, 3, 1, 2).float() / 127.5 - 1
    np.testing.assert_allclose(found, teacher(x, 8).detach().numpy(), atol=0.03)
    np.testing.assert_array_equal(soft_labels(tmp_path, whole, pictures.labels, 4, "photos-train", 8), found)
    assert asked == [32]
    with pytest.raises(TrainingError, match="names 4 classes, the data has 5"):
        soft_labels(tmp_path, whole, pictures.labels, 5, "other")
    with pytest.raises(TrainingError, match=r"is missing; set teacher\.file"):
        soft_labels(tmp_path / "none", whole, pictures.labels, 4, "other")


def test_the_configs_are_twins() -> None:
    """The same data, views and schedule, multiply-adds within a tenth, and 12 MB in 8 bits all together."""
    configs = [read_config(Path(name)) for name in TWINS]
    networks = twins.check_twins(configs)
    costs = [multiply_adds(cfg) for cfg in networks]
    assert max(costs) / min(costs) < 1.1 and 75e6 < np.mean(costs) < 88e6
    assert sum(p.numel() for cfg in networks for p in Swin(cfg).parameters()) < 12e6
    assert len({json.dumps([cfg.attention, cfg.mlp]) for cfg in networks}) == len(TWINS)
    changed = replace(configs[1], train=replace(configs[1].train, lr=1.0))
    with pytest.raises(TrainingError, match=r"another \[train\] than swin-plain-cpu\.toml"):
        twins.check_twins([configs[0], changed])


def exported(folder: Path, attention: str = "shifted-window", whole: bool = True, bits: int = 16) -> Config:
    """A folder with random weights."""
    config = twin(attention)
    assert isinstance(config.model, SwinConfig)
    config = replace(config, model=replace(config.model, heads=[2, 2]))
    assert isinstance(config.model, SwinConfig)
    torch.manual_seed(5)
    weights = {key: value + 0.1 * torch.randn_like(value) for key, value in Swin(config.model).state_dict().items()}
    export_swin(folder, config, weights, LABELS, whole, bits)
    write_json(folder / "metrics.json", {})
    return config


@pytest.mark.parametrize("bits", [16, 8])
def test_export_and_its_golden_tensors(tmp_path: Path, bits: int) -> None:
    exported(tmp_path, bits=bits)
    model = load_any(tmp_path)
    assert isinstance(model, Swin)
    golden = load_file(tmp_path / "golden.safetensors")
    assert json.loads((tmp_path / "config.json").read_text())["imageSizes"] == [32, 64]
    masks = {name: torch.from_numpy(golden[f"k/{name}"]) for name in golden_masks(model.cfg)}
    assert masks["layers.0.shifted_keep"].tolist() == [1, 1, 0, 1]
    for prefix, given in (("g", None), ("i64", None), ("k", masks)):
        capture: dict[str, torch.Tensor] = {}
        with torch.inference_mode():
            model(torch.from_numpy(golden[f"{prefix}/x"]), capture, given)
        stored = {name.removeprefix(f"{prefix}/") for name in golden if name.startswith(f"{prefix}/")}
        assert stored == set(capture) if prefix == "g" else stored - set(masks) < set(capture)
        for name in stored & set(capture):
            np.testing.assert_allclose(golden[f"{prefix}/{name}"], capture[name].numpy(), atol=1e-5)
    assert not np.allclose(golden["k/logits"], golden["g/logits"])


def test_golden_of_a_large_one_is_sampled(tmp_path: Path) -> None:
    exported(tmp_path, "linear", whole=False)
    golden = load_file(tmp_path / "golden.safetensors")
    assert max(value.size for name, value in golden.items() if not name.endswith("/x")) <= 1024
    assert "stat/i64/layers.0.blocks.0" in golden and not [name for name in golden if name.startswith("k/")]


def test_evaluating_every_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exported(tmp_path)
    monkeypatch.setattr(evaluating, "load_val", lambda data, kind, side, fit: (synthetic(20, side), LABELS))
    result = evaluate_folder(tmp_path, Path(), "cifar10", "32=8", {})
    assert {side: row["photos"] for side, row in result["side"].items()} == {"64": 20, "32": 8}
    assert read_metrics(tmp_path)["side"] == result["side"]
    text = measured(result)
    assert "| 32 | 8 |" in text and "### Each class, side 32" in text


def test_pruning_grid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        exported(folder)
    monkeypatch.setattr(pruning, "load_val", lambda data, kind, side, fit: (synthetic(20, side), LABELS))
    result = prune_grid(folders, Path(), "photos", 64, 12, [0.0, 0.5])
    text = json.loads((folders[0] / "pruning.json").read_text())
    assert text == result and len(result["labels"].split()) == 12
    rows = list(map(int, result["photos"].split()))
    model = load_any(folders[0])
    x = torch.from_numpy(synthetic(20, 64).images[rows]).permute(0, 3, 1, 2).float() / 127.5 - 1
    for index, ratios in enumerate([[0.0, 0.0], [0.0, 0.5], [0.5, 0.0], [0.5, 0.5]]):
        called = model(x, ratios=ratios).argmax(1).tolist()
        assert result["models"]["a"]["answers"][index] == " ".join(map(str, called))
        right = np.mean(np.array(called) == synthetic(20, 64).labels[rows])
        assert result["models"]["a"]["top1"][index] == round(float(right), 4)
    assert result["models"]["a"] == result["models"]["b"]
    assert len(pruning.table(result).splitlines()) == 4
    exported(tmp_path / "c", "linear")
    with pytest.raises(TrainingError, match="has no windows to prune"):
        prune_grid([tmp_path / "c"], Path(), "photos", 64, 4, [0.0])


def test_twins_are_measured_from_their_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = twin()
    for seed in (3, 4):
        run = seeded(config, seed)
        trainer = make(runs.run_folder(run, None), run)
        trainer.train_step()
        trainer.save()
    monkeypatch.setattr(twins, "load_val", lambda data, kind, side, fit, shards: (synthetic(20, side), LABELS))
    result = twins.compare_twins([config], [3, 4, 5], tmp_path / "twins.json")
    assert [row["seed"] for row in result["rows"]] == [3, 4]
    assert json.loads((tmp_path / "twins.json").read_text()) == result
    row = result["rows"][0]
    assert row["steps"] == 1 and row["images"] == 16 and set(row["sides"]) == {"32", "64"}
    assert len(twins.table(result).splitlines()) == 4


def test_another_seed_has_a_run_of_its_own() -> None:
    config = twin()
    assert seeded(config, None) is config and seeded(config, 3) is config
    other = seeded(config, 9)
    assert other.seed == 9 and runs.run_folder(other, None).name == "twin-seed9"


SHIPPED = sorted(path.parent for path in (ROOT / "models").glob("swin-*/config.json"))


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_shipped_golden_holds(folder: Path) -> None:
    """Every pass that is stored: at the first side, at others, and with pruned windows."""
    model = load_any(folder)
    assert isinstance(model, Swin)
    golden = load_file(folder / "golden.safetensors")
    passes = {key.split("/")[0] for key in golden} - {"stat"}
    assert {"g", "i64" if folder.name.endswith("tiny") else "i128"} < passes | {"k"}
    for prefix in passes:
        masks = {key: torch.from_numpy(golden[f"k/{key}"]) for key in golden_masks(model.cfg)} if prefix == "k" else {}
        capture: dict[str, torch.Tensor] = {}
        with torch.inference_mode():
            model(torch.from_numpy(golden[f"{prefix}/x"]), capture, masks)
        stored = {key.removeprefix(f"{prefix}/") for key in golden if key.startswith(f"{prefix}/")} - set(masks)
        assert stored == set(capture) if prefix == "g" else stored < set(capture)
        for key in stored:
            reference = golden[f"{prefix}/{key}"].reshape(-1)
            bound = 1e-4 * (1 + np.abs(reference).max())
            assert np.abs(sample(capture[key].numpy(), reference.size) - reference).max() <= bound, key
