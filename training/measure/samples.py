"""Measuring a denoiser by its samples, in the features of our own evaluator.

There is no Inception network here: the Fréchet distance is one in the features of a small CNN trained on
CIFAR-10 (models/cnn-cifar10), and is not comparable with published FID.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from training.data.pictures import PictureSet, load_cifar
from training.diffusion.generate import Recipe, generate
from training.errors import TrainingError
from training.export.read import load_any, read_metrics, read_model_config
from training.export.write import write_json
from training.measure.distances import coverage, frechet, nearest
from training.measure.plot import chart
from training.measure.sheet import sheet
from training.models.cnn import Cnn
from training.paths import cache_folder
from training.tasks.accuracy import to_input

GUIDANCES = (1.0, 1.5, 2.0, 3.0, 5.0)
STEPS = (5, 10, 20, 50)
CHUNK = 250  # samples a file of the cache
BATCH = 50  # samples at once: on a CPU larger batches leave its cache
PAIRS = 1000  # precision and recall compare so many pictures with as many


@dataclass
class Judge:
    """The evaluator and what it says of the real pictures."""

    model: Cnn
    test: np.ndarray  # features of the test pictures
    accuracy: float  # its own, on the test pictures
    key: str = ""  # of its weights

    def look_once(self, pictures: np.ndarray, split: str) -> tuple[np.ndarray, np.ndarray]:
        """`look` at a whole split of the data set, kept in the cache folder."""
        path = cache_folder() / "samples" / f"{split}-{len(pictures)}-{self.key}.npy"
        if path.is_file():
            both = np.load(path)
        else:
            features, classes = self.look(pictures)
            both = np.concatenate([features, classes[:, None].astype(np.float32)], axis=1)
            write_whole(path, both)
        return both[:, :-1], both[:, -1].astype(np.int64)

    def look(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features [n, F] and classes [n] of uint8 pictures [n, S, S, 3].

        A class is the largest mean logit of a picture and its mirror image; the features are the picture's own.
        """
        features, classes = [], []
        with torch.inference_mode():
            for start in range(0, len(pictures), 500):
                x = to_input(pictures[start : start + 500])
                found = self.model.features(x)
                features.append(found.numpy())
                logits = self.model.head(found) + self.model.head(self.model.features(x.flip(-1)))
                classes.append(logits.argmax(-1).numpy())
        return np.concatenate(features), np.concatenate(classes)


def read_judge(folder: Path, data: Path) -> Judge:
    """The evaluator of a folder, with the features of CIFAR-10's 10,000 test pictures."""
    model = load_any(folder)
    if not isinstance(model, Cnn):
        raise TrainingError(f"{folder} holds a {type(model).__name__}, not the evaluator CNN; name its folder.")
    test = load_cifar(data, "test")
    judge = Judge(model, np.empty(0), 0.0, weights_key(folder))
    judge.test, classes = judge.look_once(test.images, "cifar10-test")
    judge.accuracy = round(float((classes == test.labels).mean()), 4)
    return judge


def weights_key(folder: Path) -> str:
    """A short name of the weights in a model folder."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:12]


def kept_samples(folder: Path, recipe: Recipe, seed: int) -> Path:
    """Where the pictures of these weights, this recipe and this seed are kept: a folder of the cache folder."""
    words = [
        folder.name,
        weights_key(folder),
        *(str(value) for value in astuple(recipe) if value is not None),
        str(seed),
    ]
    return cache_folder() / "samples" / "-".join(words)


def draw(folder: Path, recipe: Recipe, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` pictures uint8 [n, S, S, 3], the classes in turn, and those classes [n].

    They are kept by the CHUNK, so that a run that was stopped goes on and a sweep takes what is there.
    """
    values = read_model_config(folder)
    if "diffusion" not in values:
        raise TrainingError(f"{folder} is no denoiser (its config.json has no 'diffusion'); name a uvit or dit folder.")
    classes = np.arange(count) % max(1, len(values["labels"]))
    model = load_any(folder)
    kept = kept_samples(folder, recipe, seed)
    out = []
    what = f"{folder.name}, guidance {recipe.guidance:g}, {recipe.steps} steps"
    for start in tqdm(range(0, count, CHUNK), desc=what, unit=f"{CHUNK} samples", disable=None):
        part, path = classes[start : start + CHUNK], kept / f"{start:05d}.npy"
        there = np.load(path)[: len(part)] if path.is_file() else np.empty(0)
        if len(there) < len(part):
            pictures = generate(model, values["diffusion"], recipe, part, seed, BATCH, bf16=True, first=start)
            there = pictures.permute(0, 2, 3, 1).numpy()
            write_whole(path, there)
        out.append(there)
    return np.concatenate(out), classes


