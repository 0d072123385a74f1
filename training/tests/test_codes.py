"""Generators of codes: who sees whom, that caching changes nothing, what is drawn, and what each order leaves."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from training.codes.draw import CHANCE, CodeRecipe, draw, gumbel, log_probabilities, still_masked
from training.codes.sample import UNKNOWN, Asked, CodePass, last_pass, sample_codes
from training.codes.scales import averaged, sums_of
from training.diffusion.generate import Told
from training.diffusion.noise import philox
from training.errors import TrainingError
from training.models.autoregressive import Autoregressive, AutoregressiveConfig
from training.tests.code_parts import CODES, ORDERS, SIDES, TEXT_DIM, TEXT_TOKENS, generator, sizes, tokenizer


def told(pictures: int, seed: int = 2) -> Told:
    """Features of so many texts and of none; any numbers do."""
    torch.manual_seed(seed)
    both = torch.randn(pictures + 1, TEXT_TOKENS, TEXT_DIM)
    return Told(both[:-1], both[-1:])


def run(order: str, recipe: CodeRecipe, seeds: tuple[int, ...] = (5, 6)) -> list[CodePass]:
    asked = Asked(told(len(seeds)), torch.arange(len(seeds)) % 3, seeds)
    return list(sample_codes(generator(order), recipe, asked, tokenizer(order).quantize))


def known(order: str, codes: Tensor) -> Tensor:
    """What the network reads of these codes, all at once."""
    if order == "scales":
        return sums_of(tokenizer(order).quantize, codes)
    return codes[:, :-1] if order == "raster" else codes


@pytest.mark.parametrize("order", ("raster", "scales"))
def test_cached_passes_are_the_whole_network(order: str) -> None:
    """Each token goes in once; logits are those of all tokens at once, mixed where guidance asks for both networks."""
    for weight in (1.0, 2.5):
        passes = run(order, CodeRecipe(guidance=weight))
        codes, asked = passes[-1].codes, told(2)
        model, y = generator(order), torch.arange(2)
        with torch.no_grad():
            whole = model(known(order, codes), asked.context, y)
            if weight != 1:
                none = model(known(order, codes), asked.empty.expand_as(asked.context), torch.full_like(y, 3))
                whole = weight * whole + (1 - weight) * none
        assert torch.allclose(torch.cat([found.logits for found in passes], 1), whole, atol=1e-4)
        assert len(passes) == len(model.cfg.passes) == (16 if order == "raster" else 3)
        for found in passes:
            last = found.first + found.logits.shape[1]
            assert torch.equal(found.codes[:, :last], codes[:, :last]) and (found.codes[:, last:] == UNKNOWN).all()
    hidden: dict[str, Tensor] = {}
    with torch.no_grad():
        model(known(order, codes), asked.context, y, hidden)
    at = passes[-1].hidden.shape[1]
    assert torch.allclose(passes[-1].hidden, hidden["hidden"][:, -at:], atol=1e-4)


@pytest.mark.parametrize("order", ORDERS)
def test_who_sees_whom(order: str) -> None:
    """A change of what is known at a place reaches later places alone, later scales, or all; text reaches all."""
    model, context, y = generator(order), told(1).context, torch.tensor([1])
    codes = torch.arange(model.cfg.places)[None] % CODES
    read = known(order, codes)
    with torch.no_grad():
        before = model(read, context, y)
        for place in (0, 3, read.shape[1] - 1):
            other = read.clone()
            other[:, place] += 1 if order == "scales" else -1 if int(other[0, place]) else 1
            changed = (model(other, context, y) - before).abs().amax((0, 2)) > 1e-7
            first = {"raster": place + 1, "masked": 0, "scales": 1 if place < 4 else 5}[order]
            assert changed.tolist() == [at >= first for at in range(model.cfg.places)]
        moved = (model(read, context + 0.1, y) - before).abs().amax((0, 2))
    assert bool((moved > 1e-7).all())


def test_sizes_are_those_of_the_orders() -> None:
    """The first code is read off the style's token, but in masked, where each code has a token of its own."""
    for order, tokens in (("raster", 7 + 15), ("masked", 7 + 16), ("scales", 7 + 20)):
        cfg = AutoregressiveConfig(**sizes(order))
        assert cfg.tokens == tokens == len(cfg.levels) and cfg.places == sum(s * s for s in SIDES[order])
        assert cfg.first == (7 if order == "masked" else 6)
        assert cfg.passes[-1][1] == cfg.places
    assert AutoregressiveConfig.from_json(cfg.to_json()) == cfg
    for change, sentence in (
        ({"order": "spiral"}, "raster, masked, scales"),
        ({"sides": [2, 4]}, "begin with 1 and grow"),
        ({"order": "raster"}, "one side alone"),
        ({"heads": 3}, "not divisible by heads"),
        ({"codes": 1}, "codes from 2"),
    ):
        with pytest.raises(TrainingError, match=sentence):
            AutoregressiveConfig(**{**sizes("scales"), **change})
    model = generator("raster")
    with pytest.raises(ValueError, match="reads 6 text tokens of 24 values"):
        model(torch.zeros(1, 15), torch.zeros(1, 6, 8), torch.zeros(1))
    with pytest.raises(ValueError, match="There are 21 tokens; 22 belong"):
        model(torch.zeros(1, 14), torch.zeros(1, 6, 24), torch.zeros(1))


