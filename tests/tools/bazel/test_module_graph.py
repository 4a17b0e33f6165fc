"""MODULE.bazel files, read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.bazel import module_graph
from tools.bazel.errors import ProvisionError


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MODULE.bazel").write_text(text)
    return folder


def test_calls_are_read_however_they_are_written() -> None:
    read = module_graph.parse(
        'module("mine", version = "1")\n'
        'bazel_dep(name = "a", version = "1.0")\n'
        'bazel_dep("b")\n'
        'bazel_dep(\n    version = "3",\n    name = "c",\n    dev_dependency = True,\n)\n'
        '# bazel_dep(name = "commented")\n'
        '[bazel_dep(name = "d") for _ in range(1)]\n'
        'local_path_override(module_name = "a", path = "../a")\n'
        'git_override(module_name = "b", remote = "r", commit = "c")\n'
        'x = use_extension("@a//:e.bzl", "x")\nx.bazel_dep(name = "method")\n'
        'include("//:more.MODULE.bazel")\n',
        "MODULE.bazel",
    )
    assert read.name == "mine"
    assert read.deps == ("a", "b", "d")
    assert read.dev_deps == ("c",)
    assert read.unversioned == ("b", "d")
    assert read.local_overrides == {"a": "../a"}
    assert read.other_overrides == {"b": "git_override"}
    assert read.includes == ("//:more.MODULE.bazel",)


def test_broken_file_is_reported_with_its_place() -> None:
    with pytest.raises(ProvisionError, match=r"^/w/MODULE\.bazel:2:\d+: "):
        module_graph.parse('module(name = "m")\nbazel_dep(name = \n', "/w/MODULE.bazel")


def test_closure_follows_dependencies_and_leaves_out_those_for_development(tmp_path: Path) -> None:
    root = write(tmp_path / "root", 'bazel_dep(name = "a")\nbazel_dep(name = "root_dev", dev_dependency = True)\n')
    known = {
        "a": write(tmp_path / "a", 'bazel_dep(name = "b")\nbazel_dep(name = "a_dev", dev_dependency = True)\n'),
        "b": write(tmp_path / "b", 'bazel_dep(name = "a")\n'),
        "root_dev": write(tmp_path / "root_dev", ""),
        "implicit": write(tmp_path / "implicit", ""),
        "unused": write(tmp_path / "unused", ""),
    }
    graph = module_graph.closure(root, ["implicit"], known.get)
    assert graph.modules == {name: known[name] for name in ("a", "root_dev", "implicit", "b")}
    assert graph.wanted_by["b"] == "module 'a'"
    assert set(graph.files) == {f / "MODULE.bazel" for f in (root, *graph.modules.values()) if f}


def test_module_that_nobody_has_is_kept_with_who_wants_it(tmp_path: Path) -> None:
    graph = module_graph.closure(write(tmp_path, 'bazel_dep(name = "gone")\n'), [], lambda _: None)
    assert graph.modules == {"gone": None}
    assert graph.wanted_by == {"gone": str(tmp_path / "MODULE.bazel")}


def test_local_override_wins_and_its_dependencies_count(tmp_path: Path) -> None:
    write(tmp_path / "mine", 'bazel_dep(name = "deep")\n')
    deep = write(tmp_path / "deep", "")
    root = write(
        tmp_path / "root",
        'bazel_dep(name = "a")\nlocal_path_override(module_name = "a", path = "../mine")\n'
        'bazel_dep(name = "g")\ngit_override(module_name = "g", remote = "r")\n',
    )
    graph = module_graph.closure(root, [], {"a": tmp_path / "other", "deep": deep}.get)
    assert graph.modules == {"a": tmp_path / "mine", "g": None, "deep": deep}
    assert graph.overridden == {"a", "g"}


def test_overrides_of_a_module_that_is_not_the_root_do_not_count(tmp_path: Path) -> None:
    below = write(tmp_path / "a", 'bazel_dep(name = "b")\nlocal_path_override(module_name = "b", path = "x")\n')
    root = write(tmp_path / "root", 'bazel_dep(name = "a")\n')
    graph = module_graph.closure(root, [], {"a": below, "b": tmp_path / "b"}.get)
    assert graph.modules["b"] == tmp_path / "b"
    assert graph.overridden == frozenset()


def test_module_may_name_itself_among_the_implicit_ones(tmp_path: Path) -> None:
    root = write(tmp_path, 'module(name = "platforms")\n')
    assert module_graph.closure(root, ["platforms"], lambda _: None).modules == {}


def test_included_segments_count(tmp_path: Path) -> None:
    root = write(tmp_path, 'include("//:one.MODULE.bazel")\n')
    (tmp_path / "one.MODULE.bazel").write_text('bazel_dep(name = "a")\ninclude("//sub:two.MODULE.bazel")\n')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/two.MODULE.bazel").write_text('local_path_override(module_name = "a", path = "a")\n')
    graph = module_graph.closure(root, [], lambda _: None)
    assert graph.modules == {"a": tmp_path / "a"}
    assert tmp_path / "sub/two.MODULE.bazel" in graph.files


def test_missing_segment_is_reported(tmp_path: Path) -> None:
    root = write(tmp_path, 'include("//:gone.MODULE.bazel")\n')
    with pytest.raises(ProvisionError, match=r"includes //:gone\.MODULE\.bazel, and there is no"):
        module_graph.closure(root, [], lambda _: None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('bazel_dep(name = "rules_sv")', True),
        ('bazel_dep(name = "rules_sv", version = "")', True),
        ('bazel_dep(name = "rules_sv", version = "1.0")', False),
        ('bazel_dep(name = "rules_sv")\nlocal_path_override(module_name = "rules_sv", path = "..")', False),
        ('bazel_dep(name = "other")', False),
    ],
)
def test_wish_for_any_version(tmp_path: Path, text: str, expected: bool) -> None:
    assert module_graph.wants_any_version(write(tmp_path, text), "rules_sv") is expected
