//! Shared libraries at run time: the part of the crate `libloading`'s interface
//! that programs around models use, on the system's own loader. A crate from a
//! registry would make every build of an exported crate need that registry.

use std::ffi::{c_char, c_int, c_void, CString, OsStr};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::os::unix::ffi::OsStrExt;

// Of every POSIX system; Rust's own library links what defines them.
extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlclose(handle: *mut c_void) -> c_int;
    fn dlerror() -> *const c_char;
}

/// Every symbol is resolved at once, so that a library that lacks one fails here and not in a call.
const RTLD_NOW: c_int = 2;
/// Its symbols are seen by nobody else.
const RTLD_LOCAL: c_int = if cfg!(target_vendor = "apple") { 4 } else { 0 };

/// Why a library can't be loaded, or has no such symbol: the system's own words.
#[derive(Debug)]
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// The loader's last error on this thread.
fn last_error() -> Error {
    // SAFETY: the text lives until the next call of the loader on this thread.
    let text = unsafe { crate::text(dlerror()) };
    Error(if text.is_empty() { "the system's loader gives no reason".into() } else { text })
}

fn c_text(bytes: &[u8]) -> Result<CString, Error> {
    CString::new(bytes).map_err(|_| Error(format!("{} holds a zero byte", String::from_utf8_lossy(bytes))))
}

/// A loaded library; dropping it unloads it.
#[derive(Debug)]
pub struct Library {
    handle: *mut c_void,
}

// SAFETY: the loader serves every thread, and a handle is a name for the library.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// Loads a library. A name without a slash is looked for where the system looks.
    ///
    /// # Errors
    /// There is no such library, or it can't be loaded.
    ///
    /// # Safety
    /// The library's constructors run, and its destructors when it is dropped.
    pub unsafe fn new(file: impl AsRef<OsStr>) -> Result<Library, Error> {
        let file = c_text(file.as_ref().as_bytes())?;
        // SAFETY: a text that ends with zero; the caller answers for constructors.
        let handle = unsafe { dlopen(file.as_ptr(), RTLD_NOW | RTLD_LOCAL) };
        if handle.is_null() {
            return Err(last_error());
        }
        Ok(Library { handle })
    }

    /// A function's or variable's address; `symbol` may end with a zero byte.
    ///
    /// # Errors
    /// The library has no such symbol.
    ///
    /// # Panics
    /// `T` is no pointer.
    ///
    /// # Safety
    /// `T` is the symbol's type: a function pointer, or a pointer to the variable.
    pub unsafe fn get<T>(&self, symbol: &[u8]) -> Result<Symbol<'_, T>, Error> {
        assert_eq!(std::mem::size_of::<T>(), std::mem::size_of::<*mut c_void>(), "a symbol's type is a pointer");
        let name = c_text(symbol.strip_suffix(b"\0").unwrap_or(symbol))?;
        // SAFETY: an open handle, and a text that ends with zero.
        let address = unsafe { dlsym(self.handle, name.as_ptr()) };
        if address.is_null() {
            return Err(last_error());
        }
        Ok(Symbol { address, library: PhantomData })
    }

    /// Unloads the library.
    ///
    /// # Errors
    /// The loader refuses.
    pub fn close(self) -> Result<(), Error> {
        let handle = self.handle;
        std::mem::forget(self);
        // SAFETY: an open handle, which nobody has any more.
        let failed = unsafe { dlclose(handle) } != 0;
        if failed {
            return Err(last_error());
        }
        Ok(())
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: an open handle; symbols borrow the library, so none is left.
        unsafe { dlclose(self.handle) };
    }
}

/// A symbol of a library, which it borrows.
pub struct Symbol<'library, T> {
    address: *mut c_void,
    library: PhantomData<(&'library Library, T)>,
}

impl<T> Deref for Symbol<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `T` has a pointer's size, and the caller of `get` said that it is the symbol's type.
        unsafe { &*std::ptr::from_ref(&self.address).cast::<T>() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The program itself and the libraries that it was linked with.
    fn own() -> Library {
        // SAFETY: it is loaded already.
        let handle = unsafe { dlopen(std::ptr::null(), RTLD_NOW) };
        assert!(!handle.is_null());
        Library { handle }
    }

    #[test]
    fn symbols_are_found_by_name() {
        let library = own();
        // SAFETY: C's `abs`.
        let abs = unsafe { library.get::<extern "C" fn(c_int) -> c_int>(b"abs\0") }.expect("the C library has it");
        assert_eq!(abs(-7), 7);
    }

    #[test]
    fn a_symbol_that_is_missing_is_named() {
        let library = own();
        // SAFETY: nothing is called.
        let error = unsafe { library.get::<extern "C" fn()>(b"no_such_symbol") }.err().expect("there is none");
        assert!(error.to_string().contains("no_such_symbol"), "{error}");
        library.close().expect("it was open");
    }

    #[test]
    fn a_library_that_is_missing_is_named() {
        // SAFETY: there is none.
        let error = unsafe { Library::new("./no_such_library.so") }.expect_err("there is none");
        assert!(error.to_string().contains("no_such_library.so"), "{error}");
        // SAFETY: likewise.
        let error = unsafe { Library::new("a\0b") }.expect_err("no file can be called so");
        assert!(error.to_string().contains("zero byte"), "{error}");
    }
}