def write_whole(path: Path, values: np.ndarray) -> None:
    """A .npy file that is there whole or not at all; a full disk is a TrainingError."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as handle:
            np.save(handle, values)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise TrainingError(
            f"{path} could not be written ({error}); free some space and run the command again."
        ) from error


def judge_samples(judge: Judge, pictures: np.ndarray, classes: np.ndarray) -> dict[str, Any]:
    """Fréchet distance to the test pictures, class accuracy, precision and recall (k = 3) of samples."""
    features, named = judge.look(pictures)
    count = min(len(features), PAIRS)
    real = judge.test[:: len(judge.test) // count][:count]
    return {
        "samples": len(pictures),
        "fid": round(frechet(features, judge.test), 3),
        "classAccuracy": round(float((named == classes).mean()), 4),
        "precision": round(coverage(features[:count], real), 4),
        "recall": round(coverage(real, features[:count]), 4),
    }


def neighbours(judge: Judge, pictures: np.ndarray, train: PictureSet, out: Path | None) -> dict[str, Any]:
    """How near samples are to training pictures, beside how near test pictures are.

    `out`: a picture of pairs (sample, nearest training picture). It holds pictures of the data set and
    so belongs outside the project.
    """
    trained, _ = judge.look_once(train.images, "cifar10-train")
    features, _ = judge.look(pictures)
    rows, distances = nearest(features, trained)
    _, usual = nearest(judge.test[:512], trained)
    if out is not None:
        pairs = np.stack([pictures, train.images[rows]], axis=1).reshape(-1, *pictures.shape[1:])
        image = Image.fromarray(sheet(torch.from_numpy(pairs).permute(0, 3, 1, 2), 8))
        out.parent.mkdir(parents=True, exist_ok=True)
        image.resize((image.width * 3, image.height * 3), Image.Resampling.NEAREST).save(out)
    return {
        "samples": len(pictures),
        "nearest": round(float(distances.min()), 3),
        "median": round(float(np.median(distances)), 3),
        "medianOfTestPictures": round(float(np.median(usual)), 3),
        "nearestOfTestPictures": round(float(usual.min()), 3),
    }


def measure_samples(
    folder: Path,
    evaluator: Path,
    data: Path,
    recipe: Recipe,
    count: int,
    seed: int,
    sweep: int = 0,
    pairs: Path | None = None,
) -> dict[str, Any]:
    """All figures of a denoiser's samples into its metrics.json (`samples`), plots of sweeps beside it."""
    if count < 64:
        raise TrainingError(f"--count {count} is too small for a covariance; give 64 or more.")
    judge = read_judge(evaluator, data)
    pictures, classes = draw(folder, recipe, count, seed)
    result: dict[str, Any] = {
        "command": f"python -m training samples models/{folder.name} --count {count} --guidance {recipe.guidance:g} "
        f"--steps {recipe.steps} --seed {seed}" + (f" --sweep {sweep}" if sweep else ""),
        "features": f"{judge.test.shape[1]} pooled features of our evaluator; not comparable with published FID",
        "evaluatorTestAccuracy": judge.accuracy,
        "against": f"{len(judge.test)} test pictures of CIFAR-10",
        "sampler": recipe.sampler,
        "steps": recipe.steps,
        "guidance": recipe.guidance,
        **judge_samples(judge, pictures, classes),
    }
    real = load_cifar(data, "train")
    rows = np.sort(np.random.default_rng(0).permutation(len(real))[:count])
    result["trainingPicturesInstead"] = judge_samples(judge, real.images[rows], real.labels[rows])
    result["neighbours"] = neighbours(judge, pictures[:32], real, pairs)
    kept = read_metrics(folder)
    if sweep:
        result["guidanceSweep"] = [
            {"guidance": w, **judge_samples(judge, *draw(folder, replace(recipe, guidance=w), sweep, seed))}
            for w in GUIDANCES
        ]
        result["stepsSweep"] = [
            {"steps": n, **judge_samples(judge, *draw(folder, replace(recipe, steps=n), sweep, seed))} for n in STEPS
        ]
        for key, what in (("guidance", "guidance scale"), ("steps", "steps")):
            line = [(float(row[key]), float(row["fid"])) for row in result[f"{key}Sweep"]]
            title = f"{folder.name}: distance to the test pictures against {what}"
            svg = chart({f"{sweep} samples": line}, what, "FID in our evaluator's features", title)
            (folder / f"{key}.svg").write_text(svg)
    elif "guidanceSweep" in kept.get("samples", {}):
        result |= {key: kept["samples"][key] for key in ("guidanceSweep", "stepsSweep")}
    write_json(folder / "metrics.json", {**kept, "samples": result})
    return result
