"""Distances between sets, charts, comparisons and ablations: known answers and sentences for mistakes."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from training.config import Config, parse_config
from training.diffusion.generate import Recipe, generate
from training.errors import TrainingError
from training.export.cnn import export_cnn
from training.export.denoiser import export_denoiser
from training.measure import ablate as ablating
from training.measure import samples as sampling
from training.measure.ablate import ablate
from training.measure.card import BEGIN, END, measured, write_card
from training.measure.compare import compare, constant_steps
from training.measure.distances import coverage, frechet, nearest
from training.measure.paint import SHOWN, paint
from training.measure.pixel_targets import painted_error, probe
from training.measure.plot import chart, read_log, ticks
from training.measure.samples import measure_samples
from training.models.cnn import Cnn, CnnConfig
from training.models.mae import MAE, MAEConfig
from training.models.uvit import UViT, UViTConfig
from training.paths import ROOT, cache_folder
from training.tasks import Diffuse
from training.tests.helpers import LABELS, synthetic

MODEL = {"image": 16, "patch": 8, "dim": 32, "depth": 2, "heads": 2, "classes": 4}


def denoiser(**train: Any) -> Config:
    train = {"steps": 4, "batch": 4, "warmup": 1, "schedule": "linear", "bf16": False, **train}
    values = {"name": "one", "architecture": "uvit", "model": MODEL, "train": train}
    return parse_config(values, "one.toml")


def test_frechet_of_gaussians_is_the_closed_form() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(0, 1, (40_000, 3)) * [1, 2, 3]
    b = rng.normal(0, 1, (40_000, 3)) * [2, 2, 1] + [1, 0, 0]
    assert frechet(a, b) == pytest.approx(1 + (1 - 2) ** 2 + 0 + (3 - 1) ** 2, rel=0.03)
    assert frechet(a, a) == pytest.approx(0, abs=1e-9)
    turned = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert frechet(a @ turned, b @ turned) == pytest.approx(frechet(a, b), rel=1e-6)


def test_precision_and_recall_of_half_the_world() -> None:
    rng = np.random.default_rng(1)
    real = np.concatenate([rng.normal(0, 1, (100, 2)), rng.normal(50, 1, (100, 2))])
    made = rng.normal(0, 1, (100, 2))
    assert coverage(made, real) > 0.9 and coverage(real, made) == pytest.approx(0.5, abs=0.06)
    rows, distances = nearest(real[:5] + 1e-3, real)
    assert rows.tolist() == [0, 1, 2, 3, 4] and distances.max() < 2e-3


def test_chart_is_xml_with_a_line_for_each_series() -> None:
    svg = chart({"a < b": [(0, 1), (10, 0.1)], "c": [(0, 2), (10, 0.5)]}, "step", "loss", "Two & more", log=True)
    root = ET.fromstring(svg)
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 2 and len(lines[0].attrib["points"].split()) == 2
    assert ticks(0, 1000)[0] == 0 and ticks(0.02, 0.3, log=True) == pytest.approx([0.02, 0.05, 0.1, 0.2])
    with pytest.raises(TrainingError, match="'nothing' has no point to draw; train or measure first"):
        chart({"a": []}, "x", "y", "nothing")
    with pytest.raises(TrainingError, match="values of 0 or less"):
        chart({"a": [(0, 0), (1, 1)]}, "x", "y", "zeros", log=True)


def test_log_is_averaged_over_windows_and_later_lines_win(tmp_path: Path) -> None:
    rows = [{"step": 20, "loss": 9.0}, {"step": 20, "loss": 1.0}, {"step": 40, "loss": 3.0}, {"step": 40, "eval": {}}]
    (tmp_path / "log.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert read_log(tmp_path / "log.jsonl", window=40) == [(40, 2.0)]
    with pytest.raises(TrainingError, match=r"log\.jsonl is missing; train first"):
        read_log(tmp_path / "none" / "log.jsonl")


def test_comparison_has_one_row_a_window(tmp_path: Path) -> None:
    configs = [denoiser(), replace(denoiser(), name="two")]
    for config, factor in zip(configs, (1, 2), strict=True):
        run = cache_folder() / "runs" / config.name
        run.mkdir(parents=True)
        lines = [json.dumps({"step": s, "loss": factor * 0.1}) for s in (20, 40, 60)]
        (run / "log.jsonl").write_text("\n".join(lines))
        (tmp_path / config.name).mkdir()
    rows = compare(configs, tmp_path, 20)
    assert rows[2] == {"step": 60, "images": 240, "loss": {"one": 0.1, "two": 0.2}}
    kept = json.loads((tmp_path / "two" / "metrics.json").read_text())["losses"]
    assert kept["rows"] == rows and kept["constantRateUntilStep"]["one"] == constant_steps(configs[0]) == 2
    with pytest.raises(TrainingError, match=r"another 'seed' than one\.toml"):
        compare([configs[0], replace(configs[1], seed=5)], tmp_path, 20)
    with pytest.raises(TrainingError, match="another batch or lr"):
        compare([configs[0], denoiser(lr=1.0)], tmp_path, 20)


def test_ablations_are_kept_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Config] = []

    def task(config: Config, folder: Path, device: torch.device) -> Diffuse:
        made.append(config)
        return Diffuse(config, synthetic(8), synthetic(8), device)

    monkeypatch.setattr(ablating, "make_task", task)
    out = tmp_path / "ablations.json"
    result = ablate(denoiser(), tmp_path / "runs", out, [1, 2], ["base", "skip-none"])
    assert json.loads(out.read_text()) == result
    base, none = result["variants"]
    assert none["change"] == {"skip": "none"} and none["parameters"] < base["parameters"]
    assert [run["seed"] for run in base["seeds"]] == [1, 2] and base["loss"]["min"] <= base["loss"]["mean"]
    assert len(made) == 4 and made[2].model.skip == "none"  # type: ignore[union-attr]
    ablate(denoiser(), tmp_path / "runs", out, [1, 2], ["base"])
    assert len(made) == 4  # what is done is read, not run again
    with pytest.raises(TrainingError, match="There is no variant 'skip-all'; use some of base, skip-none"):
        ablate(denoiser(), tmp_path, out, [1], ["skip-all"])
    with pytest.raises(TrainingError, match="steps and no minutes"):
        ablate(denoiser(minutes=1.0), tmp_path, out, [1])


def test_samples_are_measured_in_the_evaluators_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    pictures = synthetic(80, side=16)
    monkeypatch.setattr(sampling, "load_cifar", lambda data, split: pictures)
    cnn = parse_config(
        {"name": "judge", "architecture": "cnn", "model": {"image": 16, "width": 4, "classes": 4}}, "judge.toml"
    )
    judge = Cnn(CnnConfig(image=16, width=4, classes=4))
    judge.whiten.fit(torch.from_numpy(pictures.images).permute(0, 3, 1, 2) / 127.5 - 1)
    export_cnn(tmp_path / "judge", cnn, judge.state_dict(), LABELS, whole=True)
    model = UViT(UViTConfig(**MODEL))  # type: ignore[arg-type]
    export_denoiser(tmp_path / "one", denoiser(), model.state_dict(), LABELS, whole=False)
    folders = tmp_path / "one", tmp_path / "judge", tmp_path
    pairs = tmp_path / "out" / "pairs.png"
    found = measure_samples(*folders, Recipe(steps=2), 64, 0, sweep=0, pairs=pairs)
    assert pairs.is_file() and json.loads((tmp_path / "one" / "metrics.json").read_text())["samples"] == found
    real = found["trainingPicturesInstead"]
    assert found["fid"] > real["fid"] >= 0 and real["precision"] == pytest.approx(1, abs=0.05)
    assert found["neighbours"]["medianOfTestPictures"] == 0  # here the test pictures are the training pictures
    with pytest.raises(TrainingError, match="--count 8 is too small"):
        measure_samples(*folders, Recipe(), 8, 0)
    with pytest.raises(TrainingError, match="holds a UViT, not the evaluator CNN"):
        measure_samples(tmp_path / "one", tmp_path / "one", tmp_path, Recipe(), 64, 0)
    with pytest.raises(TrainingError, match="is no denoiser"):
        measure_samples(tmp_path / "judge", tmp_path / "judge", tmp_path, Recipe(), 64, 0)


def test_samples_are_kept_and_a_stopped_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATCHWORK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sampling, "CHUNK", 6)
    torch.manual_seed(0)
    model = UViT(UViTConfig(**MODEL))  # type: ignore[arg-type]
    export_denoiser(tmp_path / "one", denoiser(), model.state_dict(), LABELS, whole=False)
    made: list[int] = []

    def counted(*given: Any, **named: Any) -> torch.Tensor:
        made.append(len(given[3]))
        return generate(*given, **named)

    monkeypatch.setattr(sampling, "generate", counted)
    recipe = Recipe(steps=2)
    first, classes = sampling.draw(tmp_path / "one", recipe, 8, 3)
    again, _ = sampling.draw(tmp_path / "one", recipe, 14, 3)
    assert made == [6, 2, 6, 2] and first.shape[0] == 8 and classes.tolist() == [0, 1, 2, 3] * 2
    np.testing.assert_array_equal(again[:6], first[:6])
    sampling.draw(tmp_path / "one", Recipe(steps=3), 6, 3)  # another recipe has its own
    assert made[4:] == [6]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(TrainingError, match=r"00000\.npy could not be written .*No space left.*run the command again"):
        sampling.draw(tmp_path / "one", recipe, 6, 4)


def test_normalised_pixels_are_given_the_true_brightness() -> None:
    torch.manual_seed(0)
    sizes = {"image": 16, "patch": 4, "dim": 32, "depth": 1, "heads": 2, "decoder_dim": 16, "decoder_depth": 1}
    pictures = synthetic(64, side=16)
    images = torch.from_numpy(pictures.images).permute(0, 3, 1, 2)
    errors = {}
    for norm in (False, True):
        model = MAE(MAEConfig(**sizes, decoder_heads=2, norm_pixels=norm)).eval()  # type: ignore[arg-type]
        torch.nn.init.zeros_(model.decoder_pred.weight)
        errors[norm] = painted_error(model, images)
        assert 0.25 < probe(model, pictures, pictures) <= 1
    # Nothing is predicted: plain, the error is the mean square; normalised, the variance inside a patch.
    x = images.float() / 127.5 - 1
    assert errors[False] == pytest.approx(float(x.square().mean()), rel=0.05)
    assert errors[True] < errors[False]


def test_painting_hides_and_keeps_the_right_patches(tmp_path: Path) -> None:
    folder = tmp_path / "mae-tiny"
    shutil.copytree(ROOT / "models" / "mae-tiny", folder)
    result = paint(folder, tmp_path / "out.png", ["owl", "church"], zoom=1)
    assert [row["picture"] for row in result["pictures"]] == ["owl", "church"]
    sheet = np.asarray(Image.open(tmp_path / "out.png"))
    assert sheet.shape == (3 * 16 + 8, 2 * 16 + 4, 3)
    whole, seen, painted = (sheet[20 * row : 20 * row + 16, :16].astype(int) for row in range(3))
    same = (whole == seen).all(-1).reshape(4, 4, 4, 4).all((1, 3))
    assert same.sum() == 4  # of 16 patches a quarter is seen, the rest is grey
    for row, column in np.ndindex(4, 4):
        cut = np.s_[4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        assert (painted[cut] == whole[cut]).all() == same[row, column]
        if not same[row, column]:
            assert (seen[cut] == 128).all()
    hidden = (~same).repeat(4, 0).repeat(4, 1)
    error = (((painted - whole) / 127.5) ** 2)[hidden].mean()
    assert result["pictures"][0]["error"] == pytest.approx(error, rel=0.02)
    assert json.loads((folder / "metrics.json").read_text())["painted"] == result
    assert all((ROOT / "static" / "pictures" / f"{name}.webp").is_file() for name in SHOWN)


def test_only_plain_pixels_are_painted(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no masked autoencoder"):
        paint(ROOT / "models" / "vit-tiny", tmp_path / "out.png")
    with pytest.raises(TrainingError, match="choose a picture"):
        paint(ROOT / "models" / "mae-tiny", tmp_path / "out.png", ["nobody"])


def test_a_card_has_its_figures_from_metrics(tmp_path: Path) -> None:
    run = {"imagesSeen": 1280, "steps": 20, "seconds": 90, "device": "CPU", "seed": 1, "ema": 0.9, "torch": "2"}
    figures = {"samples": 100, "fid": 12.5, "classAccuracy": 0.5, "precision": 0.25, "recall": 0.125}
    samples = {
        **figures, "command": "c", "guidance": 1.5, "steps": 20, "sampler": "ddim", "against": "tests",
        "features": "f", "evaluatorTestAccuracy": 0.75, "trainingPicturesInstead": figures,
        "neighbours": {"samples": 32, "median": 2, "nearest": 1, "medianOfTestPictures": 3, "nearestOfTestPictures": 0},
    }  # fmt: skip
    steps = [{"step": s, "images": s, "loss": {"a": 1 / s, "b": 2 / s}} for s in range(1, 30)]
    losses = {"command": "d", "loss": "l", "constantRateUntilStep": {"a": 9, "b": 9}, "rows": steps}
    metrics = {"run": run, "samples": samples, "losses": losses, "heldOut": {"loss": 0.5}}
    (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    (tmp_path / "card.md").write_text(f"# a\n\n{BEGIN}\nold\n{END}\n\nend\n")
    text = write_card(tmp_path).read_text()
    assert text.startswith("# a\n") and text.endswith("\n\nend\n") and "old" not in text
    assert "| guidance 1.5, 20 steps of ddim | 100 | 12.5 | 50.0 % | 25.0 % | 12.5 % |" in text
    assert "1,280 images seen in 20 steps" in text and "| 29 | 29 | 0.0345 | 0.0690 |" in text
    assert write_card(tmp_path).read_text() == text
    (tmp_path / "card.md").write_text("# a\n")
    with pytest.raises(TrainingError, match=r"card\.md has no lines '<!-- measured"):
        write_card(tmp_path)


def test_a_card_says_what_a_clip_finds() -> None:
    held_out = {"pair-en": 0.5, "pair-zh": 0.25, "photo-en": 0.75, "photo-zh": 0.125, "photo-both": 0.7}
    text = measured({"heldOut": held_out})
    assert "| signs in a style they were not seen in, among 100 | 50.0 % | 25.0 % |" in text
    assert "| photos, the nearest of all classes | 75.0 % | 12.5 % |" in text and "never seen" not in text


def test_a_card_says_what_an_autoencoder_gives_back() -> None:
    held_out = {"psnr-pair": 22.751, "psnr-photo": 21.997, "deviation": 1.25, "deviationOfMeans": 1.2, "kl": 4.0283}
    text = measured({"command": "python -m training export a.toml --measure", "heldOut": held_out})
    assert "`python -m training export a.toml --measure`" in text
    assert "| a sign in a style not seen | 22.75 dB |\n| a photo | 22.00 dB |" in text
    assert "latents 1.2500 (96.0% of it of their means); divergence from N(0, 1) 4.03 nats a number" in text


def test_a_card_says_what_codes_are_used() -> None:
    codes = {"codesUsed": 500, "perplexity": 371.04, "bits": 576, "entropyBits": 546, "psnr-continuous": 22.252}
    text = measured({"command": "c", "heldOut": {"psnr-pair": 21.542, **codes}})
    assert "Codes in use 500, perplexity 371.0; 576 bits a picture, 546 by entropy" in text
    assert "not made codes, 22.25 dB" in text


def test_a_card_says_what_words_became() -> None:
    row = {"first": 0.25, "top5": 0.5, "style": 0.75, "real": {"first": 0.875, "top5": 1.0, "style": 0.625}}
    text = measured({"words": {"command": "c", "among": 100, "held": {"pairs": 8, "en": row, "zh": row}}})
    assert "`c`" in text and "The concept among 100" in text
    assert "| not seen in training | Chinese | 8 | painted | 25.0 % | 50.0 % | 75.0 % |" in text
    assert "| not seen in training | English | 8 | real | 87.5 % | 100.0 % | 62.5 % |" in text
