"""What a run teaches: classify, tell motions, detect, contrast, diffuse, mask, autoencode, make codes. One loop."""

from training.tasks.autoencode import Autoencode
from training.tasks.base import Task
from training.tasks.classify import Classify
from training.tasks.clips import Clips
from training.tasks.contrast import Contrast
from training.tasks.detection import Detect
from training.tasks.diffuse import Diffuse
from training.tasks.generate_codes import GenerateCodes
from training.tasks.latents import LatentDiffuse
from training.tasks.mask import Mask
from training.tasks.residual import DenoiseResidual
from training.tasks.resolutions import Resolutions
from training.tasks.simclr import SimCLR

__all__ = [
    "Autoencode", "Classify", "Clips", "Contrast", "DenoiseResidual", "Detect", "Diffuse", "GenerateCodes",
    "LatentDiffuse", "Mask", "Resolutions", "SimCLR", "Task",
]  # fmt: skip