def test_size_of_a_published_generator() -> None:
    """LlamaGen-B has 111 million parameters (Sun et al., table 1): 12 layers 768 wide, two tables of 16,384 codes."""
    cfg = AutoregressiveConfig(codes=16384, sides=[16], dim=768, depth=12, heads=12, classes=1000, context_tokens=1)
    with torch.device("meta"):
        assert sum(p.numel() for p in Autoregressive(cfg).parameters()) == pytest.approx(111e6, rel=0.02)


def test_gumbel_noise_is_that_of_the_stream() -> None:
    """-ln(-ln u) of the first uniform of each pair; half the sum of both squared normals is -ln u (Box and Muller)."""
    words = philox(np.array([[0, 0, 4, 0]], dtype=np.uint64), (9, 0))[0]
    unit = (words.astype(np.float64) + 0.5) / 2.0**32
    assert np.allclose(gumbel([9], 4, (2,))[0].numpy(), -np.log(-np.log(unit[[0, 2]])), atol=1e-5)
    assert gumbel([9, 8], 4, (3, 5)).shape == (2, 3, 5)
    many = gumbel([1], 0, (20000,))
    assert float(many.mean()) == pytest.approx(0.5772, abs=0.03) and float(many.var()) == pytest.approx(1.645, abs=0.06)


def test_draws_are_of_the_softmax() -> None:
    """Shares of 20,000 draws, at a temperature and among the largest three; at temperature 0 the largest alone."""
    logits = torch.tensor([2.0, 1.0, 0.5, -1.0, 0.0])
    noise = gumbel([3], 0, (20000, 5))
    recipe = CodeRecipe(temperature=0.7, top_k=3)
    codes, logs = draw(logits.expand(1, 20000, 5), noise, recipe)
    wanted = torch.tensor([2.0, 1.0, 0.5]).div(0.7).softmax(0)
    shares = torch.bincount(codes[0], minlength=5) / 20000
    assert torch.allclose(shares, torch.cat([wanted, torch.zeros(2)]), atol=0.015)
    assert torch.allclose(logs[0].exp(), wanted[codes[0]], atol=1e-6)
    assert torch.equal(log_probabilities(logits, recipe).isinf(), torch.tensor([False, False, False, True, True]))
    assert bool((draw(logits.expand(1, 20000, 5), noise, CodeRecipe(temperature=0.0))[0] == 0).all())


