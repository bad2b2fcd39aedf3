"""Columns with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data_access.demo.catalogue import Flags


def where(filled: Flags, values: Any) -> Any:
    """`values` as an object column, None where not `filled`."""
    found = np.asarray(values).astype(object)
    found[~np.asarray(filled)] = None
    return found


def pick(words: Sequence[Any], index: Any) -> Any:
    """words[index] as an object column."""
    return np.array(words, dtype=object)[index]
