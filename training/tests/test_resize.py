"""PI-resize of patch kernels and bilinear resize of positions (Beyer et al. 2023, sections 3.3 and 3.4)."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from training.models.resize import bilinear_matrix, pi_resize, resize_positions


@pytest.mark.parametrize(("source", "target"), [(16, 8), (16, 14), (16, 32), (7, 28), (14, 7)])
def test_bilinear_matrix_is_torch_interpolate(source: int, target: int) -> None:
    x = torch.randn(1, 1, source, source, dtype=torch.float64)
    matrix = torch.from_numpy(bilinear_matrix(source, target))
    expected = F.interpolate(x, size=(target, target), mode="bilinear", align_corners=False, antialias=False)
    torch.testing.assert_close(matrix @ x[0, 0] @ matrix.T, expected[0, 0])


@pytest.mark.parametrize("patch", [16, 20, 28, 32, 48])
def test_larger_patches_preserve_tokens(patch: int) -> None:
    torch.manual_seed(0)
    weight, x = torch.randn(24, 3, 16, 16), torch.randn(10, 3, 16, 16)
    matrix = torch.from_numpy(bilinear_matrix(16, patch)).float()
    larger = matrix @ x @ matrix.T
    tokens = torch.einsum("ncij,dcij->nd", x, weight)
    resized = torch.einsum("ncij,dcij->nd", larger, pi_resize(weight, patch))
    assert float((tokens - resized).abs().max() / tokens.abs().max()) < 1e-5


@pytest.mark.parametrize("patch", [8, 14])
def test_smaller_patches_are_least_squares(patch: int) -> None:
    """E over white x of (<x, w> - <Bx, w'>)^2 is |w - B^T w'|^2; its minimum is numpy's lstsq."""
    torch.manual_seed(0)
    weight = torch.randn(1, 1, 16, 16, dtype=torch.float64)
    one = bilinear_matrix(16, patch)
    full = np.kron(one, one)
    flat = weight.numpy().reshape(-1)
    best = np.linalg.lstsq(full.T, flat, rcond=None)[0]
    np.testing.assert_allclose(pi_resize(weight, patch).numpy().reshape(-1), best, atol=1e-9)
    vanilla = F.interpolate(weight, size=(patch, patch), mode="bilinear").numpy().reshape(-1)
    error = [np.square(flat - full.T @ w).sum() for w in (best, vanilla)]
    assert error[0] < error[1]


def test_positions_resize_row_major_and_identity() -> None:
    positions = torch.randn(1, 196, 8)
    assert resize_positions(positions, 14) is positions
    grid = positions.reshape(1, 14, 14, 8).permute(0, 3, 1, 2)
    for side in (7, 16, 28):
        expected = F.interpolate(grid, size=(side, side), mode="bilinear", align_corners=False)
        expected = expected.permute(0, 2, 3, 1).reshape(1, side * side, 8)
        torch.testing.assert_close(resize_positions(positions, side), expected, atol=1e-5, rtol=1e-5)


def test_bad_sizes_raise() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        bilinear_matrix(0, 4)
    with pytest.raises(ValueError, match="square"):
        resize_positions(torch.zeros(1, 10, 4), 3)


def test_gradients_pass_through_the_resize() -> None:
    weight = torch.randn(4, 3, 16, 16, requires_grad=True)
    pi_resize(weight, 8).sum().backward()  # type: ignore[no-untyped-call]
    assert weight.grad is not None and torch.isfinite(weight.grad).all()
