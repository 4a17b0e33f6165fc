//! Links the C++ half of the runtime where it is shipped beside this crate.
//!
//! `native/link.txt` has one `KIND=NAME` a line, as `cargo:rustc-link-lib`
//! takes it. Without the folder nothing is linked: the pure Rust part still
//! builds, and models come from shared libraries.

use std::{env, fs, path::PathBuf};

fn main() {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let native = PathBuf::from(manifest).join("native");
    println!("cargo:rerun-if-changed=native");
    let Ok(libraries) = fs::read_to_string(native.join("link.txt")) else {
        return;
    };
    println!("cargo:rustc-link-search=native={}", native.display());
    for library in libraries.lines().filter(|line| !line.is_empty()) {
        println!("cargo:rustc-link-lib={library}");
    }
}
