"""The one type variable of the elementwise maths: a NumPy array or a torch tensor, any shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Values = TypeVar("Values", "NDArray[np.floating[Any]]", "Tensor")


def as_kind(like: Values, values: NDArray[np.float64]) -> Values:
    """NumPy values as an array of `like`'s kind, dtype and device."""
    if isinstance(like, np.ndarray):
        return values.astype(like.dtype)
    return like.new_tensor(values)
