"""Both autoencoders: names, shapes, the quantiser in plain loops, and runs of three steps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import Config, parse_config
from training.data.pictures import PictureSet
from training.errors import TrainingError
from training.export.golden import golden_picture
from training.export.read import load_any
from training.models.autoencoder import Autoencoder, AutoencoderConfig, divergence, sampled
from training.models.vq import VQ, VQConfig, phi_of
from training.tasks.autoencode import Autoencode, Codes, bits, quality, reconstruct, scaling_factor
from training.tests.helpers import synthetic
from training.tests.sign_pack import sign_pack
from training.train import export_run, runs
from training.train.loop import Trainer

CPU = torch.device("cpu")
SIZES: dict[str, Any] = {
    "image": 32, "factor": 4, "width": 4, "multiples": [1, 2, 3], "latent": 3, "groups": 2,
}  # fmt: skip
GAUSSIAN = AutoencoderConfig(**SIZES)
PLAIN = VQConfig(**SIZES, codes=8)
SCALES = VQConfig(**SIZES, codes=8, scales=[1, 2, 3, 8])


def picture() -> Tensor:
    """The golden picture."""
    return torch.from_numpy(golden_picture(32))


def test_names_are_the_published_ones() -> None:
    """The modules of latent diffusion's first stage; beside them a codebook, and with scales VAR's convolutions."""
    names = set(Autoencoder(GAUSSIAN).state_dict())
    half = {f"encoder.{n}.weight" for n in ("conv_in", "down.0.block.0.norm1", "down.0.downsample.conv", "conv_out")}
    other = {
        f"decoder.{n}.bias" for n in ("up.2.block.1.conv2", "up.1.upsample.conv", "mid.attn_1.proj_out", "norm_out")
    }
    assert names >= half | other | {"quant_conv.weight", "post_quant_conv.bias"}
    assert {n for n in names if "nin_shortcut.weight" in n} == {
        "encoder.down.1.block.0.nin_shortcut.weight", "encoder.down.2.block.0.nin_shortcut.weight",
        "decoder.up.1.block.0.nin_shortcut.weight", "decoder.up.0.block.0.nin_shortcut.weight",
    }  # fmt: skip
    assert {n for n in set(VQ(PLAIN).state_dict()) if n.startswith("quantize")} == {"quantize.embedding.weight"}
    assert {f"quantize.quant_resi.qresi_ls.{i}.weight" for i in range(4)} < set(VQ(SCALES).state_dict())


def test_the_published_size() -> None:
    """Stable Diffusion's has 83,653,863 parameters."""
    sizes = {"image": 256, "factor": 8, "width": 128, "multiples": [1, 2, 4, 4], "res_blocks": 2, "groups": 32}
    with torch.device("meta"):
        net = Autoencoder(AutoencoderConfig(**sizes))  # type: ignore[arg-type]
    assert sum(value.numel() for value in net.parameters()) == 83_653_863


def test_latents_and_back() -> None:
    """Shapes; what is captured is what comes out; drawn latents have the deviation that was said."""
    net = Autoencoder(GAUSSIAN).eval()
    capture: dict[str, Tensor] = {}
    found = net(picture(), capture)
    mean, logvar = net.encode(picture())
    assert mean.shape == logvar.shape == (1, 3, 8, 8) and found.shape == (1, 3, 32, 32)
    assert torch.equal(capture["reconstruction"], found) and torch.equal(capture["z"], mean)
    assert capture["encoder.mid.attn_1.probs"].shape == (1, 64, 64)
    many = sampled(torch.ones(4000, 1), torch.full((4000, 1), np.log(4.0)), torch.Generator().manual_seed(1))
    assert float(many.mean()) == pytest.approx(1, abs=0.1) and float(many.std()) == pytest.approx(2, abs=0.1)
    assert divergence(torch.zeros(2, 3), torch.zeros(2, 3)).tolist() == [0, 0]
    assert divergence(torch.ones(1, 1), torch.full((1, 1), np.log(4.0)))[0] == pytest.approx(
        (1 + 4 - 1 - np.log(4)) / 2
    )


