"""Names and small pieces that several rules share."""

visibility(["//rules/...", "//tests/..."])

VERILATOR_TOOLCHAIN = Label("//rules:verilator_toolchain_type")

GHDL_TOOLCHAIN = Label("//rules:ghdl_toolchain_type")

SV_EXTENSIONS = [".sv", ".v"]
HEADER_EXTENSIONS = [".svh", ".vh", ".sv", ".v", ".h", ".inc"]
VHDL_EXTENSIONS = [".vhd", ".vhdl"]

# Every tool of ours is Python: sets and dictionaries iterate alike everywhere. Its bytecode is an output of an action,
# which a worker, that runs where outputs are, must not add to.
TOOL_ENV = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}

# Programs that stay for the next action, as starting them takes longer than most of their work. `tool_args` gives
# them what they need: all arguments in one file.
WORKER = {
    "requires-worker-protocol": "json",
    "supports-workers": "1",
}

def tool_args(ctx):
    """An `Args` that travels as a params file, one argument a line, whatever its length.

    Args:
        ctx: the rule context.

    Returns:
        (Args)
    """
    args = ctx.actions.args()
    args.set_param_file_format("multiline")
    args.use_param_file("@%s", use_always = True)
    return args

def label_text(label):
    """A label as users write it: `//pkg:name` in the main repository.

    Args:
        label: (Label)

    Returns:
        (str)
    """
    text = str(label)
    return text[1:] if text.startswith("@//") else text[2:] if text.startswith("@@//") else text
