"""Every construct, monolithic and separate: what is printed has to be the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.boundary.model import Form
from hdl_py.sv.contract.causes import Contract
from tests.equivalence.bench import Runtime, printed
from tests.equivalence.constructs import CASES


@pytest.mark.parametrize("form", [Form.PUBLIC, Form.ORDERED, Form.DIRECT], ids=lambda form: form.value)
@pytest.mark.parametrize("name", sorted(CASES))
def test_same_output(name: str, form: Form, tmp_path: Path, runtime: Runtime) -> None:
    steps = any(unit.contract.contract is Contract.STEP for unit in CASES[name].units)
    if form is not Form.PUBLIC and not steps:
        pytest.skip("only steps have other forms")
    mono, separate = printed(CASES[name], tmp_path, runtime, form)
    assert mono.count("\n") > 2, "the test bench printed nothing"
    assert separate == mono
