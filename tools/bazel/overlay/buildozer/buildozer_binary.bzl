"""`bazel mod tidy` is the only user of buildozer; there is none here."""

def _empty_repo_impl(ctx):
    ctx.file("BUILD.bazel")

_empty_repo = repository_rule(implementation = _empty_repo_impl)

def _buildozer_binary_impl(_ctx):
    _empty_repo(name = "buildozer_binary")

buildozer_binary = module_extension(implementation = _buildozer_binary_impl)
