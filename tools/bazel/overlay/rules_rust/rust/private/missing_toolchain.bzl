"""The Rust toolchain of a machine without Rust: an error for targets that need it, and for no others."""

def _missing_rust_toolchain_impl(ctx):
    fail(("no Rust compiler: {}. Install Rust 1.82 or newer, rustc and rustdoc (apt-get install rustc; on " +
          "Debian 12 rustc-web), or register a Rust toolchain with register_toolchains in MODULE.bazel").format(ctx.attr.reason))

missing_rust_toolchain = rule(
    implementation = _missing_rust_toolchain_impl,
    attrs = {"reason": attr.string(mandatory = True)},
)
