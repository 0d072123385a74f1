"""Learning to make codes from words, and what codes leave out: batches, learning, folders, pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch import Tensor

from training.codes.draw import CodeRecipe
from training.codes.residual import sample_residual, to_map, to_places
from training.codes.sample import Asked, last_pass
from training.diffusion.generate import Recipe, Told
from training.errors import TrainingError
from training.export.codes import export_generator, export_residual, generator_golden, residual_golden
from training.export.read import load_any
from training.measure.painters import CodePainter, read_any_painter
from training.models.autoregressive import Autoregressive
from training.models.residual_mlp import ResidualMLP, ResidualMLPConfig
from training.models.vq import VQ
from training.paths import ROOT
from training.tasks import Autoencode, DenoiseResidual, GenerateCodes
from training.tasks.coded import coded, residual_scale
from training.tasks.generate_codes import draw_masks
from training.tests.code_parts import (
    CODES,
    CPU,
    ORDERS,
    PACK,
    TEXT_DIM,
    TEXT_TOKENS,
    clip,
    config,
    generator,
    sizes,
    stands,
    stirred,
    tokenizer,
)
from training.train.runs import style_labels

MLP = {"latent": 4, "grid": 4, "codes": CODES, "hidden": 16, "width": 16, "depth": 2, "time_frequencies": 16}
FIXTURES = ("raster-tiny", "masked-tiny", "scales-tiny")


def task(order: str, **sections: Any) -> GenerateCodes:
    return GenerateCodes(config(sizes(order), **sections), stands(order), CPU)


def residual_task(**sections: Any) -> DenoiseResidual:
    values = config(MLP, "residual-mlp", **{"diffusion": {"times": "cosine"}, **sections})
    return DenoiseResidual(values, stands("scales"), generator("scales"), CPU)


def test_signs_are_coded_once_in_every_view() -> None:
    """View 0 is the picture and its mirror image, as the tokenizer says them; others are moved, each its own way."""
    book, rows = tokenizer("scales"), PACK.rows("train")
    whole = coded(book, PACK, rows, config(sizes("scales")), CPU, 3, True)
    assert whole.codes.shape == (len(rows), 3, 2, 21) and whole.rest is not None
    x = torch.from_numpy(PACK.images[rows[4:5]]).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        for mirrored, view in enumerate((x, x.flip(-1))):
            found = book.encode(view)
            assert torch.equal(whole.codes[4, 0, mirrored].long(), torch.cat(found.codes, 1)[0])
            rest = book.features(view)[0] - found.latents[0]
            assert torch.allclose(whole.rest[4, 0, mirrored].float(), rest, atol=2e-3)
    assert not torch.equal(whole.codes[:, 1], whole.codes[:, 2])
    chosen = (torch.tensor([4, 0]), torch.tensor([0, 2]), torch.tensor([1, 0]))
    assert torch.equal(whole.of(*chosen), torch.stack([whole.codes[4, 0, 1], whole.codes[0, 2, 0]]).long())


def test_masks_cover_all_shares() -> None:
    """A share cos(pi u / 2) of each row, u spread over the batch: at least one, now and then nearly all."""
    counts = draw_masks(np.random.default_rng(0), 400, 16).sum(1)
    assert counts.min() == 1 and counts.max() == 16
    assert abs(counts.mean() / 16 - 2 / np.pi - 0.5 / 16) < 0.01  # rounded up
    places = draw_masks(np.random.default_rng(1), 400, 16).mean(0)
    assert places.max() - places.min() < 0.15


def test_batch_tells_what_is_coded() -> None:
    """Codes of the picture that style and text speak of, training signs alone; left out as often as the config says."""
    some = task(
        "masked", diffusion={"class_drop": 0.2}, latent={"style_drop": 0.2, "text_drop": 0.1}, augment={"flip": 0.0}
    )
    some.rows.size = 400
    some.config = replace(some.config, train=replace(some.config.train, batch=400))
    batch = some.batch(2)
    pictures = some.signs[some.rows(2)]
    assert torch.equal(batch["codes"], some.train_codes.codes[some.rows(2), 0, 0].long())
    none = batch["y"] == 3
    assert torch.equal(batch["y"][~none], torch.from_numpy(PACK.style_index[pictures])[~none])
    empty = (batch["context"] - some.reader([""])).abs().amax((1, 2)) < 1e-5
    shares = [float((empty & none).float().mean()), float((none & ~empty).float().mean())]
    assert np.allclose([*shares, float((empty & ~none).float().mean())], [0.2, 0.2, 0.1], atol=0.06)
    again = some.batch(2)
    assert all(torch.equal(batch[key], again[key]) for key in ("codes", "y", "context", "masked"))


@pytest.mark.parametrize("order", ORDERS)
def test_learns_with_a_gradient_everywhere(order: str) -> None:
    """Sixty steps bring the loss down; every weight takes part; the tokenizer is none of them."""
    learning = task(order)
    before = learning.measure(learning.model)["loss"]
    optimizer = torch.optim.AdamW(learning.parameters(), 5e-3)
    for step in range(60):
        optimizer.zero_grad()
        loss, _ = learning(learning.batch(step))
        loss.backward()
        if step == 3:
            assert [n for n, p in learning.model.named_parameters() if p.grad is None or not p.grad.any()] == []
        optimizer.step()
    after = learning.measure(learning.model)
    assert after["loss"] < 0.96 * before and 0 < after["top1"] <= 1
    assert all(name.startswith("model.") for name, _ in learning.named_parameters())


@pytest.mark.parametrize("order", ORDERS)
def test_what_was_learned_by_heart_is_drawn(order: str) -> None:
    """Four signs, learned by heart, are drawn again from their names and styles: training and drawing mean the same."""
    sections = {
        "contrast": {"name": 1.0, "template": 0.0, "style": 0.0, "chinese": 0.0}, "augment": {"flip": 0.0},
        "diffusion": {"class_drop": 0.0}, "latent": {"style_drop": 0.0, "text_drop": 0.0},
    }  # fmt: skip
    learning = task(order, **sections)
    learning.rows.count = 4
    optimizer = torch.optim.AdamW(learning.parameters(), 1e-2)
    for step in range(90):
        optimizer.zero_grad()
        learning(learning.batch(step))[0].backward()
        optimizer.step()
    pictures = learning.signs[:4]
    names = [learning.words.names("en")[thing] for thing in PACK.concept_index[pictures]]
    told = Told(learning.reader(names), learning.reader([""]))
    asked = Asked(told, torch.from_numpy(PACK.style_index[pictures]), range(4))
    recipe = CodeRecipe(temperature=0.0, choice_temperature=0.0, guidance=1.0)
    model = learning.model.eval()
    assert isinstance(model, Autoregressive)
    found = last_pass(model, recipe, asked, learning.tokenizer.quantize).codes
    right = (found == learning.train_codes.codes[:4, 0, 0].long()).float().mean()
    assert float(right) > 0.9


def test_what_does_not_fit_is_one_sentence() -> None:
    for change, sentence in (
        ({"classes": 4}, "classes is 4; it must be 3"),
        ({"context_dim": 32}, "context_dim is 32; it must be 24"),
        ({"codes": 16}, "codes is 16; it must be 12"),
        ({"sides": [1, 4]}, r"sides is \[1, 4\]"),
        ({"entry_dim": 8}, "entry_dim is 8; it must be 4"),
    ):
        with pytest.raises(TrainingError, match=sentence):
            GenerateCodes(config({**sizes("scales"), **change}), stands("scales"), CPU)
    values = config({**MLP, "hidden": 8}, "residual-mlp")
    with pytest.raises(TrainingError, match="hidden is 8; it must be 16"):
        DenoiseResidual(values, stands("scales"), generator("scales"), CPU)
    with pytest.raises(TrainingError, match="one of the order scales"):
        DenoiseResidual(values, stands("raster"), generator("raster"), CPU)
    with pytest.raises(TrainingError, match="views is 0"):
        config(sizes("raster"), latent={"views": 0})


def test_residual_is_learned() -> None:
    """What codes leave out, at a deviation of 1; told by the generator's last scale; every weight learns."""
    learning = residual_task()
    batch = learning.batch(0)
    assert batch["x0"].shape == (64, 4, 4, 4) and batch["hidden"].shape == (64, 16, 16)
    rest = learning.train_codes.rest
    assert rest is not None
    assert float(rest[:, 0, 0].float().std()) * learning.cfg.residual_scale == pytest.approx(1, abs=0.05)
    assert learning.cfg.residual_scale == residual_scale(tokenizer("scales"), PACK, learning.config, CPU)
    assert torch.equal(batch["codes"][:16], learning.batch(0)["codes"][16:32])
    assert not torch.equal(batch["eps"][:16], batch["eps"][16:32])
    before = learning.measure(learning.model)["mse"]
    optimizer = torch.optim.AdamW(learning.parameters(), 5e-3)
    for step in range(40):
        optimizer.zero_grad()
        loss, _ = learning(learning.batch(step))
        loss.backward()
        if step == 5:
            assert [n for n, p in learning.model.named_parameters() if p.grad is None or not p.grad.any()] == []
        optimizer.step()
    assert learning.measure(learning.model)["mse"] < 0.97 * before
    assert all(name.startswith("model.") for name, _ in learning.named_parameters())


