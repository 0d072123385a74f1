"""Pairs and their contrast: what is true of what, the loss by hand, and a run that learns."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from training.config import parse_config
from training.config_tasks import ContrastConfig
from training.data.pairs import Text, make_words
from training.data.signs import draw_signs
from training.data.text.tokenizer import Tokenizer
from training.errors import TrainingError
from training.export.vit import export_vit
from training.models.clip import CLIP
from training.models.vit import ViT, ViTConfig
from training.tasks.contrast import Contrast, contrast_loss
from training.tasks.distil.soft_labels import divergence
from training.tasks.retrieval import among, averaged, embed_texts
from training.tests.contrast_golden import PATH as GOLDEN
from training.tests.contrast_golden import golden
from training.tests.helpers import LABELS, synthetic
from training.tests.sign_pack import concepts, sign_config, sign_pack, sign_tokenizer
from training.train import export_run, runs
from training.train.loop import Trainer
from training.train.optimizer import make_optimizers

CPU = torch.device("cpu")
EVERY, DRAWN, PHOTO = 0b1111, 0b0111, 0b1000


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return sign_tokenizer()


def thing(name: str) -> int:
    """A concept's number by its English name."""
    return [item.name_en for item in concepts()].index(name)


def text(name: str, media: int = EVERY) -> Text:
    """A bare phrase."""
    return Text(name, make_words(sign_pack(), LABELS).phrases.index(name), media)


def close(found: Any, stored: Any) -> None:
    """Lists, objects and numbers alike; numbers to nine digits."""
    if isinstance(stored, dict):
        assert found.keys() == stored.keys()
        found, stored = list(found.values()), list(stored.values())
    if isinstance(stored, list):
        for one, other in zip(found, stored, strict=True):
            close(one, other)
    else:
        assert found == (stored if isinstance(stored, str) else pytest.approx(stored, rel=1e-8, abs=1e-8))


def test_golden_contrast() -> None:
    """The file that the page's own contrast is held to says what this one gives."""
    close(golden(), json.loads(GOLDEN.read_text()))


def test_what_is_true_of_what() -> None:
    words = make_words(sign_pack(), LABELS)
    red, blue, woman, man = (thing(name) for name in ("red bar", "blue bar", "woman farmer", "man farmer"))
    photo = words.concepts + 1
    things, media = np.array([red, blue, woman, man, photo]), np.array([0, 1, 2, 2, words.photo])
    texts = [text("bar"), text("蓝条", DRAWN), text("woman farmer"), text("farmer", 0b0001), text("class 1", PHOTO)]
    true, neither = words.match(things, media, texts)
    assert true.astype(int).tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
    ]  # a text of the style `thin` is not true of the farmers, who are `soft`
    assert np.argwhere(neither).tolist() == [[2, 3], [3, 2], [3, 3]]


def test_a_drawn_text_is_true_of_its_picture() -> None:
    """Whatever is drawn: names, keywords, sentences, styles, photos."""
    words = make_words(sign_pack(), LABELS)
    rng = np.random.default_rng(0)
    things = rng.integers(0, len(words.said), 400)
    media = np.where(things < words.concepts, rng.integers(0, 3, 400), words.photo)
    texts = [words.draw(int(t), int(m), ContrastConfig(), rng) for t, m in zip(things, media, strict=True)]
    true, neither = words.match(things, media, texts)
    assert true.diagonal().all() and not (true & neither).any()
    said = {one.text for one in texts}
    assert any("Thin风格的" in one or "in the style of" in one for one in said)
    assert any(one.startswith("a photo of") for one in said) and "红条" in said and "red" in said
    only = ContrastConfig(chinese=0, name=1, template=0, style=0)
    assert {words.draw(0, 0, only, rng).text for _ in range(50)} == {"red bar"}


def test_the_loss_by_hand() -> None:
    """Two pairs that are right with probability 3/4 each way; then one more pair that takes no part."""
    logits = torch.tensor([[math.log(3.0), 0.0], [0.0, math.log(3.0)]])
    true, none = torch.eye(2).bool(), torch.zeros(2, 2).bool()
    assert contrast_loss(logits, true, none).item() == pytest.approx(math.log(4 / 3))
    left = contrast_loss(logits, true, ~true)
    assert left.item() == pytest.approx(0)
    both = contrast_loss(logits, torch.ones(2, 2).bool(), none)
    assert both.item() == pytest.approx(-(math.log(3 / 4) + math.log(1 / 4)) / 2)
    own = logits.clone().requires_grad_()
    contrast_loss(own, true, ~true).backward()  # type: ignore[no-untyped-call]
    assert own.grad is not None and torch.isfinite(own.grad).all()


