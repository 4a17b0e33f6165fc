"""The bazelrc files, written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.bazel import bazelrc
from tools.bazel.errors import ProvisionError
from tools.bazel.module_graph import Graph
from tools.bazel.relocate import Layout

LAYOUT = Layout(Path("/c/bazel"), "x86_64-linux-gnu")


def graph(modules: dict[str, Path | None], overridden: frozenset[str] = frozenset()) -> Graph:
    return Graph(modules, dict.fromkeys(modules, "/w/MODULE.bazel"), (), overridden)


def test_every_module_of_the_graph_is_overridden_once_and_no_other() -> None:
    lines = bazelrc.render(LAYOUT, graph({"b": Path("/m/b"), "a": Path("/m/a")})).splitlines()
    overrides = [line for line in lines if "--override_module" in line]
    assert overrides == ["common --override_module=a=/m/a", "common --override_module=b=/m/b"]


def test_the_installation_is_named_in_startup_options_so_that_no_second_server_starts() -> None:
    lines = bazelrc.render(LAYOUT, graph({})).splitlines()
    assert "startup --install_base=/c/bazel/usr/share/bazel" in lines
    assert "startup --server_javabase=/c/bazel/usr/lib/jvm/default-java" in lines


def test_tests_with_outputs_pass_on_a_machine_without_zip() -> None:
    assert "test --nozip_undeclared_test_outputs" in bazelrc.render(LAYOUT, graph({})).splitlines()


def test_ghdl_is_named_where_there_is_one() -> None:
    text = bazelrc.render(LAYOUT, graph({}), Path("/c/gh dl/usr/bin/ghdl-mcode"))
    assert 'common "--repo_env=RULES_SV_GHDL=/c/gh dl/usr/bin/ghdl-mcode"\n' in text
    assert "GHDL" not in bazelrc.render(LAYOUT, graph({}))


def test_bazel_looks_for_a_compiler_only_where_there_is_one() -> None:
    line = "common --repo_env=BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN=1"
    assert line in bazelrc.render(LAYOUT, graph({}), compiler=False).splitlines()
    assert "CPP_TOOLCHAIN" not in bazelrc.render(LAYOUT, graph({}), compiler=True)


def test_overrides_of_the_workspace_itself_are_left_to_it() -> None:
    text = bazelrc.render(LAYOUT, graph({"a": Path("/w/a"), "g": None}, frozenset({"a", "g"})))
    assert "override_module" not in text


def test_all_unknown_modules_are_named_with_who_wants_them() -> None:
    with pytest.raises(ProvisionError) as caught:
        bazelrc.render(LAYOUT, graph({"rules_go": None, "known": Path("/k"), "gazelle": None}))
    assert "'rules_go'" in caught.value.message
    assert "'gazelle'" in caught.value.message
    assert "'known'" not in caught.value.message
    assert caught.value.message.count("/w/MODULE.bazel depends on") == 2
    assert "local_path_override" in caught.value.fix


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("--a=/plain", "--a=/plain"),
        ("--a=/with space", '"--a=/with space"'),
        ('--a=/with"quote', '"--a=/with\\"quote"'),
        ("--a=/with#hash", '"--a=/with#hash"'),
        ("--a=/with\\back", '"--a=/with\\\\back"'),
    ],
)
def test_options_stay_one_word(option: str, word: str) -> None:
    assert bazelrc.quote(option) == word


def test_system_settings_override_rules_sv_only_where_asked() -> None:
    assert "common --override_module=rules_sv=/h\n" in bazelrc.render_system(Path("/h"))
    assert "override" not in bazelrc.render_system(None)