def test_recipes_that_cannot_be() -> None:
    for change, sentence in (
        ({"temperature": -1.0}, "Temperatures"),
        ({"guidance": math.nan}, "finite"),
        ({"top_k": -1}, "top-k"),
        ({"rounds": 0}, "rounds"),
        ({"choose": "luck"}, "confidence or chance"),
    ):
        with pytest.raises(TrainingError, match=sentence):
            CodeRecipe(**change)
    with pytest.raises(TrainingError, match="17 rounds are more than 16 codes"):
        run("masked", CodeRecipe(rounds=17))
    assert [CodeRecipe(guidance=4.0, ramp=True).weight(k, 4) for k in range(4)] == [1, 2, 3, 4]
    assert CodeRecipe(guidance=4.0).weight(0, 4) == 4


def test_masked_rounds() -> None:
    """The cosine schedule; what is known stays; the surest stay, or any; one round asks for all at once."""
    assert [still_masked(64, r, 8, 64) for r in range(8)] == [62, 59, 53, 45, 35, 24, 12, 0]
    assert [still_masked(4, r, 4, 4 - r) for r in range(4)] == [3, 2, 1, 0]
    for recipe in (CodeRecipe(rounds=4), CodeRecipe(rounds=4, choose=CHANCE)):
        passes = run("masked", recipe)
        left = [int((found.codes[0] == UNKNOWN).sum()) for found in passes]
        assert left == [14, 11, 6, 0]
        for before, after in pairwise(passes):
            stay = before.codes != UNKNOWN
            assert torch.equal(after.codes[stay], before.codes[stay])
    first = run("masked", CodeRecipe(rounds=4, temperature=0.0, choice_temperature=0.0, guidance=1.0))[0]
    sure = first.logits.log_softmax(-1).amax(-1)
    stays = sure.argsort(1, descending=True)[:, :2].sort(1).values
    assert torch.equal((first.codes != UNKNOWN).nonzero()[:, 1].reshape(2, 2), stays)
    by_chance = run("masked", CodeRecipe(rounds=4, choose=CHANCE))[0].codes != UNKNOWN
    assert not torch.equal(by_chance, run("masked", CodeRecipe(rounds=4, choice_temperature=0.5))[0].codes != UNKNOWN)
    (once,) = run("masked", CodeRecipe(rounds=1))
    assert not bool((once.codes == UNKNOWN).any())


@pytest.mark.parametrize("order", ORDERS)
def test_a_picture_is_its_seed(order: str) -> None:
    """The same codes again, in a batch or alone; others for another seed."""
    recipe = CodeRecipe(guidance=2.0, rounds=3)
    both = run(order, recipe)[-1].codes
    assert torch.equal(both, run(order, recipe)[-1].codes)
    all_told = told(2)
    alone = Asked(Told(all_told.context[1:], all_told.empty), torch.tensor([1]), [6])
    found = last_pass(generator(order), recipe, alone, tokenizer(order).quantize).codes
    assert torch.equal(found, both[1:])
    assert not torch.equal(run(order, recipe, (7, 8))[-1].codes, both)


def test_sums_are_the_quantisers() -> None:
    """What is read at a scale is what the quantiser's own sum of the scales before it is, averaged to its side."""
    quantizer = tokenizer("scales").quantize
    torch.manual_seed(3)
    with torch.no_grad():
        found = quantizer(torch.randn(2, 4, 4, 4))
        codes = torch.cat(found.codes, 1)
        sums = sums_of(quantizer, codes)
        assert sums.shape == (2, 20, 4)
        assert torch.allclose(sums[:, :4], averaged(found.sums[0], 2), atol=1e-5)
        assert torch.allclose(sums[:, 4:], found.sums[1].flatten(2).transpose(1, 2), atol=1e-5)
    half = found.sums[0].reshape(2, 4, 2, 2, 2, 2).mean((3, 5))
    assert torch.allclose(averaged(found.sums[0], 2), half.flatten(2).transpose(1, 2), atol=1e-6)
