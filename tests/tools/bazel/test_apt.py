"""What apt prints, read."""

from __future__ import annotations

from tools.bazel import apt


def test_mirror_is_the_main_archive_not_the_security_one() -> None:
    lines = "http://m/debian-security/\tDebian\t\nhttp://other/repo/\tOther\t\nhttp://m/debian/\tDebian\t/k.gpg"
    assert apt.choose_mirror(lines) == "http://m/debian/"
