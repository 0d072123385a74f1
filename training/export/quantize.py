"""An exported model's weights stored anew in 8 bits a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.data.pictures import Label
from training.errors import TrainingError
from training.export.eight_bits import SCALE
from training.export.read import load_model, read_metrics, read_model_config, read_tensors
from training.export.vit import export_vit
from training.export.write import write_json


def quantize(folder: Path) -> dict[str, Any]:
    """Write the folder anew in 8 bits a value: weights, golden tensors of those weights, sizes and digests.

    Into metrics.json goes `eightBits`: the bytes before and after and what was measured of the weights in
    float16, by patch size. What else was measured goes out of it, for it is of other weights: `evaluate` is to follow.
    Raises TrainingError for a model that is no ViT, and for one that is stored so already.
    """
    config = read_model_config(folder)
    if any(name.endswith(SCALE) for name in read_tensors(folder / "model.safetensors")):
        raise TrainingError(f"{folder} is stored in 8 bits already; export it again for other weights.")
    model = load_model(folder)
    metrics = read_metrics(folder)
    before = config["files"]["model.safetensors"]["bytes"]
    sizes: list[int] = config["patchSizes"]
    export_vit(
        folder,
        config["name"],
        model.state_dict(),
        model.cfg,
        [Label(**label) for label in config["labels"]],
        sizes,
        config["preprocessing"]["fit"],
        sampled=[patch for patch in sizes if patch in (8, 16, 32)],
        bits=8,
    )
    after = read_model_config(folder)["files"]["model.safetensors"]["bytes"]
    measured = {
        patch: {"photos": row["photos"], "top1": row["top1"]} for patch, row in metrics.get("patch", {}).items()
    }
    result = {
        "command": f"python -m training quantize models/{folder.name}",
        "bytes": [before, after],
        "float16": measured,
    }
    kept = {key: metrics[key] for key in ("run", "temperature") if key in metrics}
    write_json(folder / "metrics.json", {**kept, "eightBits": result})
    return result
