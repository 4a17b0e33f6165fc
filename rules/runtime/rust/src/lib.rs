//! What crates around Verilated models share: a model's life, its errors, its
//! ports' storage.
//!
//! A generated crate has one struct with a method for each port; this crate is
//! what those methods return and are made of. Programs use [`Status`],
//! [`SimError`], [`Builder`] and [`Trace`]; code for any model uses [`Model`].

#![allow(unexpected_cfgs)] // nothing but Cargo declares the feature `dynamic`

use std::ffi::{c_char, CStr};

#[doc(hidden)]
pub mod abi;
pub mod bits;
mod builder;
mod error;
mod instance;
#[cfg(feature = "dynamic")]
pub mod libloading;
#[cfg(feature = "dynamic")]
pub mod loader;
mod model;
mod port;
mod schedule;
#[doc(hidden)]
pub mod slot;
mod trace;

pub use builder::{Builder, RandomReset};
pub use error::{ErrorKind, RangeError, Report, SimError, Status};
pub use instance::{Instance, Snapshot};
pub use model::{Model, Value};
pub use port::{ClockInfo, Dimension, Direction, Edge, Kind, ModelInfo, PortInfo, ResetInfo};
pub use schedule::{Edges, Schedule};
pub use trace::{CoverageBuiltIn, FstBuiltIn, SaveBuiltIn, Trace, VcdBuiltIn};

/// How `run_until` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// The condition held after this many cycles.
    Condition(u64),
    /// `$finish` came in the cycle after this many.
    Finished(u64),
    /// The limit was reached.
    Limit(u64),
}

impl RunEnd {
    /// Completed cycles.
    #[must_use]
    pub const fn cycles(self) -> u64 {
        match self {
            RunEnd::Condition(cycles) | RunEnd::Finished(cycles) | RunEnd::Limit(cycles) => cycles,
        }
    }

    /// Whether the condition held.
    #[must_use]
    pub const fn met(self) -> bool {
        matches!(self, RunEnd::Condition(_))
    }
}

/// # Safety
/// `data` is null or ends with a zero byte.
unsafe fn text(data: *const c_char) -> String {
    if data.is_null() {
        return String::new();
    }
    // SAFETY: as above.
    unsafe { CStr::from_ptr(data) }.to_string_lossy().into_owned()
}