def test_each_place_is_denoised_by_itself() -> None:
    """Another hidden state or code at a place changes what is said of that place alone."""
    model: ResidualMLP = stirred(ResidualMLP(ResidualMLPConfig(**MLP)), 6)
    torch.manual_seed(7)
    x, hidden, codes = torch.randn(1, 16, 4), torch.randn(1, 16, 16), torch.arange(16)[None] % CODES
    t = torch.tensor([400.0])
    with torch.no_grad():
        before = model(x, t, hidden, codes)
        hidden[0, 3] += 1
        codes[0, 9] += 1
        changed = (model(x, t, hidden, codes) - before).abs().amax((0, 2)) > 1e-7
    assert changed.nonzero().flatten().tolist() == [3, 9]
    maps = torch.randn(2, 4, 3, 3)
    assert torch.equal(to_map(to_places(maps)), maps)


def test_drawn_residuals_are_divided_by_their_scale() -> None:
    """The same run with another scale; a sampler that does not go with the process is one sentence."""
    torch.manual_seed(8)
    x, hidden, codes = torch.randn(1, 4, 4, 4), torch.randn(1, 16, 16), torch.zeros(1, 16)
    how: dict[str, Any] = {"process": "vp", "prediction": "v", "time": "999t"}
    runs: list[Tensor] = []
    state = stirred(ResidualMLP(ResidualMLPConfig(**MLP)), 6).state_dict()
    for scale in (1.0, 4.0):
        model = ResidualMLP(ResidualMLPConfig(**MLP, residual_scale=scale)).eval()
        model.load_state_dict(state)
        runs.append(sample_residual(model, how, Recipe("ddim", 4), x, hidden, codes))
    assert torch.allclose(runs[0], 4 * runs[1], atol=1e-5)
    with pytest.raises(TrainingError, match="Sampling with ddpm failed"):
        sample_residual(model, {**how, "process": "rectified-flow"}, Recipe("ddpm", 4), x, hidden, codes)


