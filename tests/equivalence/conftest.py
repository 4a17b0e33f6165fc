"""The runtime that all programs of a session share."""

import pytest

from tests.equivalence.bench import Runtime


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return Runtime(tmp_path_factory.mktemp("runtime"))
