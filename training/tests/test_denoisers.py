"""U-ViT, DiT and MAE: published sizes, gradients everywhere, learning, exact resume, several processes."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch import Tensor, nn
from torch.multiprocessing.spawn import spawn

from training.config import Config, parse_config
from training.diffusion.generate import Recipe, generate
from training.errors import TrainingError
from training.export.denoiser import denoiser_golden, export_denoiser
from training.export.mae import export_mae, mae_golden
from training.export.read import load_any
from training.export.split_weights import join_weights, split_weights
from training.models.dit import DiT, DiTConfig
from training.models.mae import MAE, MAEConfig, masking, normalised, pixel_order
from training.models.uvit import SKIPS, UViT, UViTConfig
from training.tasks import Diffuse, Mask, Task
from training.tasks.base import Rows
from training.tasks.diffuse import draw_times, stratified
from training.tests.helpers import LABELS, synthetic
from training.train.loop import Trainer
from training.train.parallel import end_processes

CPU = torch.device("cpu")
SMALL: dict[str, dict[str, Any]] = {
    "uvit": {"image": 16, "patch": 8, "dim": 32, "depth": 2, "heads": 2, "classes": 4},
    "dit": {"image": 16, "patch": 8, "dim": 32, "depth": 2, "heads": 2, "classes": 4, "time_frequencies": 32},
    "mae": {
        "image": 16, "patch": 4, "dim": 32, "depth": 2, "heads": 2,
        "decoder_dim": 16, "decoder_depth": 1, "decoder_heads": 2,
    },
}  # fmt: skip


def small(architecture: str, model: dict[str, Any] | None = None, **train: Any) -> Config:
    values = {
        "name": "small", "seed": 3, "architecture": architecture,
        "model": {**SMALL[architecture], **(model or {})},
        "data": {"set": "synthetic"},
        "augment": {"scale_min": 0.9, "aspect": 1.05, "whole": 0.5, "flip": 0.5, "colour": 0.0},
        "diffusion": {"times": "cosine", "weighting": "min-snr"},
        "train": {
            "steps": 12, "batch": 16, "lr": 3e-3, "warmup": 2, "bf16": False, "ema": [0.9, 0.99], **train,
        },
    }  # fmt: skip
    return parse_config(values, "small.toml")


def task_of(config: Config, pictures: int = 16) -> Task:
    kind = Mask if config.architecture == "mae" else Diffuse
    return kind(config, synthetic(pictures), synthetic(8), CPU)


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_parameters_are_the_published_ones() -> None:
    with torch.device("meta"):
        assert count(UViT(UViTConfig(classes=0))) == 44_255_328  # CIFAR-10 U-ViT-S/2, unconditional
        assert count(UViT(UViTConfig(dim=256, heads=4))) == pytest.approx(11.1e6, rel=3e-3)
        assert count(UViT(UViTConfig(dim=256, heads=4, depth=8))) == pytest.approx(7.7e6, rel=1e-2)
        assert count(UViT(UViTConfig(dim=384, heads=6))) == pytest.approx(24.9e6, rel=2e-3)
        assert count(DiT(DiTConfig(learn_sigma=True))) == pytest.approx(32.6e6, rel=5e-3)
        cfg = MAEConfig(dim=768, heads=12, decoder_dim=512, decoder_depth=8, decoder_heads=16)
        model = MAE(cfg)
        decoder = sum(p.numel() for n, p in model.named_parameters() if "decoder" in n or n == "mask_token")
        assert decoder + 197 * 512 == pytest.approx(26.1e6, rel=1e-2)  # the paper's count has the fixed table
        assert count(model) - decoder == pytest.approx(85.8e6, rel=3e-3)


@pytest.mark.parametrize("skip", SKIPS)
def test_u_vit_shapes_and_gradients(skip: str) -> None:
    torch.manual_seed(0)
    model = UViT(UViTConfig(**{**SMALL["uvit"], "skip": skip, "time_mlp": skip == "add"}))
    capture: dict[str, Tensor] = {}
    out = model(torch.randn(2, 3, 16, 16), torch.tensor([3.0, 900.0]), torch.tensor([1, 4]), capture)
    assert out.shape == (2, 3, 16, 16) and capture["tokens"].shape == (2, 6, 32)
    assert capture["mid_block.attn.probs"].shape == (2, 2, 6, 6)
    assert ("out_blocks.0.skip" in capture) == (skip != "none")
    torch.testing.assert_close(capture["prediction"], out)
    out.square().sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_in_block_meets_its_partner() -> None:
    model = UViT(UViTConfig(**{**SMALL["uvit"], "depth": 4}))
    capture: dict[str, Tensor] = {}
    model(torch.randn(1, 3, 16, 16), torch.tensor([3.0]), torch.tensor([1]), capture)
    torch.testing.assert_close(capture["out_blocks.0.skip"], capture["in_blocks.1"])
    torch.testing.assert_close(capture["out_blocks.1.skip"], capture["in_blocks.0"])


def test_fused_attention_is_the_captured_one() -> None:
    for model in (UViT(UViTConfig(**SMALL["uvit"])), DiT(DiTConfig(**SMALL["dit"]))):
        inputs = (torch.randn(2, 3, 16, 16), torch.tensor([3.0, 900.0]), torch.tensor([1, 4]))
        torch.testing.assert_close(model(*inputs), model(*inputs, {}), atol=1e-5, rtol=1e-5)  # the products
        with torch.no_grad():
            torch.testing.assert_close(model(*inputs), model(*inputs, {}), atol=1e-5, rtol=1e-5)  # the fused kernel


def test_a_u_vit_may_begin_wide() -> None:
    made = [task_of(small("uvit", init=kind)).model.state_dict() for kind in ("published", "xavier", "identity")]
    parts = [state["mid_block.mlp.fc1.weight"].std().item() for state in made]
    assert parts == pytest.approx([0.02, *[(2 / (32 + 128)) ** 0.5] * 2], rel=0.1)
    x = torch.randn(1, 3, 5, 5)
    kernels = [state["final_layer.weight"] for state in made]
    same = [torch.equal(torch.nn.functional.conv2d(x, kernel, padding=1), x) for kernel in kernels]
    assert same == [False, False, True]
    with pytest.raises(TrainingError, match="init is 'zero'; use one of published, xavier, identity"):
        small("uvit", init="zero")


def test_dit_starts_as_the_identity_and_every_parameter_learns() -> None:
    torch.manual_seed(0)
    model = DiT(DiTConfig(**SMALL["dit"]))
    capture: dict[str, Tensor] = {}
    inputs = (torch.randn(2, 3, 16, 16), torch.tensor([3.0, 900.0]), torch.tensor([1, 4]))
    assert model(*inputs, capture).abs().max() == 0
    torch.testing.assert_close(capture["blocks.1"], capture["tokens"])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):  # zero gates let gradients through one layer a step
        optimizer.zero_grad()
        (model(*inputs) - inputs[0]).square().mean().backward()
        optimizer.step()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_mae_sees_the_visible_patches_alone() -> None:
    torch.manual_seed(0)
    model = MAE(MAEConfig(**SMALL["mae"]))
    x = torch.randn(2, 3, 16, 16)
    keep, restore = masking(torch.rand(2, 16), model.cfg.visible)
    tokens = model.encode(x, keep)
    assert tokens.shape == (2, 5, 32)
    changed = x.clone()
    hidden = int((restore[0] >= 4).nonzero()[0])
    changed[0, :, hidden // 4 * 4 : hidden // 4 * 4 + 4, hidden % 4 * 4 : hidden % 4 * 4 + 4] += 1
    torch.testing.assert_close(model.encode(changed, keep), tokens)
    assert model.loss(changed, keep, restore) != model.loss(x, keep, restore)
    model.loss(x, keep, restore).backward()  # type: ignore[no-untyped-call]
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


def test_mae_loss_by_hand() -> None:
    model = MAE(MAEConfig(**SMALL["mae"]))
    x = torch.randn(1, 3, 16, 16)
    keep, restore = masking(torch.arange(16.0), 4)  # the first four patches stay
    found = model.decode(model.encode(x, keep), restore)
    target = pixel_order(x, 4)
    expected = (found - target)[0, 4:].square().mean()
    torch.testing.assert_close(model.loss(x, keep, restore), expected)
    assert target[0, 0, :3].tolist() == x[0, :, 0, 0].tolist()
    flat = normalised(target)
    torch.testing.assert_close(flat.var(-1), torch.ones(1, 16), atol=1e-4, rtol=0)


@pytest.mark.parametrize("architecture", ["uvit", "dit"])
def test_overfits_sixteen_pictures(architecture: str, tmp_path: Path) -> None:
    """With the noise and times of one step repeated, the error goes towards 0; mean square 1 at first."""
    task = task_of(small(architecture, {"patch": 4, "dim": 64}))  # a token is wider than a patch has values
    batch = task.batch(0)
    optimizer = torch.optim.Adam(task.parameters(), lr=3e-3)
    first = float(task(batch)[1]["mse"])
    for _ in range(250):
        optimizer.zero_grad()
        loss, parts = task(batch)
        loss.backward()
        optimizer.step()
    assert float(parts["mse"]) < 0.2 * first


@pytest.mark.parametrize("architecture", ["uvit", "dit", "mae"])
def test_resume_gives_the_same_losses(architecture: str, tmp_path: Path) -> None:
    config = small(architecture, drop_path=0.1)

    def make(name: str) -> Trainer:
        return Trainer(config, tmp_path / name, task_of(config))

    whole = make("a")
    losses = [float(whole.train_step()["loss"]) for _ in range(6)]
    first = make("b")
    again = [float(first.train_step()["loss"]) for _ in range(3)]
    first.save()
    second = make("b")
    assert second.resume() and second.step == 3
    again += [float(second.train_step()["loss"]) for _ in range(3)]
    assert again == losses
    for mine, other in zip(whole.emas, second.emas, strict=True):
        for key, value in mine.items():
            assert torch.equal(value, other[key]), key


def test_averages_differ_and_muon_learns(tmp_path: Path) -> None:
    config = small("uvit", optimizer="muon", steps=60, lr=1e-2, ema=[0.3, 0.99])
    trainer = Trainer(config, tmp_path, task_of(config))
    before = trainer.quick_eval()["loss"]
    for _ in range(60):
        trainer.train_step()
    assert trainer.quick_eval()["loss"] < 0.95 * before
    assert not torch.equal(trainer.emas[0]["norm.weight"], trainer.emas[1]["norm.weight"])
    trainer.save()
    assert Trainer(config, tmp_path, task_of(config)).resume()


def test_other_process_is_refused(tmp_path: Path) -> None:
    config = small("uvit")
    Trainer(config, tmp_path, task_of(config)).save()
    values = {**config.to_dict(), "diffusion": {"prediction": "eps"}}
    other = parse_config(values, "other.toml")
    with pytest.raises(TrainingError, match=r"latest\.pt was written by another config \('diffusion' differs\)"):
        Trainer(other, tmp_path, task_of(other)).resume()


@pytest.mark.parametrize(
    ("diffusion", "words"),
    [
        ({"process": "quadratic"}, "process is 'quadratic'; use one of linear"),
        ({"prediction": "noise"}, "prediction is 'noise'; use one of x0"),
        ({"times": "beta"}, "times is 'beta'"),
        ({"sigma": 1}, r"\[diffusion\] has the unknown key 'sigma'"),
    ],
)
def test_mistakes_in_the_diffusion_section(diffusion: dict[str, Any], words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        parse_config({"name": "a", "architecture": "uvit", "diffusion": diffusion}, "a.toml")
    with pytest.raises(TrainingError, match="architecture 'resnet' is unknown; use one of vit, uvit"):
        parse_config({"name": "a", "architecture": "resnet"}, "a.toml")


def test_times_cover_the_clock() -> None:
    values = stratified(np.random.default_rng(0), 64)
    assert sorted(np.floor(values * 64).astype(int)) == list(range(64))
    task = task_of(small("uvit"))
    assert isinstance(task, Diffuse)
    for kind in ("uniform", "cosine", "logit-normal"):
        config = parse_config(
            {"name": "a", "architecture": "uvit", "diffusion": {"times": kind, "process": "cosine", "time": "index"}},
            "a",
        )
        from training.diffusion import process

        times = draw_times(config.diffusion, process("cosine"), values)
        assert all(0 < t <= 1 and t * 1000 == pytest.approx(round(t * 1000)) for t in times)


def test_cosine_times_are_the_cosine_schedules_noise_levels() -> None:
    from training.diffusion import process

    task = task_of(small("uvit"))
    assert isinstance(task, Diffuse)
    (t,) = draw_times(task.diffusion, task.process, np.array([0.5]))
    assert process("vp").half_log_snr(t) == pytest.approx(0.0, abs=1e-9)


def test_rows_visit_every_picture_once_an_epoch() -> None:
    rows = Rows(10, 4, seed=1)
    seen = np.concatenate([rows(step) for step in range(5)])
    assert sorted(seen[:10]) == list(range(10)) and sorted(seen[10:]) == list(range(10))
    np.testing.assert_array_equal(Rows(10, 4, seed=1)(3), rows(3))


def gradients(rank: int, world: int, port: int, folder: str) -> None:
    """One process of the group: its share's gradients, averaged, into a file."""
    torch.set_num_threads(1)
    if world > 1:
        address = f"tcp://127.0.0.1:{port}"
        torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=world)
    config = small("uvit", clip=1e9)
    trainer = Trainer(config, Path(folder) / f"w{world}", task_of(config))
    row = trainer.train_step()
    mean = trainer.log_mean([row])
    if rank == 0:
        grads = {n: p.grad for n, p in trainer.task.named_parameters()}
        torch.save({"grads": grads, "norm": row["norm"], "loss": mean}, Path(folder) / f"{world}.pt")
    end_processes()


