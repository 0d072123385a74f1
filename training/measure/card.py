"""The measured part of a model's card, written from its metrics.json between two marks.

The prose of a card is written by hand; its tables are not, so that no figure is copied wrongly.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.errors import TrainingError
from training.export.read import read_metrics
from training.measure.card_parts import detected_part, found_part, percent, rebuilt_part, rows, words_part
from training.measure.evaluate import table

BEGIN, END = "<!-- measured: python -m training card -->", "<!-- end of measured -->"


def run_part(run: dict[str, Any]) -> list[str]:
    """What the run was."""
    words = f"{run['imagesSeen']:,} images seen in {run['steps']:,} steps, {run['seconds'] / 60:.0f} minutes"
    device = run["device"].replace("1 threads", "one thread")
    return [f"{words} of training on {device}; seed {run['seed']}, average {run['ema']}, torch {run['torch']}."]


def classifier_part(metrics: dict[str, Any], by: str, size: str) -> list[str]:
    """Figures of each patch size or side (`by`); classes, calibration and confusions at one of them."""
    at = metrics[by][size]
    classes = sorted(at["perClass"].items(), key=lambda item: item[1]["top1"])
    cells = [[name, row["photos"], percent(row["top1"])] for name, row in classes]
    third = -(-len(cells) // 3)
    columns = [part + [["", "", ""]] * (third - len(part)) for part in thirds(cells, third)]
    body = [[cell for part in columns for cell in part[i]] for i in range(third)]
    pairs = [[pair["is"], pair["called"], pair["photos"]] for pair in at["confusion"][:12]]
    return [
        f"`{metrics['command']}`",
        table(metrics),
        f"### Each class, {by} {size}\n\nTop-1 on {at['photos']} held-out photos, the worst first. "
        "With ten photos of a class one of them is ten points.",
        rows(["class", "photos", "top-1"] * 3, body),
        f"### What is taken for what, {by} {size}",
        rows(["is", "called", "photos"], pairs),
    ]


def temperature_part(found: dict[str, Any]) -> list[str]:
    """How sure a classifier was, and is."""
    (nll, less), (ece, error) = found["nll"], found["ece"]
    return [
        f"### How sure it is\n\n`{found['command']}`",
        f"As trained it was too {'unsure' if found['value'] < 1 else 'sure'}. Its logits were divided by one "
        f"temperature, {found['value']:g}, fitted on {found['photos']} held-out photos at patch "
        f"{', '.join(map(str, found['patches']))} that are not among those of the table, and folded into the head: no "
        f"answer changes, its probability does. On the photos of the fit the mean negative log-likelihood went from "
        f"{nll:g} to {less:g}, the calibration error from {ece:g} to {error:g}.",
    ]


def eight_bits_part(found: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What 8 bits a weight save and cost, on the same photos."""
    before, after = found["bytes"]
    same = [p for p, row in found["float16"].items() if p in now and now[p]["photos"] == row["photos"]]
    body = [
        [p, now[p]["photos"], percent(found["float16"][p]["top1"]), percent(now[p]["top1"])]
        for p in sorted(same, key=int)
    ]
    return [
        f"### Eight bits a weight\n\n`{found['command']}`",
        f"The matrices of the blocks and the patch kernel are stored in 8 bits a value with a scale for each output "
        f"channel, the rest in float16: {before / 1e6:.1f} MB became {after / 1e6:.1f} MB. The page computes with "
        f"value times scale, rounded to float16, and so do the golden tensors. Top-1 on the same photos:",
        rows(["patch", "photos", "float16", "8 bits"], body),
    ]


def thirds(cells: list[Any], size: int) -> list[list[Any]]:
    """A list cut into three."""
    return [cells[start : start + size] for start in (0, size, 2 * size)]


def out_of_distribution_part(found: dict[str, Any]) -> list[str]:
    """Pictures of no class, and of a class but called otherwise."""
    body = [[row["picture"], row["called"], percent(row["probability"])] for row in found["unknown"]]
    wrong = ", ".join(f"{row['picture']} ({row['called']})" for row in found["wrong"]) or "none"
    return [
        f"### Pictures of none of its classes\n\n`{found['command']}`",
        f"Of the gallery's {found['known']} pictures that show one of its classes {found['right']} are named rightly "
        f"at patch {found['patch']}, with a median probability of {percent(found['medianProbabilityKnown'])}; named "
        f"otherwise: {wrong}. The other {len(found['unknown'])} get a name all the same, with a median of "
        f"{percent(found['medianProbabilityUnknown'])}:",
        rows(["picture", "called", "probability"], body),
    ]


