"""Shards, decoding and cropping; every fault names the file and the remedy."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.config import AugmentConfig
from training.data.augment import augment, crop, mix, random_boxes
from training.data.pictures import find_shards, fit_square, load_photos, load_pictures
from training.errors import TrainingError
from training.tests.helpers import picture_bytes, write_shard


def pack(folder: Path, shards: int = 2) -> Path:
    """A small photo pack: two classes, grey and colour pictures."""
    rows = [{"index": i, "id": name, "en": name, "zh": name, "group": "g"} for i, name in enumerate("ab")]
    (folder / "photos-classes.json").write_text(json.dumps({"classes": rows}))
    for i in range(shards):
        files = {f"train/a/{i}.webp": picture_bytes(), f"train/b/{i}.png": picture_bytes((30, 50), "L")}
        write_shard(folder / f"photos-train-{i:02d}.tar", files)
    return folder


def test_decodes_once_and_maps_the_cache(tmp_path: Path) -> None:
    data = pack(tmp_path)
    first = load_photos(data, "train", 24, "squash", 2)
    assert first.images.shape == (4, 24, 24, 3) and first.labels.tolist() == [0, 1, 0, 1]
    assert first.sizes.tolist() == [[40, 30], [30, 50]] * 2
    grey = first.images[1]
    assert (grey[..., 0] == grey[..., 1]).all()
    again = load_photos(data, "train", 24, "squash", 2)
    assert isinstance(again.images, np.memmap)
    np.testing.assert_array_equal(first.images, again.images)


def test_missing_shard(tmp_path: Path) -> None:
    pack(tmp_path, shards=1)
    with pytest.raises(TrainingError, match=r"photos-train-01\.tar is missing \(1 of 2.*data\.train_shards"):
        load_photos(tmp_path, "train", 24, "squash", 2)
    with pytest.raises(TrainingError, match=r"photos-val\*\.tar was found; .*data\.folder"):
        load_photos(tmp_path, "val", 24, "squash", 2)
    assert len(find_shards(tmp_path, "photos-train")) == 1


def test_missing_class_list(tmp_path: Path) -> None:
    write_shard(tmp_path / "photos-train-00.tar", {})
    with pytest.raises(TrainingError, match=r"photos-classes\.json is missing"):
        load_photos(tmp_path, "train", 24, "squash", 1)


@pytest.mark.parametrize("data", [b"RIFF0000WEBPnothing", b"", picture_bytes()[:60]])
def test_corrupt_picture(tmp_path: Path, data: bytes) -> None:
    shard = write_shard(tmp_path / "p-00.tar", {"train/a/7.webp": data})
    with pytest.raises(TrainingError, match=r"p-00\.tar: train/a/7\.webp is not a readable picture.*remove or replace"):
        load_pictures([shard], "train", ["a"], 24, "crop", "p")


def test_corrupt_jpeg(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((40, 30, 3), np.uint8)).save(buffer, "JPEG")
    shard = write_shard(tmp_path / "p-00.tar", {"train/a/0001.jpg": buffer.getvalue()[:-200]})
    with pytest.raises(TrainingError, match=r"p-00\.tar: train/a/0001\.jpg is not a readable picture"):
        load_pictures([shard], "train", ["a"], 24, "crop", "p")


def test_disk_full_while_decoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shard = write_shard(tmp_path / "p-00.tar", {"train/a/7.webp": picture_bytes()})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(TrainingError, match=r"\.npy could not be written .*No space left.*set PATCHWORK_CACHE"):
        load_pictures([shard], "train", ["a"], 24, "crop", "p")


def test_unknown_class_folder(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "p-00.tar", {"train/zebra/7.webp": picture_bytes()})
    with pytest.raises(TrainingError, match=r"folder 'zebra', which is no class"):
        load_pictures([shard], "train", ["a"], 24, "crop", "p")


def test_truncated_and_empty_shard(tmp_path: Path) -> None:
    shard = write_shard(tmp_path / "p-00.tar", {"train/a/7.webp": picture_bytes((300, 300))})
    shard.write_bytes(shard.read_bytes()[:1500])
    with pytest.raises(TrainingError, match=r"p-00\.tar cannot be read as a tar file.*fetch it again"):
        load_pictures([shard], "train", ["a"], 24, "crop", "p")
    empty = write_shard(tmp_path / "q-00.tar", {})
    with pytest.raises(TrainingError, match=r"q-00\.tar holds no 'train/<class>/<file>'"):
        load_pictures([empty], "train", ["a"], 24, "crop", "q")


@pytest.mark.parametrize("size", [(40, 30), (30, 40), (1, 1), (500, 20), (224, 224)])
@pytest.mark.parametrize("fit", ["crop", "squash"])
def test_fit_square(size: tuple[int, int], fit: str) -> None:
    assert fit_square(Image.new("RGB", size), 24, fit).size == (24, 24)
    with pytest.raises(TrainingError, match="'crop' or 'squash'"):
        fit_square(Image.new("RGB", size), 24, "stretch")


def test_boxes_lie_inside_and_respect_the_photo() -> None:
    rng = np.random.default_rng(0)
    sizes = np.tile([[300, 200], [200, 200], [200, 300]], (200, 1))
    cfg = AugmentConfig(scale_min=0.4, aspect=1.5, whole=0.1)
    boxes = random_boxes(sizes, cfg, rng)
    assert (boxes[:, :2] >= 0).all() and (boxes[:, :2] + boxes[:, 2:] <= 1 + 1e-9).all()
    whole = (boxes[:, 2] == 1) & (boxes[:, 3] == 1)
    assert 0.05 < whole.mean() < 0.3
    part = ~whole & (boxes[:, 2] < 1) & (boxes[:, 3] < 1)
    aspect = (boxes[part, 2] * sizes[part, 0]) / (boxes[part, 3] * sizes[part, 1])
    assert aspect.max() <= 1.5 + 1e-6 and aspect.min() >= 1 / 1.5 - 1e-6


def test_crop_of_everything_is_a_resize() -> None:
    images = np.random.default_rng(0).integers(0, 255, (2, 40, 40, 3), dtype=np.uint8)
    out = crop(images, np.array([[0, 0, 1, 1]] * 2), 20)
    expected = np.asarray(Image.fromarray(images[0]).resize((20, 20), Image.Resampling.BILINEAR))
    assert np.abs(out[0].permute(1, 2, 0).numpy() - expected).max() <= 1


def test_augment_is_a_function_of_its_seed_and_bounded() -> None:
    images = np.random.default_rng(0).integers(0, 255, (3, 40, 40, 3), dtype=np.uint8)
    sizes = np.full((3, 2), 40)
    views = [augment(images, sizes, 32, AugmentConfig(), np.random.default_rng(5)) for _ in range(2)]
    assert (views[0].x == views[1].x).all() and views[0].x.shape == (3, 3, 32, 32)
    assert float(views[0].x.min()) >= -1 and float(views[0].x.max()) <= 1


@pytest.mark.parametrize("kind", ["mixup", "cutmix"])
def test_mixing_keeps_targets_distributions(kind: str) -> None:
    import torch

    x, target = torch.randn(4, 3, 16, 16), torch.eye(4)
    cfg = AugmentConfig(mixup=float(kind == "mixup"), cutmix=float(kind == "cutmix"))
    mixed, soft = mix(x, target, cfg, np.random.default_rng(2))
    torch.testing.assert_close(soft.sum(1), torch.ones(4))
    assert not torch.equal(mixed, x)
    share = soft[0, 0]
    if kind == "cutmix":
        same = (mixed[0] == x[0]).float().mean()
        torch.testing.assert_close(same, share)
