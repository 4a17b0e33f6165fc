"""What can be known before anything is downloaded."""

from __future__ import annotations

import pytest

from tools.bazel import apt, install
from tools.bazel.errors import ProvisionError


@pytest.mark.parametrize(("machine", "name"), [("x86_64", "amd64"), ("aarch64", "arm64")])
def test_architectures_that_are_served(machine: str, name: str) -> None:
    assert install.architecture("Linux", machine) == name
    assert name in install.TRIPLETS


@pytest.mark.parametrize(("system", "machine"), [("Linux", "riscv64"), ("Darwin", "arm64"), ("Linux", "i686")])
def test_other_architectures_are_named_in_the_error(system: str, machine: str) -> None:
    with pytest.raises(ProvisionError, match=f"this is {system} on {machine}"):
        install.architecture(system, machine)


def test_the_expected_version_passes_with_any_debian_revision() -> None:
    install.check_version((apt.Package("bazel-bootstrap_7.7.1+ds-9+b2_amd64.deb", 1),))


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["bazel-bootstrap_8.5.0+ds-1_amd64.deb"], "Bazel 8.5.0"),
        (["bazel-bootstrap_7.7.10+ds-1_amd64.deb"], "Bazel 7.7.10"),
        (["bazel-skylib_7.7.1+x-1_all.deb"], "no Bazel"),
    ],
)
def test_another_version_is_refused_and_named(files: list[str], found: str) -> None:
    packages = tuple(apt.Package(file, 1) for file in files)
    with pytest.raises(ProvisionError, match=f"has {found}") as caught:
        install.check_version(packages)
    assert "BAZELW_DEBIAN_MIRROR" in caught.value.fix


def test_error_is_rendered_with_its_fix_below_it() -> None:
    error = ProvisionError("no room", "make room\nor not")
    assert error.render() == "bazelw: error: no room\n    make room\n    or not"
