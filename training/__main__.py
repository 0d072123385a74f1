"""python -m training train | export | evaluate: see training/README.md."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.compress import compress, fit_head
from training.config import Config, read_config
from training.data import Label, PictureSet, cache_folder, cifar_labels, load_cifar, load_photos, read_labels
from training.distil import Distiller, Targets, make_targets
from training.errors import TrainingError
from training.evaluate import evaluate_folder, load_val, read_metrics, table
from training.export import export_model, write_json
from training.features import teacher_features
from training.models.vit import ViT
from training.teacher import load_teacher
from training.train import Trainer, load_checkpoint


def run_folder(config: Config, given: str | None) -> Path:
    """Where checkpoints and the log of a run lie."""
    return Path(given) if given else cache_folder() / "runs" / config.name


def load_set(config: Config) -> tuple[PictureSet, PictureSet | None, list[Label]]:
    """Training pictures, held-out pictures and labels of a config."""
    data = Path(config.data.folder)
    if config.data.set == "photos":
        train = load_photos(data, "train", config.data.side, "squash", config.data.train_shards)
        val = load_photos(data, "val", config.model.image, config.data.fit, config.data.val_shards)
        return train, val, read_labels(data)
    if config.data.set == "cifar10":
        return load_cifar(data, "train"), load_cifar(data, "test"), cifar_labels()
    raise TrainingError(f"{config.source}: data.set '{config.data.set}' is unknown; use photos or cifar10.")


def read_teacher(config: Config) -> ViT:
    """The teacher of a config; its path may hold environment variables and ~."""
    return load_teacher(Path(os.path.expandvars(config.teacher.file)).expanduser())


def load_targets(config: Config, train: PictureSet) -> Targets:
    """The teacher's targets for every training photo, made once and memory-mapped from the cache folder."""
    folder = cache_folder() / f"photos-train-targets-{config.teacher.patch_dims}"
    if not (folder / "done").is_file():
        features = teacher_features(read_teacher(config), train, "photos-train")
        targets, top1 = make_targets(features, train.labels, config.model.classes, config.teacher.patch_dims)
        line = f"linear probe on the teacher, held-out quarter of the training photos: top-1 {top1:.4f}"
        print(line)
        folder.mkdir(exist_ok=True)
        for item in fields(Targets):
            np.save(folder / f"{item.name}.npy", getattr(targets, item.name))
        (folder / "done").write_text(line + "\n")
    return Targets(**{item.name: np.load(folder / f"{item.name}.npy", mmap_mode="r") for item in fields(Targets)})


def make_trainer(config: Config, folder: Path) -> Trainer:
    """A trainer with its data, teacher and initialised student; resumed where a checkpoint exists."""
    train, val, labels = load_set(config)
    if len(labels) != config.model.classes:
        raise TrainingError(f"{config.source}: model.classes is {config.model.classes}, the data has {len(labels)}.")
    distiller, model, fresh = None, None, False
    if config.teacher.file:
        targets = load_targets(config, train)
        torch.manual_seed(config.seed)
        distiller = Distiller(config.model.dim, targets, config.teacher)
        fresh = config.teacher.init and not (folder / "latest.pt").is_file()
        if fresh:
            model = ViT(config.model, config.train.drop_path)
            compress(read_teacher(config), model, distiller, train, config.teacher.calibration)
            fit_head(model, train, 1600, 16)
    trainer = Trainer(config, folder, train, val, labels, distiller, model)
    if fresh:
        trainer.save()
        shutil.copyfile(folder / "latest.pt", folder / "start.pt")
    return trainer


def command_train(args: argparse.Namespace) -> None:
    config = read_config(Path(args.config))
    if args.steps:
        config = replace(config, train=replace(config.train, steps=args.steps))
    if args.minutes:
        config = replace(config, train=replace(config.train, minutes=args.minutes))
    folder = run_folder(config, args.run)
    trainer = make_trainer(config, folder)
    if trainer.resume():
        print(f"resumed {folder} at step {trainer.step} of {config.train.steps}")
        if args.again:
            trainer.clock_start = trainer.seconds
    elif args.resume:
        raise TrainingError(f"{folder}/latest.pt is missing; leave out --resume to start from the beginning.")
    trainer.run()
    print(f"done: {trainer.images_seen} images in {trainer.seconds:.0f} s; export with python -m training export")


