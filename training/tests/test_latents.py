"""Painting in latents from words: what a batch holds, what is left out of it, learning, the folder it ends in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from training.config import Config, parse_config
from training.data.text.reader import TextReader
from training.diffusion.generate import Recipe, Told, guided, run
from training.errors import TrainingError
from training.export.denoiser import denoiser_golden, export_denoiser
from training.export.read import load_any
from training.measure import words as measuring
from training.measure.painter import Painter
from training.measure.words import (
    Judge,
    Verdict,
    by_style,
    judged,
    measure_words,
    neighbours,
    ranks,
    seen_twins,
)
from training.models.autoencoder import Autoencoder as AutoencoderModel
from training.models.autoencoder import AutoencoderConfig
from training.models.clip import CLIP, CLIPConfig
from training.models.unet import UNet, UNetConfig
from training.models.uvit import UViT, UViTConfig
from training.tasks import LatentDiffuse
from training.tasks.latents import moments_of
from training.tasks.told import spread_over
from training.tests.sign_pack import SIDE, sign_pack, sign_tokenizer
from training.train.runs import style_labels

CPU = torch.device("cpu")
PACK, TOKENIZER = sign_pack(), sign_tokenizer()
SMALL: dict[str, dict[str, Any]] = {
    "uvit": {"image": 4, "channels": 4, "patch": 1, "dim": 16, "depth": 2, "heads": 2, "mlp_ratio": 2},
    "unet": {
        "image": 4, "channels": 4, "width": 8, "multipliers": [1, 2], "blocks": 1, "attention": [2], "groups": 2,
        "heads": 2, "scale_shift": True, "null_class": True,
    },
}  # fmt: skip


class Coder:
    """Stands in for an autoencoder: means of 8x8 pixels as three channels, their sum as a fourth."""

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        small = torch.nn.functional.avg_pool2d(x, 8)
        mean = torch.cat([small, small.sum(1, keepdim=True)], 1)
        return mean, torch.full_like(mean, -9.0)

    def decode(self, z: Tensor) -> Tensor:
        return torch.nn.functional.interpolate(z[:, :3], scale_factor=8)


def clip() -> CLIP:
    """A CLIP whose text tower reads the pack's words; its picture tower takes no part."""
    torch.manual_seed(0)
    sizes = {"vocabulary": len(TOKENIZER), "context": TOKENIZER.context, "text_dim": 24, "text_depth": 1}
    return CLIP(CLIPConfig(image=32, dim=16, depth=1, heads=1, text_heads=2, embed=8, **sizes)).eval()


def reader(length: int = 6) -> TextReader:
    return TextReader(clip(), TOKENIZER, length, CPU)


def config(architecture: str = "uvit", sections: dict[str, Any] | None = None, **train: Any) -> Config:
    values = {
        "name": "words", "seed": 3, "architecture": architecture,
        "model": {**SMALL[architecture], "classes": 3, "context_tokens": 6, "context_dim": 24},
        "data": {"set": "emoji"},
        "diffusion": {"times": "cosine", "weighting": "min-snr"},
        "train": {"steps": 12, "batch": 16, "lr": 3e-3, "warmup": 2, "bf16": False, "ema": [0.9], **train},
    }  # fmt: skip
    return parse_config({**values, **(sections or {})}, "words.toml")


def task(cfg: Config | None = None) -> LatentDiffuse:
    return LatentDiffuse(cfg or config(), PACK, Coder(), 2.0, reader(), CPU)


def test_moments_are_scaled_and_mirrored() -> None:
    """Means times the scale, deviations too; the second of each pair is the mirrored picture's."""
    both = moments_of(Coder(), 2.0, PACK.images, CPU)
    x = torch.from_numpy(PACK.images[3]).permute(2, 0, 1)[None].float() / 127.5 - 1
    assert torch.allclose(both.mean[3, 0], 2 * Coder().encode(x)[0][0], atol=1e-6)
    assert torch.allclose(both.mean[3, 1], 2 * Coder().encode(x.flip(-1))[0][0], atol=1e-6)
    assert torch.allclose(both.deviation, torch.full_like(both.deviation, 2 * float(np.exp(-4.5))))
    drawn = both.draw(torch.tensor([3, 5]), torch.tensor([1, 0]), torch.zeros(2, 4, 4, 4))
    assert torch.equal(drawn, torch.stack([both.mean[3, 1], both.mean[5, 0]]))