def test_divergence() -> None:
    logits, other = torch.randn(5, 4), torch.randn(5, 4)
    assert divergence(logits, logits + 3, 2.0).item() == pytest.approx(0, abs=1e-6)
    p, q = other.softmax(-1), logits.softmax(-1)
    assert divergence(logits, other, 1.0).item() == pytest.approx((p * (p / q).log()).sum().item() / 5, rel=1e-4)


def test_signs_are_drawn_anew() -> None:
    images = sign_pack().images[:6]
    still = draw_signs(images, ContrastConfig(turn=0, zoom=0, move=0, paper=0), np.random.default_rng(0))
    assert torch.allclose(still, torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1, atol=1e-4)
    moved = draw_signs(images, ContrastConfig(paper=0), np.random.default_rng(0))
    assert moved.shape == still.shape and (moved - still).abs().amax((1, 2, 3)).min() > 0.1
    assert (moved[:, :, 0, 0] > 0.99).all()  # what comes in is white
    paper = draw_signs(images, ContrastConfig(paper=1), np.random.default_rng(0))[:, :, 0, 0]
    assert len({tuple(row) for row in paper.tolist()}) == 6 and (paper > 0.19).all() and (paper < 1).any()


def test_among() -> None:
    """A name's own picture is nearest for two of three; kin and other bearers of the name are no rivals."""
    words = make_words(sign_pack(), LABELS)
    things = np.array([thing("red bar"), thing("woman farmer"), thing("man farmer")])
    pictures = torch.tensor([[1.0, 0], [0, 1], [0, 1]])
    texts = torch.tensor([[1.0, 0], [0.6, 0.8], [0.8, 0.6]])
    assert among(pictures, texts, things, words, "en", 100) == pytest.approx(2 / 3)
    assert among(pictures, texts, things, words, "en", 1) == 1


def test_averaged_sentences(tokenizer: Tokenizer) -> None:
    model = CLIP(sign_config(tokenizer).model).eval()  # type: ignore[arg-type]
    rows = averaged(model, tokenizer.encode, ["red", "box"], ["a {}", "{}"], False)
    each = embed_texts(model, tokenizer.encode, ["a box", "box"], False)
    assert torch.allclose(rows[1], torch.nn.functional.normalize(each.sum(0), dim=0), atol=1e-6)


def task(tokenizer: Tokenizer, photos: bool = False, **train: object) -> Contrast:
    """Signs, with photos and a teacher where asked for."""
    sections = {"contrast": {"photos": 0.5 if photos else 0.0}}
    config = sign_config(tokenizer, sections, **train)
    shown = synthetic(16, 40) if photos else None
    val = synthetic(8, 32) if photos else None
    logits = 5 * np.eye(4)[shown.labels] if shown is not None else None
    labels = LABELS if photos else []
    return Contrast(config, sign_pack(), shown, val, labels, tokenizer, CPU, logits)


def test_a_batch_follows_from_seed_and_step(tokenizer: Tokenizer) -> None:
    one, again = task(tokenizer, photos=True), task(tokenizer, photos=True)
    first, second, other = one.batch(4), again.batch(4), one.batch(5)
    assert all(torch.equal(first[key], second[key]) for key in ("x", "ids", "true", "neither", "labels", "names"))
    assert not torch.equal(first["x"], other["x"])
    assert first["x"].shape == (24, 3, 32, 32) and first["labels"].shape == (12,) and first["names"].shape[0] == 4
    assert first["true"].diagonal().all()
    assert first["ids"].shape[1] <= tokenizer.context and (first["ids"] == 2).sum(1).eq(1).all()


def test_held_out_signs_are_never_shown(tokenizer: Tokenizer) -> None:
    made = task(tokenizer)
    rows = np.concatenate([made.signs[made.sign_rows(step)] for step in range(20)])
    assert {made.emoji.pictures[row].split for row in rows} == {"train"}
    assert len(set(rows)) == len(made.signs)


def test_learns(tokenizer: Tokenizer, tmp_path: Path) -> None:
    """The contrast falls, and boxes that were never seen wide are found by their names in both languages."""
    made = task(tokenizer, steps=150)
    trainer = Trainer(made.config, tmp_path, made)
    losses = [float(trainer.train_step()["loss"]) for _ in range(150)]
    assert np.mean(losses[-10:]) < 0.85 * np.mean(losses[:5])  # its floor is not 0: `red` is true of many
    found = made.measure(trainer.ema_model())
    assert set(found) == {"pair-en", "pair-zh", "concept-en", "concept-zh"}
    assert found["pair-en"] >= 0.75 and found["pair-zh"] >= 0.75