def command_export(args: argparse.Namespace) -> None:
    config = read_config(Path(args.config))
    saved = load_checkpoint(run_folder(config, args.run) / "latest.pt")
    if saved["config"]["model"] != config.to_dict()["model"]:
        raise TrainingError(
            f"The checkpoint of {config.name} has another [model] than {config.source}; use its own config."
        )
    labels = cifar_labels() if config.data.set == "cifar10" else read_labels(Path(config.data.folder))
    folder = Path(args.out) if args.out else Path("models") / config.name
    sizes = sorted(config.train.patch_sizes)
    tiny = config.model.image <= 32
    export_model(
        folder,
        config.name,
        saved["ema"],
        config.model,
        labels,
        sizes,
        "squash" if tiny else config.data.fit,
        full=[p for p in (8, 16) if p in sizes] if tiny else [],
        sampled=[] if tiny else [p for p in (8, 16, 32) if p in sizes],
    )
    write_json(folder / "metrics.json", {"run": run_facts(saved)})
    print(f"wrote {folder} from step {saved['step']} ({saved['images_seen']} images seen)")


def run_facts(saved: dict[str, Any]) -> dict[str, Any]:
    """Facts of a run that belong beside its metrics."""
    return {
        "seed": saved["config"]["seed"],
        "steps": saved["step"],
        "imagesSeen": saved["images_seen"],
        "seconds": round(saved["seconds"]),
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
        "torch": torch.__version__,
    }


def command_evaluate(args: argparse.Namespace) -> None:
    folder = Path(args.model)
    run = read_metrics(folder).get("run", {})
    result = evaluate_folder(folder, Path(args.data), args.set, args.limit, run)
    print(table(result))


def command_quick(args: argparse.Namespace) -> None:
    config = read_config(Path(args.config))
    folder = run_folder(config, args.run)
    data = Path(config.data.folder)
    val, labels = load_val(data, config.data.set, config.model.image, config.data.fit)
    trainer = Trainer(config, folder, val, val, labels)
    saved = load_checkpoint(folder / "latest.pt")
    trainer.ema = saved["ema"]
    print(saved["step"], trainer.quick_eval())


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = root.add_subparsers(required=True)
    train = commands.add_parser("train", help="train, or resume where the run folder has a checkpoint")
    train.add_argument("config")
    train.add_argument("--run", help="folder of checkpoint and log (default: in the cache folder)")
    train.add_argument("--steps", type=int, help="other number of steps than the config's")
    train.add_argument("--minutes", type=float, help="other training time than the config's")
    train.add_argument("--again", action="store_true", help="with minutes: start the schedule anew at the checkpoint")
    train.add_argument("--resume", action="store_true", help="fail where there is nothing to resume")
    train.set_defaults(call=command_train)
    export = commands.add_parser("export", help="write models/<name> from the newest checkpoint")
    export.add_argument("config")
    export.add_argument("--run")
    export.add_argument("--out", help="folder (default: models/<name>)")
    export.set_defaults(call=command_export)
    evaluate = commands.add_parser("evaluate", help="measure an exported model, write its metrics.json")
    evaluate.add_argument("model")
    evaluate.add_argument("--data", default="../shared/data")
    evaluate.add_argument("--set", default="photos", choices=["photos", "cifar10"])
    evaluate.add_argument("--limit", help="so many held-out pictures (fixed seed): 1000, or 8=1000,14=1000")
    evaluate.set_defaults(call=command_evaluate)
    quick = commands.add_parser("quick", help="measure a run's newest checkpoint on a part of the held-out pictures")
    quick.add_argument("config")
    quick.add_argument("--run")
    quick.set_defaults(call=command_quick)
    return root


def main() -> int:
    """Run a command; a TrainingError is one sentence on stderr and exit status 2."""
    args = parser().parse_args()
    threads = os.environ.get("OMP_NUM_THREADS")
    if threads:
        torch.set_num_threads(int(threads))
    try:
        args.call(args)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
