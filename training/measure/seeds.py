"""Which seeds make a picture that can be named: the evaluator's probability of the class that was asked for.

The pictures are those of the page: a run begins with stream 0 of its seed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.diffusion.generate import Recipe, run
from training.diffusion.noise import normals
from training.errors import TrainingError
from training.export.read import load_any, read_model_config
from training.export.write import write_json
from training.measure.samples import weights_key
from training.models.cnn import Cnn
from training.tasks.accuracy import to_input

BATCH = 50


def find_seeds(folder: Path, evaluator: Path, recipe: Recipe, count: int, keep: int) -> dict[str, Any]:
    """Try the seeds 0 … count - 1 under every class and write the `keep` best of each to `seeds.json` of the folder.

    The probability is that of the mean logit of a picture and its mirror image. A sampler that adds noise on the way is
    refused: its pictures depend on more than the seed's first stream.
    """
    values = read_model_config(folder)
    if "diffusion" not in values:
        raise TrainingError(f"{folder} is no denoiser (its config.json has no 'diffusion'); name a uvit or dit folder.")
    if recipe.sampler in ("ddpm", "sde"):
        raise TrainingError(f"{recipe.sampler} adds noise on the way; take ddim, euler, heun or dpmpp-2m.")
    model, judge = load_any(folder), load_any(evaluator)
    if not isinstance(judge, Cnn):
        raise TrainingError(f"{evaluator} holds a {type(judge).__name__}, not the evaluator CNN; name its folder.")
    cfg: Any = model.cfg
    shape = (cfg.channels, cfg.image, cfg.image)
    size = int(np.prod(shape))
    classes: dict[str, Any] = {}
    for index, label in enumerate(values["labels"]):
        probabilities = np.empty(0)
        for start in range(0, count, BATCH):
            part = range(start, min(start + BATCH, count))
            x = np.stack([normals(seed, 0, size).reshape(shape) for seed in part])
            y = torch.full((len(part),), index)
            last = run(model, values["diffusion"], recipe, torch.from_numpy(x).float(), y, None)
            pictures = ((last.x.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
            with torch.inference_mode():
                seen = to_input(pictures)
                logits = judge.head(judge.features(seen)) + judge.head(judge.features(seen.flip(-1)))
                probabilities = np.append(probabilities, (logits / 2).softmax(-1)[:, index].numpy())
        best = np.argsort(-probabilities, kind="stable")[:keep]
        classes[label["id"]] = {
            "seen": int((probabilities > 0.5).sum()),
            "best": [{"seed": int(seed), "p": round(float(probabilities[seed]), 4)} for seed in best],
        }
    found = {
        "command": f"python -m training seeds models/{folder.name} --count {count} --keep {keep}"
        f" --sampler {recipe.sampler} --steps {recipe.steps} --guidance {recipe.guidance:g}",
        "weights": weights_key(folder),
        "evaluator": f"{evaluator.name} {weights_key(evaluator)}",
        "sampler": recipe.sampler,
        "steps": recipe.steps,
        "guidance": recipe.guidance,
        "tried": count,
        "classes": classes,
    }
    write_json(folder / "seeds.json", found)
    return found
