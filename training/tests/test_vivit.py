"""Video transformers and the clips they learn from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import parse_config
from training.data.clips import (
    MOTIONS,
    TASKS,
    backward,
    draw_clips,
    draw_paths,
    frozen,
    halved,
    motion_labels,
    shuffled,
)
from training.errors import TrainingError
from training.export.read import load_any
from training.export.vivit import golden_clip
from training.measure import evaluate as evaluating
from training.models.blocks import patchify
from training.models.starts import frames_from_clips, joins
from training.models.vivit import ViViT, start_positions, swapped, tubelets
from training.models.vivit_config import DOT_PRODUCT, ENCODER, JOINT, KINDS, SELF_ATTENTION, ViViTConfig
from training.tasks.clips import SHARES, Clips, accuracies, draw_labels, make_clips, timeless
from training.tests.sign_pack import sign_pack
from training.train import export_run, runs
from training.train.loop import Trainer

SMALL = ViViTConfig(frames=4, image=16, dim=16, depth=2, temporal_depth=1, heads=2)


def clip(cfg: ViViTConfig = SMALL) -> Tensor:
    """The golden clip of a configuration."""
    return torch.from_numpy(golden_clip(cfg.frames, cfg.image))


@pytest.mark.parametrize("kind", KINDS)
def test_each_form_has_its_tensors(kind: str) -> None:
    """Attention lies where the paper's section 3.3 puts it: in all tokens, in a time, or at a place."""
    cfg = replace(SMALL, attention=kind)
    capture: dict[str, Tensor] = {}
    logits = ViViT(cfg)(clip(cfg), capture)
    assert logits.shape == (1, 12)
    times, places, heads = 2, 4, 2
    shapes: dict[str, dict[str, tuple[int, ...]]] = {
        JOINT: {"blocks.1.attn.probs": (1, heads, 9, 9)},
        ENCODER: {
            "blocks.1.attn.probs": (1, times, heads, 5, 5),
            "frame_tokens": (1, times, 16),
            "temporal.blocks.0.attn.probs": (1, heads, 3, 3),
        },
        SELF_ATTENTION: {
            "blocks.1.attn.probs": (1, times, heads, places, places),
            "blocks.1.attn_time.probs": (1, places, heads, times, times),
        },
        DOT_PRODUCT: {
            "blocks.1.attn.space.probs": (1, times, 1, places, places),
            "blocks.1.attn.time.probs": (1, places, 1, times, times),
        },
    }
    wanted = shapes[kind]
    assert {name: tuple(capture[name].shape) for name in wanted} == wanted


def test_a_tubelet_is_a_stack_of_patches() -> None:
    """A tubelet's values are channel by channel its frames' patches; the projection is a convolution over time too."""
    x = clip()
    cut = tubelets(x, 2, 8)
    assert cut.shape == (1, 8, 3 * 2 * 64)
    first = cut[0, 5].reshape(3, 2, 64)  # the second time, the second place
    for frame in (0, 1):
        assert torch.equal(first[:, frame].flatten(), patchify(x[:, 2 + frame], 8)[0, 1])
    net = ViViT(SMALL)
    seen: dict[str, Tensor] = {}
    net(x, seen)
    kernel = net.patch_embed.proj
    whole = F.conv3d(x.transpose(1, 2), kernel.weight, kernel.bias, stride=(2, 8, 8))
    torch.testing.assert_close(seen["patch_embed"], whole.flatten(2).transpose(1, 2), atol=1e-5, rtol=1e-5)


def test_tokens_change_places_and_come_back() -> None:
    """From time by time to place by place, and back."""
    x = torch.arange(6).float().reshape(1, 6, 1)
    assert swapped(x, 2).flatten().tolist() == [0, 3, 1, 4, 2, 5]
    assert torch.equal(swapped(swapped(x, 2), 3), x)


def test_frames_that_are_factorised_do_not_see_one_another() -> None:
    """In model 2 another second frame leaves the first time's tokens as they were; in model 1 it does not."""
    other = clip()
    other[:, 2:] *= -1
    for kind, same in ((ENCODER, True), (JOINT, False)):
        net = ViViT(replace(SMALL, attention=kind)).eval()
        seen: list[Tensor] = []
        for x in (clip(), other):
            capture: dict[str, Tensor] = {}
            with torch.inference_mode():
                net(x, capture)
            seen.append(capture["norm"][0, 0] if kind == ENCODER else capture["norm"][0, :5])
        assert torch.equal(*seen) == same