def test_reader_gives_the_first_tokens_after_the_last_norm() -> None:
    """As the tower itself says in full rows: what follows a token changes nothing of it."""
    rows = torch.tensor([TOKENIZER.encode(text) for text in ("red box", "")])
    capture: dict[str, Tensor] = {}
    clip().text(rows, capture)
    found = reader()(["red box", ""])
    assert found.shape == (2, 6, 24)
    assert torch.allclose(found, capture["last_hidden_state"][:, :6], atol=1e-6)
    end = int((rows[0] == 2).int().argmax())
    assert torch.allclose(found[0, end], capture["ln_final"][0], atol=1e-6)
    for length in (2, TOKENIZER.context + 1):
        with pytest.raises(TrainingError, match="context_tokens"):
            reader(length)


def test_batch_tells_what_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Latents of the picture that text and style speak of; training signs alone; the same again for the same step."""
    plain = task(config(sections={"diffusion": {"class_drop": 0.0}, "latent": {"style_drop": 0.0, "text_drop": 0.0}}))
    said: list[str] = []
    read = plain.reader

    def heard(texts: list[str]) -> Tensor:
        said.extend(texts)
        return read(texts)

    monkeypatch.setattr(plain, "reader", heard)
    batch = plain.batch(5)
    pictures = plain.signs[plain.rows(5)]
    assert torch.equal(batch["y"], torch.from_numpy(PACK.style_index[pictures]))
    for thing, text in zip(PACK.concept_index[pictures], said, strict=True):
        words = plain.words
        phrases = [words.phrases[p] for language in ("en", "zh") for p in words.said[int(thing)][language]]
        assert any(phrase in text for phrase in phrases)
    means = plain.train_moments.mean[torch.from_numpy(plain.rows(5))]
    near = (batch["x0"][:, None] - means).abs().amax((2, 3, 4))  # to the picture, to its mirror image
    assert float(near.min(1).values.max()) < 0.2
    again = task(plain.config).batch(5)
    assert all(torch.equal(batch[key], again[key]) for key in ("x0", "eps", "y", "context"))
    assert {PACK.pictures[row].split for row in plain.signs} == {"train"}


def test_text_and_style_are_left_out() -> None:
    """Both together, the style alone and the text alone, as often as the config says."""
    shares = {"diffusion": {"class_drop": 0.2}, "latent": {"style_drop": 0.2, "text_drop": 0.1}}
    some = task(config(sections=shares, batch=400))
    batch = some.batch(0)
    empty = (batch["context"] - some.reader([""])).abs().amax((1, 2)) < 1e-5
    none = batch["y"] == 3
    found = [float((empty & none).float().mean()), float((none & ~empty).float().mean())]
    found.append(float((empty & ~none).float().mean()))
    assert np.allclose(found, [0.2, 0.2, 0.1], atol=0.06)
    with pytest.raises(TrainingError, match="text_drop"):
        config(sections={"latent": {"text_drop": 0.9}})


@pytest.mark.parametrize("architecture", SMALL)
def test_learns_with_a_gradient_everywhere(architecture: str) -> None:
    """Fifty steps bring the loss down; every weight takes part, the text's among them."""
    learning = task(config(architecture))
    before = learning.measure(learning.model)["loss"]
    optimizer = torch.optim.AdamW(learning.parameters(), 5e-3)
    for step in range(50):
        optimizer.zero_grad()
        loss, _ = learning(learning.batch(step))
        loss.backward()
        if step == 3:
            assert [n for n, p in learning.model.named_parameters() if p.grad is None or not p.grad.any()] == []
        optimizer.step()
    assert learning.measure(learning.model)["loss"] < 0.95 * before
    assert not any("tower" in name for name, _ in learning.named_parameters())


def test_what_does_not_fit_is_one_sentence() -> None:
    for change, sentence in (
        ({"classes": 4}, "classes = 3"),
        ({"context_dim": 32}, "context_dim must be 24"),
        ({"image": 8}, "4 cells a side|the autoencoder of 4 and 4"),
    ):
        values: dict[str, Any] = {**SMALL["uvit"], "classes": 3, "context_tokens": 6, "context_dim": 24, **change}
        with pytest.raises(TrainingError, match=sentence):
            task(config(sections={"model": values}))
    with pytest.raises(ValueError, match="reads 6 text tokens of 24 values"):
        UViT(UViTConfig(**values | {"image": 4}))(torch.zeros(1, 4, 4, 4), torch.zeros(1), torch.zeros(1))


def test_published_text_to_image_sizes() -> None:
    """U-ViT-S/2 (deep) for COCO: 58 million parameters with the text's layer (Bao et al., table 1)."""
    with torch.device("meta"):
        size = UViTConfig(image=32, channels=4, depth=16, classes=0, null_class=False, context_tokens=77)
        assert sum(p.numel() for p in UViT(size).parameters()) == pytest.approx(58e6, rel=0.01)


