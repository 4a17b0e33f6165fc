"""`riscv_program`: a bare-metal program for a 32-bit RISC-V core, as an image for $readmemh.

The compiler is the Clang inside the package `ziglang`, called by its own name and not
as `zig cc`: that needs one program and a few headers, no cache and no home folder.
"""

_TARGET = [
    "--target=riscv32-unknown-none-elf",
    "-march=rv32imc_zicsr",
    "-mabi=ilp32",
    # Addresses relative to the program counter: RAM lies above the reach of a plain `lui`.
    "-mcmodel=medany",
]

_COPTS = [
    "-std=c11",
    "-ffreestanding",
    "-nostdinc",
    "-O2",
    "-g",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-ident",
    # No folder of this machine goes into the debug information.
    "-ffile-compilation-dir=.",
    "-Wall",
    "-Wextra",
]

_LINKOPTS = [
    "-m",
    "elf32lriscv",
    "-nostdlib",
    "--gc-sections",
    "--build-id=none",
    "--fatal-warnings",
]

def _dirname(file):
    return file.dirname

def _emit_compile(ctx, source):
    out = ctx.actions.declare_file("_objs/{}/{}.o".format(ctx.label.name, source.basename))
    args = ctx.actions.args()
    args.add("clang")
    args.add_all(_TARGET)
    args.add_all(_COPTS)
    args.add_all(ctx.files._headers, map_each = _dirname, before_each = "-isystem", uniquify = True)
    args.add_all(ctx.attr.copts)
    args.add("-c", source)
    args.add("-o", out)
    ctx.actions.run(
        executable = ctx.executable._zig,
        arguments = [args],
        inputs = [source] + ctx.files.hdrs + ctx.files._headers,
        outputs = [out],
        env = {},
        mnemonic = "RiscvCompile",
        progress_message = "Compiling %{input} for RISC-V",
    )
    return out

def _emit_link(ctx, objects):
    out = ctx.actions.declare_file(ctx.label.name + ".elf")
    args = ctx.actions.args()
    args.add("ld.lld")
    args.add_all(_LINKOPTS)
    args.add("-T", ctx.file.linker_script)
    args.add("-o", out)
    args.add_all(objects)
    ctx.actions.run(
        executable = ctx.executable._zig,
        arguments = [args],
        inputs = objects + [ctx.file.linker_script],
        outputs = [out],
        env = {},
        mnemonic = "RiscvLink",
        progress_message = "Linking %{output}",
    )
    return out

def _emit_image(ctx, elf):
    out = ctx.actions.declare_file(ctx.label.name + ".hex")
    args = ctx.actions.args()
    args.set_param_file_format("multiline")
    args.use_param_file("@%s", use_always = True)
    args.add("--base", ctx.attr.ram_base)
    args.add("--size", ctx.attr.ram_bytes)
    args.add("--output", out)
    args.add(elf)
    ctx.actions.run(
        executable = ctx.attr._elf_to_hex[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = [elf],
        outputs = [out],
        env = {"PYTHONHASHSEED": "0"},
        mnemonic = "RiscvImage",
        progress_message = "Writing the memory image %{output}",
    )
    return out

def _riscv_program_impl(ctx):
    objects = [_emit_compile(ctx, source) for source in ctx.files.srcs]
    elf = _emit_link(ctx, objects)
    image = _emit_image(ctx, elf)
    return [
        DefaultInfo(files = depset([image]), runfiles = ctx.runfiles([image])),
        OutputGroupInfo(elf = depset([elf])),
    ]

riscv_program = rule(
    implementation = _riscv_program_impl,
    doc = "Makes NAME.hex, one 32-bit word a line; the output group `elf` holds NAME.elf.",
    attrs = {
        "srcs": attr.label_list(
            doc = "C and assembly.",
            allow_files = [".c", ".S"],
            mandatory = True,
        ),
        "hdrs": attr.label_list(
            doc = "Headers, included by a path relative to the file that includes them.",
            allow_files = [".h"],
        ),
        "linker_script": attr.label(
            doc = "Where the program's sections go, and its entry.",
            allow_single_file = [".ld"],
            mandatory = True,
        ),
        "copts": attr.string_list(doc = "More options for the compiler."),
        "ram_base": attr.string(
            doc = "Byte address of the RAM, which the image starts at.",
            default = "0x80000000",
        ),
        "ram_bytes": attr.int(
            doc = "Size of the RAM. A program that does not fit is refused.",
            default = 65536,
        ),
        "_elf_to_hex": attr.label(
            default = Label("//examples/soc/firmware:elf_to_hex"),
            cfg = "exec",
            executable = True,
        ),
        "_headers": attr.label(
            default = Label("//examples/soc/firmware:clang_headers"),
        ),
        "_zig": attr.label(
            default = Label("//examples/soc/firmware:ziglang/zig"),
            allow_single_file = True,
            cfg = "exec",
            executable = True,
        ),
    },
)
