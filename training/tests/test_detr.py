"""The detector, its parts held to PyTorch's own and to loops, and a run of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from training.config import parse_config
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.export.golden import golden_picture
from training.export.read import load_any
from training.measure import detect
from training.measure.card_parts import detected_part
from training.models.detr import DETR
from training.models.detr_config import CNN, PATCHES, DETRConfig
from training.models.detr_layers import MultiheadAttention, sine_positions
from training.tasks.detection import Detect
from training.tests.scene_pack import photo_noise, sprite_pack
from training.train import export_run, runs

SMALL = DETRConfig(
    image=32, stem=PATCHES, dim=32, heads=2, ffn=48, encoder_depth=2, decoder_depth=2, queries=8, classes=4
)


def picture() -> Tensor:
    """The golden picture."""
    return torch.from_numpy(golden_picture(32))


@pytest.mark.parametrize("stem", [PATCHES, CNN])
def test_shapes_and_names(stem: str) -> None:
    """One answer a query after each decoder layer; parameters have the names of the published checkpoints."""
    net = DETR(replace(SMALL, stem=stem)).eval()
    capture: dict[str, Tensor] = {}
    found = net(picture(), capture)
    assert found.logits.shape == (1, 8, 5) and found.boxes.shape == (1, 8, 4)
    assert torch.equal(found.boxes, capture["boxes"]) and capture["boxes.0"].shape == (1, 8, 4)
    assert capture["memory"].shape == (1, 16, 32)
    assert capture["transformer.decoder.layers.1.multihead_attn.probs"].shape == (1, 2, 8, 16)
    names = set(net.state_dict())
    head = {f"{n}.{part}" for n in ("class_embed", "bbox_embed.layers.2") for part in ("weight", "bias")}
    layer = {
        f"transformer.decoder.layers.1.{n}"
        for n in ("self_attn.in_proj_weight", "multihead_attn.out_proj.bias", "linear1.weight", "norm3.bias")
    }
    assert names >= head | layer | {"query_embed.weight", "transformer.decoder.norm.weight", "input_proj.weight"}
    stems = {n for n in names if n.startswith("backbone.")}
    assert stems == (
        {f"backbone.stem.{i}.{kind}.{p}" for i in range(3) for kind in ("conv", "norm") for p in ("weight", "bias")}
        if stem == CNN
        else {"backbone.patch_embed.weight", "backbone.patch_embed.bias"}
    )


def test_attention_is_torchs() -> None:
    """The same weights in torch.nn.MultiheadAttention give the same output and the same mean of the heads' maps."""
    ours, theirs = MultiheadAttention(16, 2), nn.MultiheadAttention(16, 2, batch_first=True)
    nn.init.xavier_uniform_(ours.in_proj_weight)
    nn.init.normal_(ours.in_proj_bias)
    theirs.load_state_dict(ours.state_dict())
    q, k, v = torch.randn(2, 3, 16), torch.randn(2, 5, 16), torch.randn(2, 5, 16)
    capture: dict[str, Tensor] = {}
    out, probs = theirs(q, k, v)
    torch.testing.assert_close(ours(q, k, v, capture, "a"), out, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(capture["a.probs"].mean(1), probs, atol=1e-6, rtol=1e-5)


def test_layers_are_torchs() -> None:
    """Without positions a layer is PyTorch's post-norm layer with a ReLU; so is the decoder's."""
    net = DETR(SMALL).eval()
    x, memory, none = torch.randn(2, 8, 32), torch.randn(2, 16, 32), torch.zeros(8, 32)
    for ours, theirs, inputs in (
        (net.transformer.encoder.layers[0], nn.TransformerEncoderLayer(32, 2, 48, 0, batch_first=True), (x,)),
        (net.transformer.decoder.layers[0], nn.TransformerDecoderLayer(32, 2, 48, 0, batch_first=True), (x, memory)),
    ):
        theirs.load_state_dict(ours.state_dict())
        rest = (none,) if len(inputs) == 1 else (none, memory, memory)
        torch.testing.assert_close(ours(x, *rest, None, "a"), theirs.eval()(*inputs), atol=1e-5, rtol=1e-5)


def test_sines_by_hand() -> None:
    """Row 2 of 4 lies at half a turn; its first two entries are sine and cosine, the column's come behind."""
    table = sine_positions(4, 16)
    row = table[1 * 4 + 3]
    torch.testing.assert_close(row[:2], torch.tensor([0.0, -1.0]), atol=1e-5, rtol=0)
    torch.testing.assert_close(row[8:10], torch.tensor([0.0, 1.0]), atol=1e-5, rtol=0)
    torch.testing.assert_close(row[2], torch.tensor(torch.pi * 10000 ** (-2 / 8)).sin(), atol=1e-5, rtol=0)


def test_groups_do_not_see_one_another() -> None:
    """A group's answers are those it gives alone; without self-attention a query's are its own, whoever else asks."""
    net = DETR(SMALL).eval()
    memory = net.encode(picture())
    first, second = net.query_embed.weight, torch.randn(8, 32)
    both = net.decode(torch.cat([first, second]), memory, groups=2)[-1]
    torch.testing.assert_close(both.boxes[:, :8], net.decode(first, memory)[-1].boxes, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(both.logits[:, 8:], net.decode(second, memory)[-1].logits, atol=1e-5, rtol=1e-5)
    alone = net.decode(first[:3], memory, self_attention=False)[-1].boxes
    torch.testing.assert_close(alone, net(picture(), self_attention=False).boxes[:, :3], atol=1e-6, rtol=1e-5)
    assert not torch.allclose(net.decode(first[:3], memory)[-1].boxes, net(picture()).boxes[:, :3], atol=1e-4)


def test_what_cannot_be_is_said() -> None:
    """Sizes that do not divide, and another stem."""
    with pytest.raises(TrainingError, match="stride 12 is no power of two"):
        DETRConfig(image=96, stride=12)
    with pytest.raises(TrainingError, match="first convolution 4 wide"):
        DETRConfig(image=32, dim=16, heads=2, queries=8)
    with pytest.raises(TrainingError, match="'stem' is 'resnet'"):
        DETRConfig(stem="resnet")


def run_values(**sections: object) -> dict[str, object]:
    """A run of three steps."""
    fields = ("image", "stem", "dim", "heads", "ffn", "encoder_depth", "decoder_depth", "queries", "classes")
    return {
        "name": "detr-small",
        "architecture": "detr",
        "model": {key: getattr(SMALL, key) for key in fields},
        "data": {"set": "scenes", "side": 48},
        "detection": {"groups": 2, "places": 2.0},
        "train": {"steps": 3, "batch": 4, "ema": [0.5], "eval_seconds": 0, "eval_count": 4, "device": "cpu"},
        **sections,
    }


def test_a_run_on_scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps, exported and measured; the extra queries and the encoder's head stay behind."""
    photos = PictureSet(photo_noise(), np.zeros(6), np.zeros((6, 2)), [])
    monkeypatch.setattr(runs, "load_photos", lambda *_: photos)
    monkeypatch.setattr(runs, "load_emoji", lambda side: None)
    monkeypatch.setattr(runs, "load_sprites", lambda emoji: sprite_pack())
    monkeypatch.setattr(runs, "object_labels", lambda emoji: sprite_pack().labels)
    config = parse_config(run_values(), "detr-small.toml")
    trainer = runs.make_trainer(config, tmp_path / "run")
    assert isinstance(trainer.task, Detect)
    trainer.run(None)
    saved = dict(runs.load_run(config, tmp_path / "run"))
    folder = tmp_path / "detr-small"
    export_run.export_run(config, tmp_path / "run", saved, folder, 0, True)
    net = load_any(folder)
    assert isinstance(net, DETR) and set(net.state_dict()) == set(DETR(SMALL).state_dict())
    found = json.loads((folder / "metrics.json").read_text())["heldOut"]
    figures = {"scenes", "objects", "ap50", "ap", "duplicates", "withoutSelfAttention"}
    assert set(found) == figures | {"seenStyles"} and set(found["seenStyles"]) == figures
    monkeypatch.setattr(detect, "load_photos", lambda *_: photos)
    monkeypatch.setattr(detect, "load_emoji", lambda side: None)
    monkeypatch.setattr(detect, "load_sprites", lambda emoji: sprite_pack())
    measured = detect.evaluate_detector(folder, tmp_path, "2")
    assert measured["scenes"] == 2 and json.loads((folder / "metrics.json").read_text())["heldOut"] == measured
    assert "| styles seen in training | off |" in "\n".join(detected_part(measured))
    again, once = trainer.task.batch(7), trainer.task.batch(7)
    assert all(torch.equal(again[key], once[key]) for key in once)


def test_runs_that_cannot_be(tmp_path: Path) -> None:
    """Another set of pictures, more classes than there are, fewer queries than objects."""
    with pytest.raises(TrainingError, match="use scenes"):
        runs.make_trainer(parse_config(run_values(data={"set": "photos"}), "n.toml"), tmp_path)
    for model, said in (({"classes": 5}, "scenes have 4"), ({"classes": 4, "queries": 7}, "up to 8 objects")):
        config = parse_config(run_values(model=model), "n.toml")
        with pytest.raises(TrainingError, match=said):
            Detect(config, sprite_pack(), photo_noise(), photo_noise(), torch.device("cpu"))
