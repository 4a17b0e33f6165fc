"""How many examples the property tests try."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

FACTOR = float(os.environ.get("HYPOTHESIS_FACTOR", "1"))
"""Multiplies the number of examples of every property test; 20 makes a thorough run."""


def examples(count: int) -> Callable[[Any], Any]:
    """A bounded number of examples, the same ones in every run."""
    return settings(
        max_examples=max(1, int(count * FACTOR)),
        deadline=None,
        derandomize=FACTOR == 1,
        suppress_health_check=list(HealthCheck),
    )
