"""Lesson 16: how one code is chosen, of the logits of models/raster-tiny: told a text, told nothing.

`next.p` are the probabilities at place 9 with guidance 3, temperature 0.7 and the 5 largest; `next.bits` their entropy,
`next.drawn` the codes that seeds 0 ... 7 draw there. `cache.rows` are the first 12 rows of the keys of block 1, a row a
token and the heads side by side; `next.seen` what the token of place 9 takes from each, mean of the heads.
The page computes the same in lessons/16-codes/{next-code,cache-rows,token-rows}.ts.
"""

from __future__ import annotations

import math

import torch
from safetensors.torch import load_file

from training.codes.draw import CodeRecipe, draw, gumbel, log_probabilities
from training.diffusion.guidance import guide
from training.paths import ROOT
from training.references.common import Reference

FOLDER = ROOT / "models" / "raster-tiny"
PLACE, TEXT, ROWS = 9, 4, 12
RECIPE = CodeRecipe(temperature=0.7, top_k=5, guidance=3.0)


def put_write(out: Reference) -> None:
    """Numbers of the steps `next` and `cache`."""
    golden = load_file(FOLDER / "golden.safetensors")
    told, none = golden["g/logits"][:, PLACE].double()
    logits = guide(told, none, RECIPE.guidance).float()
    logs = log_probabilities(logits, RECIPE).double()
    out.put("next.p", logs.exp())
    kept = logs[logs.isfinite()]
    out.put("next.bits", -(kept.exp() * kept).sum() / math.log(2))
    drawn = [draw(logits[None, None], gumbel([seed], 2 * PLACE, (1, len(logits))), RECIPE)[0] for seed in range(8)]
    out.put("next.drawn", torch.cat(drawn).flatten().double())
    out.put("next.seen", golden["g/blocks.1.attn.probs"][0, :, TEXT + PLACE].double().mean(0))
    keys = golden["g/blocks.1.attn.k"][0].transpose(0, 1).flatten(1)
    out.put("cache.rows", keys[:ROWS])
