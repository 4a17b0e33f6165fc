"""Fixtures of the tests of hdl_py.sv."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hdl_py.sv.simulating import Simulators


@pytest.fixture(scope="session")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Simulators:
    """Builds simulators from isolated texts."""
    return Simulators(tmp_path_factory.mktemp("verilated"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