def test_what_cannot_be_is_said() -> None:
    """Lengths and heads that do not divide, and another form."""
    with pytest.raises(TrainingError, match="frames 5 is not divisible by tubelet 2"):
        ViViTConfig(frames=5)
    with pytest.raises(TrainingError, match="heads 3 is odd"):
        ViViTConfig(attention=DOT_PRODUCT, heads=3, dim=96)
    with pytest.raises(TrainingError, match="'attention' is 'some'"):
        ViViTConfig(attention="some")


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("frame", [0, 3, 7])
def test_no_frame_gives_a_class_away(task: str, frame: int) -> None:
    """Places, turns and sizes of one frame are distributed alike for the classes of a task (Kolmogorov and Smirnov)."""
    own = [i for i, motion in enumerate(MOTIONS) if motion.task == task]
    drawn = []
    for index in own:
        paths = draw_paths(np.full(1500, index), 8, np.random.default_rng([5, index])).values
        drawn.append(paths[:, :, frame])
    bound = 1.95 * (2 / 1500) ** 0.5  # 1 in 1,000 for two samples of 1,500
    for other in drawn[1:]:
        for thing in range(2):
            for what in range(4):
                a, b = np.sort(drawn[0][:, thing, what]), np.sort(other[:, thing, what])
                at = np.concatenate([a, b])
                gap = np.abs(np.searchsorted(a, at, "right") - np.searchsorted(b, at, "right")).max() / 1500
                assert gap < bound


def test_a_sign_is_drawn_where_its_path_is() -> None:
    """In the middle, over an edge (it comes in at the other side), turned by a quarter; a size of 0 draws nothing."""
    sign = np.full((1, 1, 8, 8, 3), 255, np.uint8)
    sign[0, 0, :, :4] = 0  # its left half is black
    paper = np.ones((1, 3))

    def drawn(x: float, y: float, size: float, angle: float) -> Tensor:
        path = np.array([x, y, size, angle], np.float32).reshape(1, 1, 1, 4)
        return draw_clips(sign, path, paper, 16)[0, 0, 0]

    middle = drawn(0.5, 0.5, 0.5, 0)
    assert middle[8, 5] < -0.9 and middle[8, 10] > 0.9 and middle[8, 1] == 1
    over = drawn(0, 0.5, 0.5, 0)
    assert over[8, 13] < -0.9 and over[8, 2] > 0.9
    assert drawn(0.5, 0.5, 0.5, 90)[5, 8] < -0.9  # clockwise: what was left is above
    assert (drawn(0.5, 0.5, 0, 0) == 1).all()


def test_frames_out_of_order_and_a_single_one() -> None:
    """Shuffling keeps the frames of each clip; freezing leaves one of them."""
    x = torch.arange(8).float().reshape(2, 4, 1, 1, 1)
    mixed = shuffled(x, np.random.default_rng(0))
    assert torch.equal(mixed.sort(1).values, x) and not torch.equal(mixed, x)
    assert torch.equal(backward(x)[0].flatten(), torch.tensor([3.0, 2, 1, 0]))
    assert torch.equal(halved(x)[1].flatten(), torch.tensor([4.0, 4, 6, 6]))
    still = frozen(x, np.random.default_rng(0))
    assert still.shape == x.shape and all(len(set(row.flatten().tolist())) == 1 for row in still)


