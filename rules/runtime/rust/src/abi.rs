//! The C side's view: mirrors `cxx/verilated_ffi.h` field by field.
//!
//! Generated crates name these types; nothing else should.

use std::ffi::{c_char, c_void};

/// Version of the table's layout.
pub const ABI_VERSION: u32 = 1;

/// `VffiStatus`: what a call found.
pub mod status {
    #![allow(missing_docs)]
    pub const RUNNING: u32 = 0;
    pub const FINISHED: u32 = 1;
    pub const REPORT: u32 = 2;
    pub const DEAD: u32 = 3;
    pub const PANIC: u32 = 4;
}

/// `VffiFeature`: what a model was built with.
pub mod feature {
    #![allow(missing_docs)]
    pub const TRACE_VCD: u32 = 1 << 0;
    pub const TRACE_FST: u32 = 1 << 1;
    pub const COVERAGE: u32 = 1 << 2;
    pub const SAVABLE: u32 = 1 << 3;
    pub const TIMING: u32 = 1 << 4;
}

/// A model on the C++ side.
#[repr(C)]
pub struct Instance {
    _opaque: [u8; 0],
}

/// `VffiReport`.
#[repr(C)]
pub struct RawReport {
    pub(crate) kind: u32,
    pub(crate) line: u32,
    pub(crate) file: *const c_char,
    pub(crate) scope: *const c_char,
    pub(crate) message: *const c_char,
}

impl RawReport {
    pub(crate) const EMPTY: RawReport = RawReport {
        kind: 0,
        line: 0,
        file: std::ptr::null(),
        scope: std::ptr::null(),
        message: std::ptr::null(),
    };
}

pub(crate) type Print = unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> u8;

/// `VffiConfig`.
#[repr(C)]
pub struct Config {
    pub(crate) args: *const *const c_char,
    pub(crate) args_size: usize,
    pub(crate) scope: *const c_char,
    pub(crate) coverage: *const c_char,
    pub(crate) print: Option<Print>,
    pub(crate) print_user: *mut c_void,
    pub(crate) half_period: u64,
    pub(crate) seed: i64,
    pub(crate) random_reset: i32,
    pub(crate) error_limit: i32,
    pub(crate) time_precision: i32,
    pub(crate) assertions: u8,
}

/// `VffiApi`: every call into a model, static or loaded.
#[repr(C)]
pub struct Api {
    pub(crate) abi_version: u32,
    pub(crate) size: u32,
    pub(crate) interface: u64,
    pub(crate) features: u32,
    pub(crate) slots: u32,
    pub(crate) string_size: u32,
    pub(crate) crate_name: *const c_char,
    pub(crate) verilator: *const c_char,
    pub(crate) create: unsafe extern "C" fn(*const Config, *mut RawReport) -> *mut Instance,
    pub(crate) destroy: unsafe extern "C" fn(*mut Instance),
    pub(crate) ports: unsafe extern "C" fn(*mut Instance, *mut *mut c_void),
    pub(crate) eval: unsafe extern "C" fn(*mut Instance) -> u32,
    pub(crate) tick_once: unsafe extern "C" fn(*mut Instance) -> u32,
    pub(crate) tick: unsafe extern "C" fn(*mut Instance, u64, u64, *mut u64) -> u32,
    pub(crate) advance: unsafe extern "C" fn(*mut Instance, u64) -> u32,
    pub(crate) finish: unsafe extern "C" fn(*mut Instance) -> u32,
    pub(crate) time: unsafe extern "C" fn(*const Instance) -> u64,
    pub(crate) time_precision: unsafe extern "C" fn(*const Instance) -> i32,
    pub(crate) set_half_period: unsafe extern "C" fn(*mut Instance, u64),
    pub(crate) next_event: unsafe extern "C" fn(*mut Instance, *mut u64) -> u8,
    pub(crate) error_count: unsafe extern "C" fn(*const Instance) -> i32,
    pub(crate) reports: unsafe extern "C" fn(*const Instance) -> usize,
    pub(crate) report: unsafe extern "C" fn(*const Instance, usize, *mut RawReport),
    pub(crate) clear_reports: unsafe extern "C" fn(*mut Instance),
    pub(crate) finished_at: unsafe extern "C" fn(*const Instance, *mut RawReport),
    pub(crate) trace_open: unsafe extern "C" fn(*mut Instance, *const c_char, i32) -> u32,
    pub(crate) trace_flush: unsafe extern "C" fn(*mut Instance) -> u32,
    pub(crate) trace_close: unsafe extern "C" fn(*mut Instance) -> u32,
    pub(crate) write_coverage: unsafe extern "C" fn(*mut Instance, *const c_char) -> u32,
    pub(crate) save: unsafe extern "C" fn(*mut Instance, *mut *const u8, *mut usize) -> u32,
    pub(crate) restore: unsafe extern "C" fn(*mut Instance, *const u8, usize) -> u32,
    pub(crate) string_get: unsafe extern "C" fn(*const c_void, *mut usize) -> *const c_char,
    pub(crate) string_set: unsafe extern "C" fn(*mut c_void, *const c_char, usize),
}
