"""Every construct, monolithic and separate: what is printed has to be the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.boundary.model import Form
from tests.equivalence.bench import Runtime, printed
from tests.equivalence.constructs import CASES


@pytest.mark.parametrize("name", sorted(CASES))
def test_same_output(name: str, tmp_path: Path, runtime: Runtime) -> None:
    mono, separate = printed(CASES[name], tmp_path, runtime, Form.PUBLIC)
    assert mono.count("\n") > 2, "the test bench printed nothing"
    assert separate == mono