def test_published_unet_sizes() -> None:
    """DDPM's for CIFAR-10 has 35.7 million parameters (Ho et al. 2020, appendix B)."""
    with torch.device("meta"):
        assert sum(p.numel() for p in UNet(UNetConfig()).parameters()) == 35_746_307
    for change, sentence in (
        ({"image": 6}, "cannot be halved 3 times"),
        ({"groups": 48}, "must divide 128 channels"),
        ({"multipliers": []}, "at least one level"),
    ):
        with pytest.raises(TrainingError, match=sentence):
            UNet(UNetConfig(**change))


def test_guidance_leads_away_from_the_empty_text() -> None:
    """w (told) + (1 - w) (no style, no text), and nothing is kept within [-1, 1]."""
    torch.manual_seed(1)
    cfg: Any = config().model
    model = UViT(cfg).eval()
    both = reader()(["red box", ""])
    told = Told(both[:1], both[1:])
    x, y = torch.randn(1, 4, 4, 4), torch.tensor([1])
    with torch.no_grad():
        found = guided(model, y, 3.0, 3, told=told)(x, 500.0)
        one = model(x, torch.tensor([500.0]), y, context=told.context)
        none = model(x, torch.tensor([500.0]), torch.tensor([3]), context=told.empty)
    assert torch.allclose(found, 3 * one - 2 * none, atol=1e-5)
    diffusion = {"process": "vp", "prediction": "v", "time": "999t"}
    last = run(model, diffusion, Recipe("ddim", 3, 2.0), 4 * x, y, None, told=told)
    assert float(last.x.abs().max()) > 1


def test_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels are styles; the folder names what it stands on by its weights, and its golden text is a real one."""
    monkeypatch.chdir(tmp_path)
    for name in ("kl-f8", "clip"):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / "model.safetensors").write_bytes(name.encode())
    cfg = config()
    torch.manual_seed(2)
    weights = UViT(cfg.model).state_dict()  # type: ignore[arg-type]
    folder = tmp_path / "words"
    export_denoiser(folder, cfg, weights, style_labels(PACK), True, 16, reader())
    values = json.loads((folder / "config.json").read_text())
    assert [label["id"] for label in values["labels"]] == ["thin", "wide", "soft"]
    assert values["autoencoder"]["model"] == "kl-f8" and len(values["text"]["sha256"]) == 64
    model = load_any(folder)
    assert isinstance(model, UViT)
    tensors, meta = denoiser_golden(model, values["diffusion"], True, reader()(["goat", ""]))
    assert tensors["g/context"].shape == (2, 6, 24) and tensors["g/context_tokens"].shape == (2, 6, 16)
    assert np.array_equal(tensors["s/empty"][0], tensors["g/context"][1])
    assert json.loads(meta["s/ddim"])["clip"] is None
    assert SIDE == 32


def judge(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Judge:
    """The judges by the small CLIP, who keep nothing outside the folder."""
    monkeypatch.setattr("training.measure.words.read_tokenizer", lambda: TOKENIZER)
    monkeypatch.setenv("PATCHWORK_CACHE", str(folder))
    return Judge.of(clip(), PACK, "small")


def test_a_name_is_ranked_among_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A picture on its own name is first; one on another's is as far down as so many names lie nearer to it."""
    own = judge(monkeypatch, tmp_path)
    texts, things = own.texts["en"], np.arange(6)
    assert ranks(texts[things], things, own.words, texts, "en").tolist() == [1] * 6
    turned = ranks(texts[things[::-1]], things, own.words, texts, "en")
    near = texts[: own.words.concepts] @ texts[things[::-1]].T  # [names, pictures]
    assert turned.tolist() == [int((near[:, i] >= near[thing, i]).sum()) for i, thing in enumerate(things)]
    assert turned.min() > 1


def test_shares_are_counted_in_all_and_in_each_style() -> None:
    """First, among five, right style; a style that nobody asked for is left out."""
    said = Verdict(np.array([1, 5, 6, 1]), np.array([0, 0, 1, 2]))
    asked = np.array([0, 1, 1, 2])
    assert said.shares(asked) == {"first": 0.5, "top5": 0.75, "style": 0.75}
    assert by_style(said, asked, ["thin", "wide", "soft", "none"]) == {
        "thin": {"pairs": 1, "first": 1.0, "top5": 1.0, "style": 1.0},
        "wide": {"pairs": 2, "first": 0.0, "top5": 0.5, "style": 0.5},
        "soft": {"pairs": 1, "first": 1.0, "top5": 1.0, "style": 1.0},
    }