def losses_part(losses: dict[str, Any], count: int = 8) -> list[str]:
    """Losses of the twins at some steps that all of them have."""
    every = [row for row in losses["rows"] if len(row["loss"]) == len(losses["constantRateUntilStep"])]
    kept = every[:: max(1, -(-len(every) // count))]
    if every and kept[-1] is not every[-1]:
        kept.append(every[-1])
    names = list(losses["constantRateUntilStep"])
    body = [[row["step"], f"{row['images']:,}", *(f"{row['loss'][name]:.4f}" for name in names)] for row in kept]
    return [f"`{losses['command']}`: {losses['loss']}.", rows(["step", "images", *names], body)]


def samples_part(samples: dict[str, Any]) -> list[str]:
    """Fréchet distance, class accuracy, precision, recall, sweeps and neighbours."""
    head = ["", "samples", "FID in our evaluator's features", "class accuracy", "precision", "recall"]

    def cells(name: Any, row: dict[str, Any]) -> list[Any]:
        share = [percent(row[key]) for key in ("classAccuracy", "precision", "recall")]
        return [name, row["samples"], row["fid"], *share]

    what = f"guidance {samples['guidance']:g}, {samples['steps']} steps of {samples['sampler']}"
    real = cells("training pictures instead", samples["trainingPicturesInstead"])
    parts = [
        f"`{samples['command']}`",
        rows(head, [cells(what, samples), real]),
        f"Against {samples['against']}, in {samples['features']}. The evaluator names "
        f"{percent(samples['evaluatorTestAccuracy'])} of the test pictures rightly.",
    ]
    if "guidanceSweep" in samples:
        sweep = [cells(f"guidance {row['guidance']:g}", row) for row in samples["guidanceSweep"]]
        sweep += [cells(f"{row['steps']} steps", row) for row in samples["stepsSweep"]]
        parts.append(rows(head, sweep))
    parts.append(
        "Few samples make a Fréchet distance too large and precision too kind; compare only rows of as many. The "
        "evaluator knows the training pictures by heart: in its features they crowd together, so their recall is no "
        "bound for a model's."
    )
    near = samples["neighbours"]
    parts.append(
        f"Nearest training picture of {near['samples']} samples, distance in the same features: median "
        f"{near['median']}, least {near['nearest']}; of 512 test pictures {near['medianOfTestPictures']} and "
        f"{near['nearestOfTestPictures']}."
    )
    return parts


def pixels_part(pixels: dict[str, Any]) -> list[str]:
    """A masked autoencoder's two targets beside each other."""
    head = ["target", "painted error", "probe top-1", "own loss", "images"]
    body = [
        [
            "normalised in each patch" if row["normPixels"] else "pixels as they are",
            row["paintedError"],
            percent(row["probeTop1"]),
            row["loss"],
            f"{row['images']:,}",
        ]
        for row in pixels["variants"]
    ]
    return [
        f"`{pixels['command']}`",
        rows(head, body),
        "The painted error is the square error of hidden patches in pixels of [-1, 1]; the normalised variant is "
        "given the true brightness and contrast of each patch there, which flatters it. The probe is a ridge "
        "regression from the mean patch token of 4,000 training pictures to their classes.",
    ]


def painted_part(painted: dict[str, Any]) -> list[str]:
    """Errors on gallery pictures beside those of one colour."""
    body = [[row["picture"], row["error"], row["meanColour"]] for row in painted["pictures"]]
    return [
        f"`{painted['command']}`: {painted['hidden']} hidden, square error there in pixels of [-1, 1].",
        rows(["picture", "painted", "mean colour of what is seen"], body),
    ]


def named_part(named: dict[str, Any]) -> list[str]:
    """How often a classifier names painted photos, beside whole ones and those filled without learning."""
    words = {"whole": "whole", "smooth": "hidden patches filled smoothly, nothing learned", "painted": "painted"}
    body = [
        [word, percent(named[k]["top1"]), percent(named[k]["top5"]), named[k]["error"]] for k, word in words.items()
    ]
    return [
        f"`{named['command']}`: {named['photos']} held-out photos with {named['hidden']} hidden, "
        f"named by `{named['judge']}`.",
        rows(["photo", "first answer", "among five", "square error"], body),
    ]


def measured(metrics: dict[str, Any]) -> str:
    """The measured part of a card."""
    parts: list[str] = ["## Measured"]
    if metrics.get("run"):
        parts += run_part(metrics["run"])
    if "patch" in metrics:
        parts += classifier_part(metrics, "patch", "16" if "16" in metrics["patch"] else next(iter(metrics["patch"])))
    if "side" in metrics:
        parts += classifier_part(metrics, "side", min(metrics["side"], key=int))
    if "temperature" in metrics:
        parts += temperature_part(metrics["temperature"])
    if "eightBits" in metrics:
        parts += eight_bits_part(metrics["eightBits"], metrics.get("patch", {}))
    if "outOfDistribution" in metrics:
        parts += out_of_distribution_part(metrics["outOfDistribution"])
    if "pair-en" in metrics.get("heldOut", {}):
        parts += found_part(metrics["heldOut"])
    elif "ap50" in metrics.get("heldOut", {}):
        parts += [f"`{metrics['command']}`", *detected_part(metrics["heldOut"])]
    elif "psnr-pair" in metrics.get("heldOut", {}):
        parts += [f"`{metrics['command']}`", *rebuilt_part(metrics["heldOut"])]
    elif "heldOut" in metrics:
        what = "1,024 test pictures at times" if "mse" in metrics["heldOut"] else "512 test pictures under masks"
        if "words" in metrics:
            what = "512 signs at times"
        if "top1" in metrics["heldOut"]:
            what = "codes of signs"
        parts.append(f"Held out, {what} that never change: loss {metrics['heldOut']['loss']}.")
    if "words" in metrics:
        parts += ["### From words", *words_part(metrics["words"])]
    if "losses" in metrics:
        parts += ["### Losses", *losses_part(metrics["losses"])]
    if "samples" in metrics:
        parts += ["### Samples", *samples_part(metrics["samples"])]
    if "pixels" in metrics:
        parts += ["### Pixels as they are, or normalised", *pixels_part(metrics["pixels"])]
    if "painted" in metrics:
        parts += ["### Painted", *painted_part(metrics["painted"])]
    if "named" in metrics:
        parts += ["### Named", *named_part(metrics["named"])]
    return "\n\n".join(parts)


def write_card(folder: Path) -> Path:
    """Replace what lies between the marks of card.md; raises TrainingError where they are missing."""
    path = folder / "card.md"
    text = path.read_text() if path.is_file() else ""
    if BEGIN not in text or END not in text:
        raise TrainingError(f"{path} has no lines '{BEGIN}' and '{END}'; write the card by hand and put them in it.")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    path.write_text(f"{before}{BEGIN}\n\n{measured(read_metrics(folder))}\n\n{END}{after}")
    return path
