"""Lesson 16: what masked rounds leave, who sees whom, and sizes of the rest, of the committed tiny networks.

`rounds.masked` counts the codes of models/masked-tiny that are not known after each of four rounds; `scales.seen` is
the share of pairs of tokens of models/scales-tiny that see each other; `rest.sizes` the root mean square at each place
of a rest that models/hart-tiny painted, and `rest.back` the share of its energy that another painted rest gives back.
The page computes the same in lessons/16-codes/{round-states,scale-levels,rest-math}.ts.
"""

from __future__ import annotations

from safetensors.torch import load_file

from training.errors import TrainingError
from training.export.read import load_any
from training.models.autoregressive import Autoregressive
from training.paths import ROOT
from training.references.common import Reference

MODELS = ROOT / "models"


def put_rounds(out: Reference) -> None:
    """Numbers of the steps `rounds`, `byscale` and `rest`."""
    codes = load_file(MODELS / "masked-tiny" / "golden.safetensors")["s/plain/codes"]
    out.put("rounds.masked", (codes == -1).sum(1).double())
    model = load_any(MODELS / "scales-tiny")
    if not isinstance(model, Autoregressive):
        raise TrainingError("models/scales-tiny is no generator of codes; export it again.")
    out.put("scales.seen", model.seen.double().mean())
    golden = load_file(MODELS / "hart-tiny" / "golden.safetensors")
    rest, other = golden["s/ddim/residual"][0].double(), golden["s/dpmpp-2m/residual"][0].double()
    out.put("rest.sizes", rest.square().mean(0).sqrt().flatten())
    out.put("rest.back", 1 - (rest - other).square().sum() / rest.square().sum())