def test_tasks_are_drawn_in_their_shares() -> None:
    """Each task in its own, its classes alike."""
    labels = draw_labels(20_000, np.random.default_rng(3))
    assert sum(SHARES.values()) == pytest.approx(1)
    for task in TASKS:
        counts = [(labels == i).mean() for i, motion in enumerate(MOTIONS) if motion.task == task]
        assert counts == pytest.approx([SHARES[task] / len(counts)] * len(counts), abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_tokens_start_at_one_position(kind: str) -> None:
    """Of one time where attention stays in it, of all times otherwise; the second encoder has times of its own."""
    cfg = replace(SMALL, attention=kind)
    start = start_positions(cfg)
    count = cfg.places if kind == ENCODER else cfg.times * cfg.places
    assert start.shape == (count, cfg.dim)
    assert (torch.cdist(start, start) + torch.eye(count)).min() > 0.1
    model = ViViT(cfg)
    assert (model.pos_embed[0, -count:] - start).abs().max() < 0.1
    if model.temporal is not None:
        times = model.temporal.pos_embed[0, 1:]
        assert torch.pdist(times).min() > 0.1


def test_an_encoder_of_times_starts_from_all_tokens() -> None:
    """Blocks are taken, positions are the mean over times; head and second encoder stay as they were."""
    whole, model = ViViT(SMALL), ViViT(replace(SMALL, attention=ENCODER))
    assert joins(whole, model)
    assert not joins(model, whole)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    frames_from_clips(model, whole)
    after = model.state_dict()
    assert torch.equal(after["blocks.1.attn.qkv.weight"], whole.state_dict()["blocks.1.attn.qkv.weight"])
    for key in after:
        if key.startswith(("head.", "temporal.")):
            assert torch.equal(after[key], before[key])
    mean = whole.pos_embed[0, 1:].reshape(2, 4, -1).mean(0)
    assert torch.allclose(after["pos_embed"][0, 1:], mean)
    with pytest.raises(TrainingError, match="does not fit"):
        frames_from_clips(ViViT(replace(SMALL, attention=ENCODER, dim=32)), whole)


def test_accuracy_is_within_a_task() -> None:
    """An answer counts among the classes of its own task."""
    labels = np.arange(len(MOTIONS))
    logits = torch.eye(len(MOTIONS))
    logits[:, 0] = 9  # "to the right" is everywhere the largest
    found = accuracies(logits, labels)
    assert found == {"direction": 0.25, "turning": 1, "growing": 1, "first": 1, "time": 1, "mean": 0.85}
    assert [label.group for label in motion_labels()] == [motion.task for motion in MOTIONS]


@pytest.mark.parametrize("attention", KINDS)
def test_positions_without_time(attention: str) -> None:
    """Tubelets in another order of times give the same answer once positions are the same at all times."""
    torch.manual_seed(0)
    model = ViViT(replace(SMALL, attention=attention)).eval()
    for name, value in model.named_parameters():
        value.data.mul_(50 if name.endswith("pos_embed") else 5)
    x = torch.randn(1, 4, 3, 16, 16)
    other = x[:, [2, 3, 0, 1]]
    without = timeless(model)
    with torch.inference_mode():
        assert torch.allclose(without(x), without(other), atol=1e-4)
        assert not torch.allclose(model(x), model(other), atol=1e-3)


def test_a_run_on_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps, exported and measured: the folder gives the run's own logits again."""
    monkeypatch.setattr(runs, "load_emoji", lambda side: sign_pack())
    model = {k: getattr(SMALL, k) for k in ("frames", "image", "dim", "depth", "temporal_depth", "heads")}
    values = {
        "name": "clips-small",
        "architecture": "vivit",
        "model": {**model, "attention": ENCODER},
        "data": {"set": "clips"},
        "train": {"steps": 3, "batch": 8, "ema": [0.5], "eval_seconds": 0, "eval_count": 12, "device": "cpu"},
    }
    config = parse_config(values, "clips-small.toml")
    trainer = runs.make_trainer(config, tmp_path / "run")
    assert isinstance(trainer, Trainer) and isinstance(trainer.task, Clips)
    trainer.run(None)
    saved = dict(runs.load_run(config, tmp_path / "run"))
    folder = tmp_path / "clips-small"
    export_run.export_run(config, tmp_path / "run", saved, folder, 0, True)
    net = load_any(folder)
    assert isinstance(net, ViViT)
    metrics = json.loads((folder / "metrics.json").read_text())
    ways = {"ordered", "shuffled", "frozen", "reversed", "half", "timeless"}
    assert set(metrics["heldOut"]) == {"clips", *ways}
    monkeypatch.setattr(evaluating, "load_emoji", lambda side: sign_pack())
    found = evaluating.evaluate_clips(folder, 24)
    again = json.loads((folder / "metrics.json").read_text())
    assert found["clips"] == 24 and again["heldOut"] == found and again["run"] == metrics["run"]
    assert again["command"] == "python -m training evaluate models/clips-small --limit 24"
    batch = trainer.task.batch(7)
    assert torch.equal(batch["x"], trainer.task.batch(7)["x"])
    emoji = sign_pack()
    assert make_clips(emoji, emoji.rows("train"), np.arange(12), SMALL, [1]).shape == (12, 4, 3, 16, 16)


def test_data_that_a_vivit_does_not_take(tmp_path: Path) -> None:
    """Photos are no clips, and the number of classes is that of the motions."""
    values = {"name": "n", "architecture": "vivit", "data": {"set": "photos"}, "train": {"device": "cpu"}}
    with pytest.raises(TrainingError, match="use clips"):
        runs.make_trainer(parse_config(values, "n.toml"), tmp_path)
    config = parse_config({**values, "model": {"classes": 3}, "data": {"set": "clips"}}, "n.toml")
    with pytest.raises(TrainingError, match="classes is 3, clips have 12"):
        Clips(config, sign_pack(), torch.device("cpu"))