def write_parts(folder: Path) -> None:
    """Files that stand for the models a folder names."""
    for name in ("vq-f8", "clip", "scales-words"):
        (folder / "models" / name).mkdir(parents=True)
        (folder / "models" / name / "model.safetensors").write_bytes(name.encode())


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator names tokenizer and clip, a residual MLP its generator, too; their golden tensors are whole."""
    monkeypatch.chdir(tmp_path)
    write_parts(tmp_path)
    on, model = stands("scales"), generator("scales")
    cfg = config(sizes("scales"), latent={"autoencoder": "models/vq-f8"})
    export_generator(tmp_path / "a", cfg, model.state_dict(), style_labels(PACK), on.reader, on.tokenizer, True)
    values = json.loads((tmp_path / "a" / "config.json").read_text())
    assert (values["autoencoder"]["model"], values["text"]["model"]) == ("vq-f8", "clip")
    assert [label["id"] for label in values["labels"]] == ["thin", "wide", "soft"]
    loaded = load_any(tmp_path / "a")
    assert isinstance(loaded, Autoregressive) and loaded.cfg == model.cfg
    tensors = load_file(tmp_path / "a" / "golden.safetensors")
    assert tensors["g/logits"].shape == (2, 21, CODES) and tensors["s/ramp/codes"].shape == (3, 21)
    assert tensors["g/context"].shape == (2, TEXT_TOKENS, TEXT_DIM) and tensors["g/y"].tolist() == [1, 3]

    how = config(MLP, "residual-mlp", latent={"autoencoder": "models/vq-f8"})
    state = stirred(ResidualMLP(ResidualMLPConfig(**MLP)), 3).state_dict()
    parts = (on.tokenizer, model)
    export_residual(tmp_path / "b", how, state, 2.5, on.reader, parts, True)
    values = json.loads((tmp_path / "b" / "config.json").read_text())
    assert values["generator"]["model"] == "scales-words" and values["config"]["residualScale"] == 2.5
    assert values["labels"] == []
    tensors = load_file(tmp_path / "b" / "golden.safetensors")
    assert tensors["g/prediction"].shape == (2, 16, 4) and tensors["s/ddim/residual"].shape == (1, 4, 4, 4)
    assert np.array_equal(tensors["s/codes"][:, -16:], tensors["g/codes"][:1])


@pytest.mark.parametrize("name", [*FIXTURES, "hart-tiny"])
def test_shipped_fixtures_hold(name: str) -> None:
    """Weights on disk give the golden tensors and the golden runs again."""
    folder = ROOT / "models" / name
    values = json.loads((folder / "config.json").read_text())
    stored, model = load_file(folder / "golden.safetensors"), load_any(folder)
    context = np.concatenate(
        [stored["s/context"], load_file(ROOT / "models" / "raster-tiny" / "golden.safetensors")["s/empty"]]
    )
    book = load_any(ROOT / "models" / values["autoencoder"]["model"])
    assert isinstance(book, VQ)
    if isinstance(model, Autoregressive):
        found, _ = generator_golden(model, book, torch.from_numpy(context), True)
    else:
        made = load_any(ROOT / "models" / values["generator"]["model"])
        assert isinstance(model, ResidualMLP) and isinstance(made, Autoregressive)
        found, _ = residual_golden(model, values["diffusion"], book, made, torch.from_numpy(context), True)
    assert set(found) == set(stored)
    for key, value in stored.items():
        np.testing.assert_allclose(found[key], value, atol=1e-4, err_msg=key)


def test_painter_paints_what_it_is_told(tmp_path: Path) -> None:
    """Pictures of the decoder's size, the same for the same seed in any batch, others for other words; a residual
    changes them; each painter asks for its own kind of recipe."""
    on = stands("scales")
    painter = CodePainter(generator("scales"), on.tokenizer, clip(), on.reader)
    recipe, styles = CodeRecipe(guidance=2.0), np.array([0, 1, 3])
    a = painter.paint(["red box", "red box", ""], styles, recipe, seed=1)
    assert a.shape == (3, 3, 32, 32) and a.dtype == torch.uint8
    assert torch.equal(a[1:2], painter.paint(["red box"], styles[1:2], recipe, seed=1, first=1))
    assert not torch.equal(a[1:2], painter.paint(["blue ring"], styles[1:2], recipe, seed=1, first=1))
    assert not torch.equal(a[1:2], painter.paint(["red box"], styles[1:2], recipe, seed=2, first=1))
    mlp = stirred(ResidualMLP(ResidualMLPConfig(**MLP)), 3)
    diffusion = {"process": "vp", "prediction": "v", "time": "999t"}
    more = replace(painter, residual=mlp, diffusion=diffusion)
    assert not torch.equal(a, more.paint(["red box", "red box", ""], styles, recipe, seed=1))
    assert (painter.passes(recipe), painter.passes(CodeRecipe(guidance=1.0))) == (6, 3)
    with pytest.raises(TrainingError, match="asked with a temperature"):
        painter.paint(["red box"], styles[:1], Recipe(), seed=1)
    (tmp_path / "config.json").write_text(json.dumps({"architecture": "vit"}))
    with pytest.raises(TrainingError, match="paints nothing from words"):
        read_any_painter(tmp_path)


def test_a_tokenizer_learns_to_decode_what_is_no_code() -> None:
    """With `continuous` the decoder is given latents as they are for that share of the pictures."""
    model = {"image": 32, "factor": 8, "width": 4, "multiples": [1, 1, 2, 2], "latent": 4, "groups": 2, "codes": CODES}
    losses = []
    for share in (0.0, 0.999):
        learning = Autoencode(config(model, "vq", autoencode={"continuous": share}), PACK, None, None, CPU)
        torch.manual_seed(0)
        _, parts = learning(learning.batch(0))
        losses.append(float(parts["pixels"]))
        x = learning.batch(0)["x"]
        assert isinstance(learning.model, VQ)
        with torch.no_grad():
            plain = float((learning.model.decode(learning.model.features(x)) - x).abs().mean())
    assert losses[1] == pytest.approx(plain, abs=1e-5) and losses[0] != pytest.approx(plain, abs=1e-5)
    with pytest.raises(TrainingError, match="continuous below 1"):
        config(model, "vq", autoencode={"continuous": 1.0})
