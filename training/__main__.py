"""python -m training train | export | evaluate | samples | ablate …: see training/README.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from training.ablate import ablate
from training.calibrate import calibrate
from training.cards import write_card
from training.compare import compare
from training.config import Config, read_config
from training.data import cache_folder
from training.errors import TrainingError
from training.evaluate import evaluate_folder, read_metrics, table
from training.export import export_model, load_any, read_model_config, write_json
from training.export_more import export_denoiser, export_evaluator, export_mae
from training.generate import Recipe, generate, sheet
from training.models.cnn import CnnConfig
from training.models.mae import MAEConfig
from training.models.vit import ViTConfig
from training.paint import paint
from training.parallel import end_processes, start_processes
from training.parts import join_weights, split_weights
from training.pixels import compare_pixels
from training.plot import chart, read_log
from training.references.run import write_references
from training.runs import labels_of, load_run, make_task, make_trainer, read_teacher, run_folder
from training.samples import measure_samples
from training.strangers import strangers
from training.teacher import save_half
from training.train import choose_device


def command_train(args: argparse.Namespace) -> None:
    config = read_config(Path(args.config))
    if args.steps:
        config = replace(config, train=replace(config.train, steps=args.steps))
    if args.batch:
        config = replace(config, train=replace(config.train, batch=args.batch))
    if args.minutes is not None:
        config = replace(config, train=replace(config.train, minutes=args.minutes))
    if args.compile:
        config = replace(config, train=replace(config.train, compile=args.compile == "on"))
    if args.device:
        config = replace(config, train=replace(config.train, device=args.device))
    if args.eval == "off":
        config = replace(config, train=replace(config.train, eval_seconds=0))
    start_processes()
    folder = run_folder(config, args.run)
    trainer = make_trainer(config, folder)
    if trainer.resume():
        print(f"resumed {folder} at step {trainer.step} of {config.train.steps}")
        if args.again:
            trainer.clock_start = trainer.seconds
    elif args.resume:
        raise TrainingError(f"{folder}/latest.pt is missing; leave out --resume to start from the beginning.")
    trainer.run(args.until)
    end_processes()
    print(f"done: {trainer.images_seen} images in {trainer.seconds:.0f} s; export with python -m training export")


def command_export(args: argparse.Namespace) -> None:
    config = read_config(Path(args.config))
    saved: dict[str, Any] = load_run(config, run_folder(config, args.run))
    folder = Path(args.out) if args.out else Path("models") / config.name
    cfg = config.model
    if not 0 <= args.ema < len(saved["emas"]):
        raise TrainingError(f"--ema {args.ema} is not there; {config.source} has {len(saved['emas'])} averages.")
    weights = saved["emas"][args.ema]
    tiny = cfg.image <= 32 and cfg.dim <= 64 if not isinstance(cfg, CnnConfig) else False
    if isinstance(cfg, ViTConfig):
        sizes = sorted(config.train.patch_sizes)
        whole = [p for p in sizes if p in (8, 16)]
        sampled = [p for p in sizes if p in (8, 16, 32)]
        export_model(
            folder,
            config.name,
            weights,
            cfg,
            labels_of(config),
            sizes,
            "squash" if tiny else config.data.fit,
            full=whole if tiny else [],
            sampled=[] if tiny else sampled,
        )
    elif isinstance(cfg, MAEConfig):
        export_mae(folder, config, weights, tiny)
    elif isinstance(cfg, CnnConfig):
        export_evaluator(folder, config, weights)
    else:
        export_denoiser(folder, config, weights, labels_of(config), tiny)
    write_json(folder / "metrics.json", {"run": run_facts(saved, args.ema), **held_out(args, config, folder)})
    if args.split:
        split_weights(folder, args.split)
    print(f"wrote {folder} from step {saved['step']} ({saved['images_seen']} images seen)")


def held_out(args: argparse.Namespace, config: Config, folder: Path) -> dict[str, Any]:
    """Loss of exported weights on held-out pictures, where it is asked for: {} or {heldOut, command}."""
    if not args.measure or isinstance(config.model, ViTConfig):
        return {}
    task = make_task(config, run_folder(config, args.run), choose_device("cpu"))
    command = f"python -m training export {config.source} --ema {args.ema} --measure"
    return {"heldOut": task.measure(load_any(folder)), "command": command}


def run_facts(saved: dict[str, Any], ema: int = 0) -> dict[str, Any]:
    """Facts of a run that belong beside its metrics."""
    return {
        "seed": saved["config"]["seed"],
        "steps": saved["step"],
        "imagesSeen": saved["images_seen"],
        "seconds": round(saved["seconds"]),
        "ema": np.atleast_1d(saved["config"]["train"]["ema"]).tolist()[ema],
        "device": saved.get("device", "CPU"),
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
    trainer = make_trainer(config, run_folder(config, args.run))
    if not trainer.resume():
        raise TrainingError(f"{trainer.folder}/latest.pt is missing; train first, or name the right --run folder.")
    for index, decay in enumerate(config.train.ema):
        print(trainer.step, decay, trainer.task.measure(trainer.ema_model(index)))


def command_sample(args: argparse.Namespace) -> None:
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


def command_teacher(args: argparse.Namespace) -> None:
    path = save_half(read_teacher(read_config(Path(args.config))), Path(args.out))
    print(f"wrote {path} ({path.stat().st_size / 1e6:.0f} MB); set teacher.file to it")


def command_samples(args: argparse.Namespace) -> None:
    recipe = Recipe(args.sampler, args.steps, args.guidance)
    pairs = Path(args.neighbours) if args.neighbours else None
    folders = Path(args.model), Path(args.evaluator), Path(args.data)
    result = measure_samples(*folders, recipe, args.count, args.seed, args.sweep, pairs)
    for key in ("fid", "classAccuracy", "precision", "recall", "trainingPicturesInstead", "neighbours"):
        print(key, result[key])


def command_ablate(args: argparse.Namespace) -> None:
    folder = Path(args.run) if args.run else cache_folder() / "runs" / "ablations"
    ablate(read_config(Path(args.config)), folder, Path(args.out), args.seeds, args.only)
    print(f"wrote {args.out}")


def command_card(args: argparse.Namespace) -> None:
    print(f"wrote the measured part of {write_card(Path(args.model))}")


def command_strangers(args: argparse.Namespace) -> None:
    found = strangers(Path(args.model), args.patch)
    print(f"{found['right']} of {found['known']} pictures of its classes right; {len(found['unknown'])} of none")
    for row in found["unknown"]:
        print(f"{row['picture']}: {row['called']} {row['probability']}")


def command_calibrate(args: argparse.Namespace) -> None:
    found = calibrate(Path(args.model), Path(args.data), args.set, args.patches, args.photos)
    print(f"temperature {found['value']}, folded into the head; mean NLL {found['nll']}, ECE {found['ece']}")


def command_pixels(args: argparse.Namespace) -> None:
    config = read_config(Path(args.config))
    if args.steps:
        config = replace(config, train=replace(config.train, steps=args.steps))
    rows = compare_pixels(config, Path(args.run) if args.run else cache_folder() / "runs" / config.name)
    folder = Path(args.models) / config.name
    command = f"python -m training pixels {config.source} --steps {config.train.steps}"
    write_json(folder / "metrics.json", {**read_metrics(folder), "pixels": {"command": command, "variants": rows}})
    for row in rows:
        print(row)


def command_paint(args: argparse.Namespace) -> None:
    folder = Path(args.model)
    result = paint(folder, Path(args.out) if args.out else folder / "painted.png", args.pictures)
    for row in result["pictures"]:
        print(f"{row['picture']}: {row['error']}, mean colour {row['meanColour']}")


def command_compare(args: argparse.Namespace) -> None:
    configs = [read_config(Path(name)) for name in args.configs]
    rows = compare(configs, Path(args.models), args.every)
    print(f"wrote {len(rows)} rows into metrics.json of {', '.join(config.name for config in configs)}")


def command_curves(args: argparse.Namespace) -> None:
    series = {Path(log).parent.name: read_log(Path(log), args.key, args.window) for log in args.logs}
    title = args.title or f"{args.key} of {', '.join(series)}"
    Path(args.out).write_text(chart(series, "step", f"{args.key}, mean of {args.window} steps", title, log=True))
    print(f"wrote {args.out}")


def command_join(args: argparse.Namespace) -> None:
    print(f"joined {join_weights(Path(args.model))}")


def command_references(args: argparse.Namespace) -> None:
    write_references(args.lessons)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = root.add_subparsers(required=True)
    train = commands.add_parser("train", help="train, or resume where the run folder has a checkpoint")
    train.add_argument("config")
    train.add_argument("--run", help="folder of checkpoint and log (default: in the cache folder)")
    train.add_argument("--steps", type=int, help="other number of steps than the config's")
    train.add_argument("--until", type=int, help="stop after this step; the schedule stays that of all steps")
    train.add_argument(
        "--batch", type=int, help="other batch than the config's, to try a big config on a small machine"
    )
    train.add_argument("--minutes", type=float, help="other training time than the config's")
    train.add_argument("--again", action="store_true", help="with minutes: start the schedule anew at the checkpoint")
    train.add_argument("--resume", action="store_true", help="fail where there is nothing to resume")
    train.add_argument("--compile", choices=["on", "off"], help="torch.compile, other than the config says")
    train.add_argument("--eval", choices=["on", "off"], default="on", help="off: measure nothing on held-out pictures")
    train.add_argument("--device", choices=["auto", "cpu", "cuda"])
    train.set_defaults(call=command_train)
    export = commands.add_parser("export", help="write models/<name> from the newest checkpoint")
    export.add_argument("config")
    export.add_argument("--run")
    export.add_argument("--out", help="folder (default: models/<name>)")
    export.add_argument("--ema", type=int, default=0, help="which of the averages, from 0")
    export.add_argument("--measure", action="store_true", help="held-out loss of the exported weights, too")
    export.add_argument("--split", type=float, default=0, help="cut the weights into parts of so many MiB")
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
    sample = commands.add_parser("sample", help="pictures of an exported denoiser, a row a class, as PNG")
    sample.add_argument("model")
    sample.add_argument("--out", default="samples.png")
    sample.add_argument("--sampler", default="dpmpp-2m")
    sample.add_argument("--steps", type=int, default=20)
    sample.add_argument("--guidance", type=float, default=2.0)
    sample.add_argument("--each", type=int, default=8)
    sample.add_argument("--seed", type=int, default=0)
    sample.add_argument("--zoom", type=int, default=3)
    sample.set_defaults(call=command_sample)
    teacher = commands.add_parser("teacher", help="write the teacher in float16, for a machine behind a narrow door")
    teacher.add_argument("config", nargs="?", default="vit-flexi-cpu.toml")
    teacher.add_argument("--out", default="teacher.safetensors")
    teacher.set_defaults(call=command_teacher)
    samples = commands.add_parser("samples", help="measure a denoiser by its samples, into its metrics.json")
    samples.add_argument("model")
    samples.add_argument("--evaluator", default="training/evaluator")
    samples.add_argument("--data", default="../shared/data")
    samples.add_argument("--count", type=int, default=10000)
    samples.add_argument("--sampler", default="dpmpp-2m")
    samples.add_argument("--steps", type=int, default=20)
    samples.add_argument("--guidance", type=float, default=1.5)
    samples.add_argument("--seed", type=int, default=0)
    samples.add_argument("--sweep", type=int, default=0, help="so many samples for each guidance and number of steps")
    samples.add_argument("--neighbours", help="picture of 32 samples beside their nearest training pictures (PNG)")
    samples.set_defaults(call=command_samples)
    ablations = commands.add_parser("ablate", help="equal small runs with one thing changed")
    ablations.add_argument("config", nargs="?", default="uvit-ablation.toml")
    ablations.add_argument("--run", help="folder of the runs (default: in the cache folder)")
    ablations.add_argument("--out", default="models/ablations.json")
    ablations.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    ablations.add_argument("--only", nargs="+", help="ids of variants")
    ablations.set_defaults(call=command_ablate)
    comparison = commands.add_parser("compare", help="losses of several runs, step by step, into each metrics.json")
    comparison.add_argument("configs", nargs="+")
    comparison.add_argument("--models", default="models")
    comparison.add_argument("--every", type=int, default=100)
    comparison.set_defaults(call=command_compare)
    pixels = commands.add_parser("pixels", help="a masked autoencoder with plain and with normalised pixels")
    pixels.add_argument("config", nargs="?", default="mae-tiny.toml")
    pixels.add_argument("--steps", type=int)
    pixels.add_argument("--run")
    pixels.add_argument("--models", default="models")
    pixels.set_defaults(call=command_pixels)
    painting = commands.add_parser("paint", help="gallery pictures that a masked autoencoder paints, as PNG")
    painting.add_argument("model", nargs="?", default="models/mae")
    painting.add_argument("--out", help="PNG (default: painted.png in the model's folder)")
    painting.add_argument("--pictures", nargs="+", help="ids of static/pictures/pictures.json")
    painting.set_defaults(call=command_paint)
    card = commands.add_parser("card", help="write the measured part of a card from metrics.json")
    card.add_argument("model")
    card.set_defaults(call=command_card)
    scaling = commands.add_parser("calibrate", help="fit a classifier's temperature and fold it into its head")
    scaling.add_argument("model", nargs="?", default="models/vit-flexi")
    scaling.add_argument("--patches", type=int, nargs="+", default=[16, 28, 32])
    scaling.add_argument("--photos", type=int, default=600, help="held-out photos, which evaluate then leaves out")
    scaling.add_argument("--data", default="../shared/data")
    scaling.add_argument("--set", default="photos", choices=["photos", "cifar10"])
    scaling.set_defaults(call=command_calibrate)
    none = commands.add_parser("strangers", help="what a classifier says of pictures that are none of its classes")
    none.add_argument("model", nargs="?", default="models/vit-flexi")
    none.add_argument("--patch", type=int, default=16)
    none.set_defaults(call=command_strangers)
    curves = commands.add_parser("curves", help="draw logs as SVG")
    curves.add_argument("logs", nargs="+", help="log.jsonl files")
    curves.add_argument("--out", default="curves.svg")
    curves.add_argument("--key", default="loss")
    curves.add_argument("--window", type=int, default=100)
    curves.add_argument("--title")
    curves.set_defaults(call=command_curves)
    join = commands.add_parser("join", help="put the parts of a model's weights together again")
    join.add_argument("model")
    join.set_defaults(call=command_join)
    golden = commands.add_parser("references", help="write the numbers that the lessons' tests are held to")
    golden.add_argument("lessons", nargs="*", help="numbers or folders of lessons, 05 or 05-answer (default: all)")
    golden.set_defaults(call=command_references)
    return root


def main(words: list[str] | None = None) -> int:
    """Run a command (default: the process's arguments); a TrainingError is one sentence on stderr and exit status 2."""
    args = parser().parse_args(words)
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