def test_the_nearest_code_by_hand() -> None:
    """Distances and codes against loops; codes alone give the same picture."""
    torch.manual_seed(2)
    net = VQ(PLAIN).eval()
    torch.nn.init.normal_(net.quantize.embedding.weight)
    capture: dict[str, Tensor] = {}
    found = net(picture(), capture)
    rows = capture["quant_conv"].flatten(2)[0].T
    book = net.quantize.embedding.weight
    wanted = torch.stack([torch.stack([(row - code).square().sum() for code in book]) for row in rows])
    torch.testing.assert_close(capture["quantize.distances"][0], wanted, atol=1e-4, rtol=1e-4)
    codes = wanted.argmin(1)
    assert torch.equal(capture["codes"][0].long(), codes)
    torch.testing.assert_close(net.decode_codes(codes[None]), found)


def test_scales_take_what_is_left() -> None:
    """Each looks up the averaged rest, brings it to full size and half through its convolution; the rest shrinks."""
    torch.manual_seed(3)
    net = VQ(SCALES).eval()
    torch.nn.init.normal_(net.quantize.embedding.weight)
    capture: dict[str, Tensor] = {}
    found = net(picture(), capture)
    f = capture["quant_conv"]
    total = torch.zeros_like(f)
    assert net.quantize.quant_resi is not None
    for scale, side in enumerate(SCALES.scales):
        rest = f - total
        small = F.interpolate(rest, size=(side, side), mode="area")
        rows = small.flatten(2).transpose(1, 2)
        codes = torch.cdist(rows, net.quantize.embedding.weight).argmin(-1)
        assert torch.equal(codes.float(), capture[f"quantize.scales.{scale}.codes"])
        entries = net.quantize.embedding.weight[codes[0]].T.reshape(1, 3, side, side)
        up = F.interpolate(entries, size=(8, 8), mode="bicubic")
        conv = net.quantize.quant_resi.qresi_ls[phi_of(scale, 4, 4)]
        total = total + 0.5 * up + 0.5 * conv(up)
        torch.testing.assert_close(total, capture[f"quantize.scales.{scale}.sum"], atol=1e-5, rtol=1e-5)
    every = capture["codes"].long()
    assert every.shape == (1, SCALES.tokens) == (1, 1 + 4 + 9 + 64)
    torch.testing.assert_close(net.decode_codes(every), found)
    assert [phi_of(k, 6, 4) for k in range(6)] == [0, 0, 1, 2, 3, 3]


def test_unused_codes_are_replaced() -> None:
    """The codebook begins as vectors that were seen; a code that nobody takes becomes one of them."""
    torch.manual_seed(4)
    net = VQ(PLAIN)
    codes = Codes(8, 0.5)
    x = torch.randn(2, 3, 8, 8)
    codes.update(net.quantize.embedding, net.quantize(x))
    rows = x.flatten(2).transpose(1, 2).flatten(0, 1)
    assert float(torch.cdist(net.quantize.embedding.weight.detach(), rows).min(1).values.max()) < 0.1
    with torch.no_grad():
        net.quantize.embedding.weight[5] = 100.0
    codes.usage[5] = 0.0
    codes.update(net.quantize.embedding, net.quantize(x))
    assert float(net.quantize.embedding.weight.detach().abs().max()) < 10 and codes.usage[5] == pytest.approx(1 / 8)


def test_figures_by_hand() -> None:
    """An error of 0.2 everywhere is 20 dB; four codes equally often are two bits."""
    x = torch.zeros(2, 3, 4, 4)
    assert quality(x + 0.2, x).tolist() == pytest.approx([20, 20], abs=1e-4)
    assert bits(torch.tensor([3.0, 3, 0, 3, 3])) == pytest.approx(2)


def run_config(architecture: str, model: dict[str, Any] | None = None, **sections: Any) -> Config:
    """A run of three steps on the pack of a dozen signs."""
    train = {"steps": 3, "batch": 8, "ema": [0.5], "eval_seconds": 0, "bf16": False, "device": "cpu", "warmup": 1}
    own = {"model": {**SIZES, **(model or {})}, "data": {"set": "emoji"}, "train": train}
    return parse_config({"name": "a", "architecture": architecture, **own, **sections}, "a.toml")