def test_seen_pairs_are_the_same_signs_in_a_style_that_was_trained_on() -> None:
    """The next style round the list, each picture once; a sign of which no style was seen has none."""
    held = PACK.rows("pair")
    twins = seen_twins(PACK, held)
    assert PACK.concept_index[twins].tolist() == PACK.concept_index[held].tolist()
    assert {PACK.pictures[row].style for row in twins} == {"soft"}
    assert {PACK.pictures[row].split for row in twins} == {"train"}
    assert len(seen_twins(PACK, np.concatenate([held, held]))) == len(held)
    assert len(seen_twins(PACK, PACK.rows("concept"))) == 0
    assert spread_over(np.arange(10), 4).tolist() == [0, 2, 5, 7] and len(spread_over(np.arange(3), 8)) == 3


def test_nearest_training_pictures(tmp_path: Path) -> None:
    """A training picture is its own; a held-out one lies as far as the real one does. Triples are drawn on a sheet."""
    held, trained = PACK.rows("pair"), PACK.rows("train")
    found = neighbours(PACK.images[trained[:4]], PACK, trained, trained[:4], None)
    assert found == {"same": 1.0, "sameSign": 1.0, "sameStyle": 1.0, "nearest": 0.0, "ofReal": 0.0}
    others = neighbours(PACK.images[held], PACK, trained, held, tmp_path / "pairs.png")
    assert others["nearest"] == others["ofReal"] > 0 and others["sameStyle"] < 1 and others["same"] == 0
    assert (tmp_path / "pairs.png").is_file()


def test_measuring_writes_held_out_and_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever paints the real pictures is judged as they are, lies on what was trained on, and it all gets written."""
    own = judge(monkeypatch, tmp_path)
    asked: list[tuple[str, int]] = []
    real = {
        (name, int(PACK.style_index[row])): torch.from_numpy(PACK.images[row]).permute(2, 0, 1)
        for row in range(len(PACK))
        for language in ("en", "zh")
        for name in own.names(np.array([row]), language)
    }

    class Copies:
        clip, side = own.clip, 32

        def passes(self, recipe: Recipe) -> int:
            return 2 * recipe.steps

        def paint(self, texts: list[str], styles: np.ndarray, recipe: Recipe, seed: int) -> Tensor:
            asked.extend(zip(texts, styles.tolist(), strict=True))
            return torch.stack([real[pair] for pair in asked[-len(texts) :]])

    painter: Any = Copies()
    held = PACK.rows("pair")
    found = judged(painter, own, Recipe(), seen_twins(PACK, held), 0)
    assert found["pairs"] == len(held) and found["en"]["same"] == 1.0
    for language in ("en", "zh"):
        assert found[language]["real"] == {key: found[language][key] for key in ("first", "top5", "style")}
    folder = tmp_path / "models" / "words"
    folder.mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps({"run": {"seed": 1}}))
    monkeypatch.setattr(measuring, "read_any_painter", lambda _: painter)
    monkeypatch.setattr(measuring, "signs_at", lambda _: PACK)
    monkeypatch.setattr(measuring, "read_model_config", lambda _: {"text": {"model": "clip"}})
    monkeypatch.setattr(measuring, "weights_key", lambda _: "small")
    result = measure_words(folder, Recipe("ddim", 3, 2.0), 2, seed=5)
    assert json.loads((folder / "metrics.json").read_text()) == {"run": {"seed": 1}, "words": result}
    assert result["command"].endswith("models/words --count 2 --guidance 2 --steps 3 --sampler ddim --seed 5")
    assert [result[kind]["pairs"] for kind in ("held", "seen")] == [2, 2] and result["held"]["en"]["same"] == 0


def test_painter_paints_what_it_is_told() -> None:
    """Pictures of the decoder's size, the same again for the same seed, others for another text and another seed."""
    torch.manual_seed(4)
    cfg: Any = config().model
    model = UViT(cfg).eval()
    for parameter in model.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    coder = AutoencoderConfig(image=32, width=4, multiples=[1, 1, 1, 1], groups=2, scaling_factor=0.5)
    diffusion = {"process": "vp", "prediction": "v", "time": "999t"}
    painter = Painter(model, diffusion, AutoencoderModel(coder).eval(), clip(), reader())
    recipe = Recipe("ddim", 3, 2.0)
    styles = np.array([0, 1, 3])
    a = painter.paint(["red box", "red box", ""], styles, recipe, seed=1)
    assert a.shape == (3, 3, 32, 32) and a.dtype == torch.uint8
    assert torch.equal(a, painter.paint(["red box", "red box", ""], styles, recipe, seed=1))
    assert torch.equal(a[1:2], painter.paint(["red box"], styles[1:2], recipe, seed=1, first=1))
    assert not torch.equal(a[1:2], painter.paint(["blue ring"], styles[1:2], recipe, seed=1, first=1))
    assert not torch.equal(a[1:2], painter.paint(["red box"], styles[1:2], recipe, seed=2, first=1))
