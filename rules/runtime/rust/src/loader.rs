//! Finding and loading a model's shared library.

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use crate::abi::Api;
use crate::error::{ErrorKind, SimError};
use crate::libloading;

/// Folders to look in first, separated as in `PATH`.
pub const SEARCH_PATH_VARIABLE: &str = "VERILATED_LIBRARY_PATH";

/// What a generated crate knows of its library.
pub struct Library {
    /// The crate.
    pub crate_name: &'static str,
    /// The file's name, from the crate's `.verilator-lib-path`.
    pub file: &'static str,
    /// From the folder of the program that Cargo builds to the crate's folder.
    pub crate_dir: &'static str,
    /// The exported function.
    pub symbol: &'static str,
}

fn loaded() -> &'static Mutex<HashMap<OsString, &'static libloading::Library>> {
    static LOADED: OnceLock<Mutex<HashMap<OsString, &'static libloading::Library>>> = OnceLock::new();
    LOADED.get_or_init(Mutex::default)
}

/// Places to look, best first. Programs may lie in the profile's folder, or in
/// `deps` or `examples` below it.
fn candidates(library: &Library, program: Option<&Path>, search: Option<OsString>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    if let Some(search) = search {
        found.extend(env::split_paths(&search).map(|folder| folder.join(library.file)));
    }
    if let Some(folder) = program.and_then(Path::parent) {
        found.push(folder.join(library.file));
        for base in folder.ancestors().take(2) {
            found.push(base.join(library.crate_dir).join(library.file));
        }
    }
    found
}

/// The table of a crate's library.
///
/// # Errors
/// No place has it, or it is no library of that crate; the message lists the places.
pub fn load(library: &Library, path: Option<&Path>) -> Result<&'static Api, SimError> {
    let places = match path {
        Some(path) => vec![path.to_owned()],
        None => {
            let program = env::current_exe().ok();
            candidates(library, program.as_deref(), env::var_os(SEARCH_PATH_VARIABLE))
        }
    };
    // The system's own search comes last; it knows rpath and LD_LIBRARY_PATH.
    let file = places.iter().find(|place| place.is_file()).cloned();
    let file = file.unwrap_or_else(|| path.map_or_else(|| PathBuf::from(library.file), Path::to_owned));
    let fail = |why: String| {
        let tried: Vec<String> = places.iter().map(|place| format!("\n    {}", place.display())).collect();
        let message = format!(
            "{}: {why}; looked for\n    {}{}\nset {SEARCH_PATH_VARIABLE}, or name the file with `library`",
            library.crate_name,
            library.file,
            tried.concat()
        );
        SimError::new(ErrorKind::Load, message)
    };
    let mut loaded = loaded().lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let handle = match loaded.get(file.as_os_str()) {
        Some(handle) => handle,
        None => {
            // SAFETY: a model's library runs the constructors of the Verilator runtime, no others.
            let handle = unsafe { libloading::Library::new(&file) }.map_err(|error| fail(error.to_string()))?;
            // Models hold `'static` tables, so a library stays for good.
            let handle: &'static libloading::Library = Box::leak(Box::new(handle));
            loaded.insert(file.into_os_string(), handle);
            handle
        }
    };
    // SAFETY: every generated library exports the function with this type; the builder checks the
    // table's version before anything else is used.
    unsafe {
        let table = handle
            .get::<unsafe extern "C" fn() -> *const Api>(library.symbol.as_bytes())
            .map_err(|error| fail(error.to_string()))?;
        table().as_ref().ok_or_else(|| fail("it has no table".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBRARY: Library =
        Library { crate_name: "c", file: "libc_ffi.so", crate_dir: "../../crates/c", symbol: "c_ffi_api" };

    #[test]
    fn places_are_relative_to_the_program() {
        let found = candidates(&LIBRARY, Some(Path::new("/t/debug/deps/p")), None);
        let wanted = ["/t/debug/deps/libc_ffi.so", "/t/debug/deps/../../crates/c/libc_ffi.so"];
        assert_eq!(found[..2], wanted.map(PathBuf::from));
        assert_eq!(found[2], PathBuf::from("/t/debug/../../crates/c/libc_ffi.so"));
    }

    #[test]
    fn the_variable_comes_first() {
        let found = candidates(&LIBRARY, None, Some("/a:/b".into()));
        assert_eq!(found, ["/a/libc_ffi.so", "/b/libc_ffi.so"].map(PathBuf::from));
    }

    #[test]
    fn a_missing_library_says_where_it_looked() {
        let error = load(&LIBRARY, None).err().expect("there is none");
        assert_eq!(error.kind(), ErrorKind::Load);
        assert!(error.message().contains("crates/c/libc_ffi.so"), "{error}");
        assert!(error.message().contains(SEARCH_PATH_VARIABLE), "{error}");
    }
}
