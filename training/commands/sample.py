"""Pictures of an exported denoiser, a row a class, as PNG."""

from __future__ import annotations

import argparse
from pathlib import Path


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model")
    parser.add_argument("--out", default="samples.png")
    parser.add_argument("--sampler", default="dpmpp-2m")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=2.0)
    parser.add_argument("--each", type=int, default=8, help="pictures of a class")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--zoom", type=int, default=3)


def run(args: argparse.Namespace) -> None:
    import numpy as np
    from PIL import Image

    from training.diffusion.generate import Recipe, generate
    from training.errors import TrainingError
    from training.export.read import load_any, read_model_config
    from training.measure.sheet import sheet
    from training.train.device import choose_device

    folder = Path(args.model)
    values = read_model_config(folder)
    if "diffusion" not in values:
        raise TrainingError(f"{folder} is no denoiser (its config.json has no 'diffusion'); name a uvit or dit folder.")
    count = max(1, len(values["labels"]))
    recipe = Recipe(args.sampler, args.steps, args.guidance)
    classes = np.repeat(np.arange(count), args.each)
    pictures = generate(load_any(folder).to(choose_device("auto")), values["diffusion"], recipe, classes, args.seed)
    image = Image.fromarray(sheet(pictures, args.each))
    image.resize((image.width * args.zoom, image.height * args.zoom), Image.Resampling.NEAREST).save(args.out)
    print(f"wrote {args.out}: a row a class, {', '.join(label['id'] for label in values['labels'])}")