def test_photos_and_teacher_take_part(tokenizer: Tokenizer, tmp_path: Path) -> None:
    made = task(tokenizer, photos=True)
    loss, parts = made(made.batch(0))
    soft = made.config.teacher.soft_weight
    assert loss.item() == pytest.approx((parts["contrast"] + parts["ce"] + soft * parts["soft"]).item(), rel=1e-5)
    found = made.measure(made.model.eval())
    assert {"photo-en", "photo-zh", "photo-both"} <= set(found)
    assert all(0 <= value <= 1 for value in found.values())


def test_a_started_tower_learns_slower(tokenizer: Tokenizer) -> None:
    made = task(tokenizer, start="somewhere", start_scale=0.25)
    (optimizer,) = make_optimizers(made, made.config)
    scales = {id(p): group["scale"] for group in optimizer.param_groups for p in group["params"]}
    named = dict(made.named_parameters())
    assert len(scales) == len(named)
    assert scales[id(named["model.visual.blocks.0.attn.qkv.weight"])] == 0.25
    assert scales[id(named["model.visual.proj.weight"])] == 1 == scales[id(named["model.text.ln_final.bias"])]
    decay = {id(p): group["weight_decay"] for group in optimizer.param_groups for p in group["params"]}
    assert decay[id(named["model.text.token_embedding.weight"])] == 0 == decay[id(named["model.logit_scale"])]


def test_a_config_becomes_a_run_and_a_folder(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a ViT's folder to a checkpoint, to a model folder, and on from that in another run."""
    monkeypatch.setattr(runs, "load_emoji", lambda side: sign_pack())
    monkeypatch.setattr(runs, "read_tokenizer", lambda: tokenizer)
    tokenizer.save(tmp_path / "tokenizer.json")
    monkeypatch.setattr(export_run, "TOKENIZER", tmp_path / "tokenizer.json")
    vit = ViT(ViTConfig(image=32, patch=16, dim=32, depth=2, heads=2, classes=4, cls_position=False))
    export_vit(tmp_path / "vit", "vit", vit.state_dict(), vit.cfg, LABELS, [16], "squash", [], [])
    config = sign_config(tokenizer, start=str(tmp_path / "vit"), steps=2)
    trainer = runs.make_trainer(config, tmp_path / "run")
    block = trainer.task.model.state_dict()["visual.blocks.0.mlp.fc1.weight"]
    assert torch.equal(block, vit.state_dict()["blocks.0.mlp.fc1.weight"].half().float())
    trainer.run()
    saved = runs.load_run(config, tmp_path / "run")
    export_run.export_run(config, tmp_path / "run", saved, tmp_path / "model", 0, True)
    measured = json.loads((tmp_path / "model" / "metrics.json").read_text())["heldOut"]
    assert set(measured) == {"pair-en", "pair-zh", "concept-en", "concept-zh"}
    again = runs.make_contrast(sign_config(tokenizer, start=str(tmp_path / "model")), tmp_path / "other", CPU)
    text = again.model.state_dict()["text.blocks.1.attn.qkv.weight"]
    assert torch.equal(text, trainer.emas[0]["text.blocks.1.attn.qkv.weight"].half().float())
    with pytest.raises(TrainingError, match="is unknown to a CLIP; use emoji or"):
        runs.make_contrast(sign_config(tokenizer, {"data": {"set": "photos"}}), tmp_path / "other", CPU)


def test_mistakes(tokenizer: Tokenizer) -> None:
    config = sign_config(tokenizer, {"model": {"image": 32, "vocabulary": 7}})
    with pytest.raises(TrainingError, match=r"\[model\] has vocabulary 7 and context 24, the tokenizer"):
        Contrast(config, sign_pack(), None, None, [], tokenizer, CPU)
    with pytest.raises(TrainingError, match="leaves no place for a sign"):
        full = sign_config(tokenizer, {"contrast": {"photos": 1.0}})
        Contrast(full, sign_pack(), synthetic(16, 40), None, LABELS, tokenizer, CPU)
    with pytest.raises(TrainingError, match=r"chinese is 2\.0; use a share"):
        parse_config({"name": "a", "contrast": {"chinese": 2.0}}, "a.toml")
    made = task(tokenizer)
    made.world = 2
    with pytest.raises(TrainingError, match="whole batch in one process"):
        made.batch(0)
