"""Schedules, conversions, noise and samplers: the facts, the golden file, and bad arguments."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from training import diffusion as D
from training.diffusion.noise import SeededNoise, normals
from training.diffusion.process import require_vp
from training.tests import diffusion_golden


def close(found: Any, wanted: Any, at: str = "") -> None:
    """The same tree, numbers equal to 1e-9 (float32 results: 1e-5, the key ends in 32)."""
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys(), at
        for key in wanted:
            close(found[key], wanted[key], f"{at}.{key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), at
        for i, (f, w) in enumerate(zip(found, wanted, strict=True)):
            close(f, w, f"{at}[{i}]")
    elif isinstance(wanted, float):
        limit = 1e-5 if "32[" in at else 1e-9
        assert found == pytest.approx(wanted, rel=limit, abs=limit), at
    else:
        assert found == wanted, at


def test_golden_file_is_what_the_code_gives() -> None:
    wanted = json.loads(diffusion_golden.PATH.read_text(encoding="utf-8"))
    close(json.loads(json.dumps(diffusion_golden.golden())), wanted)
    assert diffusion_golden.PATH.stat().st_size < 100_000


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("linear", ("0.9999", "0.897", "0.524", "0.0786", "0.00335", "0.000040")),
        ("cosine", ("1.0", "0.972", "0.847", "0.494", "0.144", "0.00000000")),
        ("scaled-linear", ("0.99915", "0.895", "0.675", "0.278", "0.0566", "0.00466")),
    ],
)
def test_alphas_cumprod(name: str, values: tuple[str, ...]) -> None:
    table = D.schedule(name)
    assert table.alphas_cumprod == pytest.approx(np.cumprod(1 - table.betas))
    for n, text in zip((0, 99, 249, 499, 749, 999), values, strict=True):
        last_digit = 10.0 ** -len(text.split(".")[1])
        assert abs(table.alphas_cumprod[n] - float(text)) <= 0.5001 * last_digit


def test_snr_crossings() -> None:
    snr = [D.snr(float(a)) for a in D.schedule("linear").alphas_cumprod]
    assert next(n for n, value in enumerate(snr) if value < 5) == 130
    assert next(n for n, value in enumerate(snr) if value < 1) == 259
    assert D.half_log_snr(0.5) == 0
    assert math.isinf(D.snr(1.0))


@pytest.mark.parametrize("name", D.SCHEDULES)
def test_discrete_process_holds_the_table(name: str) -> None:
    p = require_vp(D.process(name), "test")
    table = D.schedule(name)
    for n in range(1000):
        t = D.time_of_index(n, 1000)
        assert p.alpha_bar(t) == pytest.approx(float(table.alphas_cumprod[n]), rel=1e-9)
        assert p.beta(t) == pytest.approx(-1000 * math.log1p(-float(table.betas[n])), rel=1e-9)
        assert D.network_time("index", t, p) == n
        assert D.network_time("count", t, p) == n + 1
    assert p.beta(0.1 + 0.2) == p.beta(0.3)  # 300.00000000000006 is still step 300


@pytest.mark.parametrize("name", D.PROCESSES)
def test_process_is_consistent(name: str) -> None:
    p = D.process(name)
    assert (p.signal_rate(0), p.noise_rate(0)) == (1, 0)
    assert math.isinf(p.half_log_snr(0))
    for t in np.linspace(0.0105, 0.9895, 40):
        signal, noise = p.rate_slopes(t)
        d = 1e-7
        assert (p.signal_rate(t + d) - p.signal_rate(t - d)) / (2 * d) == pytest.approx(signal, abs=1e-6)
        assert (p.noise_rate(t + d) - p.noise_rate(t - d)) / (2 * d) == pytest.approx(noise, abs=1e-6)
        lam = math.log(p.signal_rate(t) / p.noise_rate(t))
        assert p.half_log_snr(t) == pytest.approx(lam, abs=1e-9)
        assert p.time_at(lam) == pytest.approx(t, abs=1e-9)


def test_snapping_uses_every_index_when_there_are_as_many_steps() -> None:
    p = D.process("linear", 10)
    for spacing in D.SPACINGS:
        grid = D.time_grid(p, 10, spacing, closest=0.1, snap=True)
        assert grid == [n / 10 for n in range(10, -1, -1)]


def test_chain_is_the_closed_form() -> None:
    """Columns of the chain's affine map: x0 alone, then every link's noise alone."""
    table = D.schedule("linear", 60)

    class Impulses:
        drawn = 0

        def normal(self, shape: tuple[int, ...]) -> np.ndarray:
            self.drawn += 1
            return np.asarray(np.eye(61)[self.drawn])

    for n, x in D.chain(table, np.eye(61)[0], Impulses()):
        assert x[0] ** 2 == pytest.approx(table.alphas_cumprod[n])
        assert np.sum(x[1:] ** 2) == pytest.approx(1 - table.alphas_cumprod[n])


def test_posterior_is_ddpm_equation_7() -> None:
    table, p = D.schedule("linear"), D.process("linear")
    x, eps = normals(1, 0, 5), normals(1, 5, 5)
    for n in (1, 259, 999):
        beta, ab, before = table.betas[n], table.alphas_cumprod[n], table.alphas_cumprod[n - 1]
        q = D.posterior(p, (n + 1) / 1000, n / 1000)
        assert q.from_x0 == pytest.approx(math.sqrt(before) * beta / (1 - ab))
        assert q.from_x == pytest.approx(math.sqrt(1 - beta) * (1 - before) / (1 - ab))
        assert q.variance == pytest.approx(beta * (1 - before) / (1 - ab))
        assert q.beta == pytest.approx(beta)
        x0 = (x - math.sqrt(1 - ab) * eps) / math.sqrt(ab)
        mean = (x - beta * eps / math.sqrt(1 - ab)) / math.sqrt(1 - beta)
        assert D.posterior_mean(q, x0, x) == pytest.approx(mean)
    assert D.posterior(p, 0.001, 0.0).variance == 0


@pytest.mark.parametrize("name", ["vp", "cosine", "rectified-flow"])
def test_conversions_go_round(name: str) -> None:
    p = D.process(name)
    x0, eps = normals(2, 0, 6), normals(2, 6, 6)
    x = D.add_noise(p, 0.4, x0, eps)
    for kind in D.PREDICTIONS:
        prediction = D.target(kind, p, 0.4, x0, eps)
        for found, wanted in zip(D.split(kind, p, 0.4, x, prediction), (x0, eps), strict=True):
            assert found == pytest.approx(wanted, abs=1e-12)
        for other in D.PREDICTIONS:
            goal = D.target(other, p, 0.4, x0, eps)
            assert D.convert(kind, other, p, 0.4, x, prediction) == pytest.approx(goal, abs=1e-12)
    kept, new_eps = D.split("eps", p, 0.4, x, eps, (-0.5, 0.5))
    assert np.abs(kept).max() <= 0.5
    assert D.add_noise(p, 0.4, kept, new_eps) == pytest.approx(x)


def test_v_is_its_definition() -> None:
    """v = a eps - b x0, x0 = a x - b v, eps = b x + a v."""
    p, x, v = D.process("vp"), normals(5, 0, 3), normals(5, 3, 3)
    a, b = p.signal_rate(0.6), p.noise_rate(0.6)
    x0, eps = D.split("v", p, 0.6, x, v)
    assert x0 == pytest.approx(a * x - b * v)
    assert eps == pytest.approx(b * x + a * v)
    assert D.target("u", D.process("rectified-flow"), 0.6, x, v) == pytest.approx(v - x)


def test_guidance_conventions() -> None:
    cond, uncond = normals(6, 0, 3), normals(6, 3, 3)
    assert D.guide(cond, uncond, 1) == pytest.approx(cond)
    assert D.guide(cond, uncond, 0) == pytest.approx(uncond)
    assert D.guide(cond, uncond, 1.4) == pytest.approx(uncond + 1.4 * (cond - uncond))
    assert D.guide_by_scale(cond, uncond, 0.4) == pytest.approx(cond + 0.4 * (cond - uncond))
    assert D.scale_of_weight(D.weight_of_scale(0.7)) == pytest.approx(0.7)


def test_min_snr() -> None:
    for snr in (0.1, 5.0, 40.0):
        kept = min(snr, 5.0)
        assert D.loss_weight("min-snr", "x0", snr) == kept
        assert D.loss_weight("min-snr", "eps", snr) == pytest.approx(kept / snr)
        assert D.loss_weight("min-snr", "v", snr) == pytest.approx(kept / (snr + 1))
        assert D.loss_weight("soft-min-snr", "x0", snr) == pytest.approx(snr * 5 / (snr + 5))


def test_ddim_with_eta_one_is_ddpm() -> None:
    """The small variance; the same noise, a network that is not linear, every step of the way."""
    for name, options in (("linear", {"snap": True}), ("vp", {"spacing": "quadratic"})):
        runs = []
        given: dict[str, Any]
        for sampler, own in (("ddim", {"eta": 1}), ("ddpm", {"variance": "small"})):
            noise = SeededNoise(11)
            x = noise.normal(8)
            given = {**options, **own, "noise": noise}
            steps = D.sample(sampler, D.process(name), diffusion_golden.network, "v", x, 25, **given)
            runs.append(np.stack([step.x for step in steps]))
        assert np.abs(runs[0] - runs[1]).max() < 1e-12


def test_noise_reads_alike_in_any_pieces() -> None:
    whole = normals(9, 0, 23, stream=4)
    source = SeededNoise(9, 4)
    assert np.array_equal(np.concatenate([source.normal(n) for n in (1, 6, 0, 16)]), whole)
    assert np.array_equal(SeededNoise(9, 4, 5).normal((3, 2)), whole[5:11].reshape(3, 2))
    assert not np.array_equal(normals(9, 0, 4, stream=5), whole[:4])
    many = normals(1, 0, 200_000)
    assert abs(many.mean()) < 4 / math.sqrt(200_000)
    assert abs(many.var() - 1) < 4 * math.sqrt(2 / 200_000)
    assert abs((many**4).mean() - 3) < 4 * math.sqrt(96 / 200_000)


def test_torch_tensors_pass_through() -> None:
    """Shaped, float32, and equal to NumPy's float64."""
    noise = SeededNoise(1)
    start = noise.normal((2, 3, 4, 4))
    x = torch.from_numpy(start).float()

    def run(x: Any, network: Callable[[Any, float], Any]) -> Any:
        options = D.SamplerOptions(D.process("vp"), network, "v", x, (1.0, 0.6, 0.2, 0.0), noise=SeededNoise(2))
        return D.finish(D.ddpm(options)).x

    found = run(x, lambda x, t: torch.tanh(x * t))
    assert found.shape == x.shape
    assert found.dtype == torch.float32
    assert found.numpy() == pytest.approx(run(start, lambda x, t: np.tanh(x * t)), abs=1e-5)