@pytest.mark.parametrize(
    ("architecture", "model", "figures"),
    [
        ("autoencoder", {}, {"deviation", "deviationOfMeans", "kl"}),
        ("vq", {"codes": 8}, {"codesUsed", "perplexity", "bits", "entropyBits", "psnr-continuous"}),
        (
            "vq",
            {"codes": 8, "scales": [1, 2, 8], "phis": 3},
            {"codesUsed", "perplexity", "bits", "entropyBits", "psnr-continuous"},
        ),
    ],
)
def test_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, architecture: str, model: dict[str, Any], figures: set[str]
) -> None:
    """Steps that repeat, an export that reads back, figures of held-out signs."""
    monkeypatch.setattr(runs, "load_emoji", lambda side: sign_pack())
    config = run_config(architecture, model)
    trainer = runs.make_trainer(config, tmp_path / "run")
    assert isinstance(trainer.task, Autoencode)
    again, once = trainer.task.batch(5)["x"], trainer.task.batch(5)["x"]
    assert torch.equal(again, once) and again.shape == (8, 3, 32, 32)
    before = [value.clone() for value in trainer.task.model.parameters()]
    trainer.run(None)
    moved = [not torch.equal(a, b) for a, b in zip(before, trainer.task.model.parameters(), strict=True)]
    assert all(moved)
    saved = dict(runs.load_run(config, tmp_path / "run"))
    monkeypatch.setattr(export_run, "signs_at", lambda side: sign_pack())
    folder = tmp_path / "a"
    export_run.export_run(config, tmp_path / "run", saved, folder, 0, True)
    net = load_any(folder)
    assert isinstance(net, Autoencoder | VQ)
    written = json.loads((folder / "config.json").read_text())["config"]
    if isinstance(net, Autoencoder):
        assert net.cfg.scaling_factor == written["scalingFactor"] != 1
        assert written["scalingFactor"] == pytest.approx(scaling_factor(net, sign_pack(), CPU), rel=0.01)
    found = json.loads((folder / "metrics.json").read_text())["heldOut"]
    assert set(found) == figures | {"psnr-pair", "psnr-concept"}
    rows = sign_pack().rows("pair")
    assert found["psnr-pair"] == pytest.approx(reconstruct(net, sign_pack().images[rows], CPU).psnr, abs=1e-3)


def test_it_learns() -> None:
    """After thirty steps on a dozen signs the error of pixels is less than 0.6 times that of the first."""
    train = {"steps": 30, "batch": 16, "lr": 5e-3, "ema": [0.5], "bf16": False, "device": "cpu", "warmup": 2}
    config = run_config("vq", {"codes": 16}, train=train)
    trainer = Trainer(config, Path("."), Autoencode(config, sign_pack(), None, None, CPU))
    errors = [float(trainer.train_step()["pixels"]) for _ in range(30)]
    assert np.mean(errors[-3:]) < 0.6 * errors[0]


def test_photos_take_their_share() -> None:
    """A quarter of a batch; they are measured, too."""
    photos = synthetic(12, side=40)
    config = run_config("autoencoder", augment={"scale_min": 0.9})
    task = Autoencode(config, sign_pack(), photos, PictureSet(*_held_out()), CPU)
    assert task.batch(0)["x"].shape == (8, 3, 32, 32) and task.rows.size == 6
    assert "psnr-photo" in task.measure(task.model.eval())


def _held_out() -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    val = synthetic(4, side=32)
    return val.images, val.labels, val.sizes, val.names


def test_what_cannot_be_is_said() -> None:
    """Sizes that do not fit, a judge that is missing, another architecture."""
    for change, said in (
        ({"factor": 6}, "no power of two"),
        ({"multiples": [1, 2]}, "3 levels, multiples names 2"),
        ({"groups": 3}, "groups do not divide"),
        ({"image": 30}, "not divisible by factor"),
        ({"attention": "all"}, "'attention' is 'all'"),
    ):
        with pytest.raises(TrainingError, match=said):
            replace(GAUSSIAN, **change)
    with pytest.raises(TrainingError, match="make it 8"):
        replace(SCALES, scales=[1, 2, 4])
    with pytest.raises(TrainingError, match="needs a judge"):
        Autoencode(run_config("autoencoder", autoencode={"features": 1.0}), sign_pack(), None, None, CPU)
    with pytest.raises(TrainingError, match="use emoji or emoji"):
        runs.make_task(run_config("vq", data={"set": "cifar10"}), Path("."), CPU)
