"""The Rust toolchain of a machine without Rust: an error for targets that need it, and for no others."""

def _missing_rust_toolchain_impl(_ctx):
    fail("\n".join([
        "there is no rustc on PATH, and no Rust toolchain can be downloaded here.",
        "Install Rust (rustc and rustdoc), then run: bazelw fetch --configure --force",
    ]))

missing_rust_toolchain = rule(
    implementation = _missing_rust_toolchain_impl,
)