def test_training_batch_is_the_closed_form_row_by_row() -> None:
    x0, eps = torch.randn(3, 2, 4), torch.randn(3, 2, 4)
    times = (0.1, 0.5, 0.9)
    batch = D.training_batch(D.process("cosine"), "v", times, x0, eps, "index", "min-snr")
    for i, t in enumerate(times):
        p = D.process("cosine")
        torch.testing.assert_close(batch.x[i], D.add_noise(p, t, x0[i], eps[i]))
        torch.testing.assert_close(batch.target[i], D.target("v", p, t, x0[i], eps[i]))
        assert batch.time[i] == round(1000 * t) - 1
        snr = D.snr(require_vp(p, "test").alpha_bar(t))
        assert float(batch.weight[i]) == pytest.approx(min(snr, 5) / (snr + 1), rel=1e-5)


VP, FLOW, X = D.process("vp"), D.process("rectified-flow"), np.zeros(3)


def model(x: np.ndarray, time: float) -> np.ndarray:
    return x


BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: D.schedule("square"), "There is no noise schedule called 'square'; use one of linear"),
    (lambda: D.process("ve"), "There is no process called 've'"),
    (lambda: D.schedule("linear", 0), "The number of steps is 0; it must be a whole number"),
    (lambda: D.time_grid(VP, 0), "The number of steps is 0"),
    (lambda: D.time_grid(VP, 4, "even"), "There is no spacing called 'even'"),
    (lambda: D.time_grid(VP, 4, start=0.2, end=0.3), "time must fall"),
    (lambda: D.time_grid(VP, 4, snap=True), "Only a discrete schedule has indices"),
    (lambda: D.time_grid(D.process("linear", 10), 11, snap=True), "The 11 steps do not fit into the 10"),
    (lambda: D.time_grid(FLOW, 4, "lambda"), "cannot begin at t = 1.0"),
    (lambda: D.time_of_index(1000, 1000), "The index is 1000; it must be a whole number from 0 to 999"),
    (lambda: VP.signal_rate(1.2), "The time t is 1.2; it must lie between 0"),
    (lambda: VP.signal_rate(math.nan), "The time t is nan"),
    (lambda: D.network_time("index", 0.5, VP), "needs a discrete schedule; 'vp' has none"),
    (lambda: D.network_time("steps", 0.5, VP), "There is no time convention called 'steps'"),
    (lambda: D.posterior(FLOW, 0.5, 0.4), "needs a variance-preserving process"),
    (lambda: D.posterior(VP, 0.4, 0.5), "time must fall"),
    (lambda: D.split("w", VP, 0.5, X, X), "There is no prediction called 'w'"),
    (lambda: D.split("eps", FLOW, 1.0, X, X), "does not tell x0 and eps apart"),
    (lambda: D.split("eps", VP, 0.5, X, np.zeros(2)), "must be of one shape"),
    (lambda: D.split("eps", VP, 0.5, X, X, (1, -1)), "The clip range is 1 to -1; it must rise"),
    (lambda: D.guide(X, X, math.inf), "The guidance weight is inf"),
    (lambda: D.loss_weight("snr", "eps", 1), "There is no weighting called 'snr'"),
    (lambda: D.loss_weight("min-snr", "u", 1), "use 'none' for 'u'"),
    (lambda: D.sample("plms", VP, model, "eps", X, 4), "There is no sampler called 'plms'"),
    (lambda: D.finish(D.sample("ddpm", VP, model, "v", X, 4)), "DDPM adds noise; give it a noise source"),
    (lambda: D.sample("sde", FLOW, model, "u", X, 4), "The reverse SDE needs a variance-preserving"),
    (lambda: D.sample("ddim", VP, model, "v", X, 4, eta=1.1), "The eta is 1.1; it must lie between"),
    (lambda: D.sample("ddpm", VP, model, "v", X, 4, variance="mid"), "no DDPM variance called 'mid'"),
    (lambda: D.sample("euler", VP, model, "v", X, 4, variable="s"), "no variable called 's'"),
    (lambda: D.sample("dpmpp-2m", VP, model, "v", X, 4, last_order=3), "it must be 1 or 2"),
    (lambda: D.finish(D.ddim(D.SamplerOptions(VP, model, "v", X, (1.0, 0.5, 0.5)))), "time must fall"),
    (lambda: D.finish(D.ddim(D.SamplerOptions(VP, model, "v", X, (1.0,)))), "The grid has 1 times"),
    (lambda: normals(-1, 0, 4), "The seed is -1; it must be a whole number from 0"),
    (lambda: normals(1, 0, 4, 2**32), "The stream is 4294967296"),
    (lambda: D.training_batch(VP, "v", (0.5,), X, X), "There are 1 times for a batch of 3 pictures"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_bad_arguments_raise_sentences(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*[.]$") as caught:
        call()
    assert sentence in str(caught.value)