def test_two_processes_have_the_gradients_of_one(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spawn(gradients, args=(2, port, str(tmp_path)), nprocs=2)  # type: ignore[no-untyped-call]
    gradients(0, 1, port, str(tmp_path))
    one, two = (torch.load(tmp_path / f"{n}.pt", weights_only=True) for n in (1, 2))
    for name, value in one["grads"].items():
        torch.testing.assert_close(two["grads"][name], value, atol=1e-6, rtol=1e-4, msg=name)
    assert two["loss"] == pytest.approx(one["loss"], rel=1e-5)  # the log's: over the joined batch


@pytest.mark.parametrize("architecture", ["uvit", "dit", "mae"])
def test_golden_is_reproducible(architecture: str, tmp_path: Path) -> None:
    config = small(architecture)
    task = task_of(config)
    if architecture == "mae":
        export_mae(tmp_path, config, task.model.state_dict(), whole=True)
        model = load_any(tmp_path)
        assert isinstance(model, MAE)
        again, _ = mae_golden(model, whole=True)
    else:
        export_denoiser(tmp_path, config, task.model.state_dict(), LABELS, whole=True)
        model = load_any(tmp_path)
        assert isinstance(model, UViT | DiT)
        values = json.loads((tmp_path / "config.json").read_text())
        assert values["diffusion"] == {"process": "vp", "prediction": "v", "time": "999t"}
        again, _ = denoiser_golden(model, values["diffusion"], whole=True)
        assert {"g/x", "g/t", "g/y", "g/prediction", "s/noise", "s/heun/x", "s/ddim-eta1/x"} <= set(again)
    stored = load_file(tmp_path / "golden.safetensors")
    assert set(stored) == set(again)
    for key, value in stored.items():
        np.testing.assert_allclose(value, again[key], atol=1e-5, err_msg=key)


# What each kind of network is fed, by the inputs of its graph; and what of it counts, which files hold as float32.
FED = {
    "mae": ("x", "ids_keep", "ids_restore"),
    "cnn": ("x",),
    "swin": ("x",),
    "clip": ("visual.x", "text.ids"),
    "vivit": ("x",),
    "detr": ("x",),
    "autoencoder": ("x",),
    "vq": ("x",),
    "autoregressive": ("codes", "context", "y"),
    "residual-mlp": ("x", "t", "hidden", "codes"),
}
IDS = {"text.ids"}
SHIPPED = sorted(
    p.parent
    for p in (Path(__file__).parents[2] / "models").glob("*/config.json")
    if json.loads(p.read_text())["architecture"] != "vit"
)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda p: p.name)
def test_shipped_models_hold_their_golden(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    assert (folder / "card.md").is_file()
    stored = load_file(folder / "golden.safetensors")
    model = load_any(folder)
    capture: dict[str, Tensor] = {}
    names = FED.get(config["architecture"], ("x", "t", "y"))
    # A generator of scales is fed what its codes add up to.
    names = tuple("sums" if name == "codes" and "g/sums" in stored else name for name in names)
    with torch.inference_mode():
        given = {name: torch.from_numpy(stored[f"g/{name}"]) for name in names}
        told = "g/context" in stored and "context" not in names
        text = {"context": torch.from_numpy(stored["g/context"])} if told else {}
        model(*(value.long() if name in IDS else value for name, value in given.items()), capture, **text)
    for name, value in capture.items():
        reference = stored[f"g/{name}"].reshape(-1)
        if reference.size == value.numel():
            bound = 1e-4 * (1 + np.abs(reference).max())
            assert np.abs(value.numpy().reshape(-1) - reference).max() <= bound, name


def test_generated_pictures_are_a_function_of_their_seed() -> None:
    model = UViT(UViTConfig(**SMALL["uvit"])).eval()
    diffusion = {"process": "vp", "prediction": "v", "time": "999t"}
    recipe = Recipe("ddim", 3, 1.5)
    a = generate(model, diffusion, recipe, np.array([0, 1, 2]), seed=4, batch=2)
    b = generate(model, diffusion, recipe, np.array([0, 1, 2]), seed=4, batch=3)
    assert a.shape == (3, 3, 16, 16) and (a.int() - b.int()).abs().max() <= 1
    with pytest.raises(TrainingError, match="Sampling with unipc failed"):
        generate(model, diffusion, Recipe("unipc", 3, 1.5), np.array([0]))


def test_parts_come_together_again(tmp_path: Path) -> None:
    config = small("uvit")
    export_denoiser(tmp_path, config, task_of(config).model.state_dict(), LABELS, whole=False)
    data = (tmp_path / "model.safetensors").read_bytes()
    parts = split_weights(tmp_path, 0.03)
    assert len(parts) > 1 and not (tmp_path / "model.safetensors").exists()
    first = parts[0].read_bytes()
    parts[0].write_bytes(first[:-1])
    with pytest.raises(TrainingError, match=r"do not make the file of config\.json"):
        join_weights(tmp_path)
    parts[0].write_bytes(first)
    assert join_weights(tmp_path).read_bytes() == data
    with pytest.raises(TrainingError, match="has no parts"):
        join_weights(tmp_path)
