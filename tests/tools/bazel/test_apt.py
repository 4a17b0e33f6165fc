"""What apt prints, read; what apt is given, written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.bazel import apt

MAIN = "http://mirror.example/debian/\tDebian\t/usr/share/keyrings/debian-archive-keyring.gpg"
SECURITY = "http://mirror.example/debian-security/\tDebian\t"
OTHER = "http://packages.example/node/\tNode\t"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([SECURITY, OTHER, MAIN], "http://mirror.example/debian/"),
        ([SECURITY, "https://cache.example/deb-proxy/\tDebian\t"], "https://cache.example/deb-proxy/"),
        (["mirror+file:/etc/apt/mirrors/debian-security.list", "mirror+file:/etc/apt/mirrors/debian.list"],
         "mirror+file:/etc/apt/mirrors/debian.list"),
        (["https://cache.example/deb-proxy/\tDebian\t", MAIN], "http://mirror.example/debian/"),
        (["http://mirror.example/backports/\tDebian\t"], None),
        ([SECURITY, OTHER], None),
        ([], None),
    ],
)  # fmt: skip
def test_mirror_is_the_main_archive_of_debian(lines: list[str], expected: str | None) -> None:
    assert apt.choose_mirror("\n".join(lines)) == expected


def test_packages_are_read_from_among_prose() -> None:
    output = (
        "Reading package lists...\n"
        "'http://m/debian/pool/n/libnss3_2%3a3.1-1_amd64.deb' libnss3_2%3a3.1-1_amd64.deb 1544752 SHA256:ab\n"
        "'http://m/debian/pool/b/bazel-bootstrap_7.7.1%2bds-8_amd64.deb' bazel-bootstrap_7.7.1+ds-8_amd64.deb 7 \n"
        "'http://m/debian/InRelease' m_InRelease 0\n"
    )
    packages = apt.parse_uris(output)
    assert [(p.name, p.version, p.size) for p in packages] == [
        ("libnss3", "2:3.1-1", 1544752),
        ("bazel-bootstrap", "7.7.1+ds-8", 7),
    ]


@pytest.mark.parametrize(
    ("output", "gone"),
    [
        ("E: Unable to locate package bazel-bootstrap", ("bazel-bootstrap",)),
        ("E: Package 'zlib1g-dev' has no installation candidate", ("zlib1g-dev",)),
        (" bazel-bootstrap : Depends: libgrpc29 (>= 1) but it is not installable", ("libgrpc29",)),
        ("E: Unable to locate package a\nE: Unable to locate package a", ("a",)),
        ("E: Failed to fetch http://m/x.deb  Connection refused", ()),
    ],
)
def test_missing_packages_are_named(output: str, gone: tuple[str, ...]) -> None:
    assert apt.missing_packages(output) == gone


def test_status_file_has_a_paragraph_for_each_package() -> None:
    paragraphs = apt.status_file(["python3", "perl"], "arm64").strip().split("\n\n")
    assert [p.splitlines()[0] for p in paragraphs] == ["Package: python3", "Package: perl"]
    for paragraph in paragraphs:
        assert "Status: install ok installed" in paragraph
        assert "Architecture: arm64" in paragraph


def test_status_file_of_nothing_is_empty() -> None:
    assert apt.status_file([], "amd64") == ""  # apt takes a blank line for a broken paragraph


def test_configuration_keeps_all_state_below_its_folder() -> None:
    text = apt.configuration(Path("/c/d"), root=False)
    for key in ("Dir::State", "Dir::State::Lists", "Dir::State::status", "Dir::Cache", "Dir::Cache::archives"):
        assert f'{key} "/c/d/' in text
    assert "#clear APT::Update::Post-Invoke;" in text
    assert "Sandbox" not in text
    assert 'APT::Sandbox::User "root";' in apt.configuration(Path("/c/d"), root=True)
