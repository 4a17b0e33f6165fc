//! Waveforms that are closed whatever happens.

use std::rc::{Rc, Weak};

use crate::error::SimError;
use crate::instance::Core;

/// A waveform being written; dropping it closes the file, in a panic too.
///
/// The model does not borrow it: keep it in a variable for as long as the
/// waveform should go on. A model that ends first closes its waveform itself.
#[must_use = "dropping the guard ends the waveform"]
pub struct Trace {
    core: Weak<Core>,
}

impl Trace {
    pub(crate) fn new(core: &Rc<Core>) -> Trace {
        Trace { core: Rc::downgrade(core) }
    }

    /// Leaves the waveform to its model, which closes it at its end.
    pub(crate) fn detach(mut self) {
        self.core = Weak::new();
    }

    /// Writes what is buffered, so that the file can be looked at.
    ///
    /// # Errors
    /// The file could not be written.
    pub fn flush(&self) -> Result<(), SimError> {
        self.core.upgrade().map_or(Ok(()), |core| core.trace_flush())
    }

    /// Closes the file.
    ///
    /// # Errors
    /// The file could not be written.
    pub fn close(mut self) -> Result<(), SimError> {
        std::mem::take(&mut self.core).upgrade().map_or(Ok(()), |core| core.trace_close())
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(core) = self.core.upgrade() {
            // The model may be dead; its next call says why.
            let _ = core.trace_close();
        }
    }
}

/// Implemented by models that were built with `trace = "vcd"`.
///
/// The parameter keeps the bound open until the method is called, so that a
/// crate without waveforms compiles and a call to it explains itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't write VCD waveforms",
    label = "this crate was built without them",
    note = "build the crate with `trace = \"vcd\"`"
)]
pub trait VcdBuiltIn<P: ?Sized> {}

/// Implemented by models that were built with `trace = "fst"`; see [`VcdBuiltIn`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't write FST waveforms",
    label = "this crate was built without them",
    note = "build the crate with `trace = \"fst\"`"
)]
pub trait FstBuiltIn<P: ?Sized> {}

/// Implemented by models that were built with `coverage = True`; see [`VcdBuiltIn`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` gathers no coverage",
    label = "this crate was built without it",
    note = "build the crate with `coverage = True`"
)]
pub trait CoverageBuiltIn<P: ?Sized> {}

/// Implemented by models that were built with `savable = True`; see [`VcdBuiltIn`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be saved",
    label = "this crate was built without snapshots",
    note = "build the crate with `savable = True`"
)]
pub trait SaveBuiltIn<P: ?Sized> {}
