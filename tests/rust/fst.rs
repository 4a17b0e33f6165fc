//! FST waveforms: complete after a normal end and after a panic.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use verilated_waves::Counter;

/// A file that is removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        File(std::env::temp_dir().join(format!("ffi_fst_{name}_{}.fst", std::process::id())))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The blocks of a file, each with its type, and the last time of its header; fails where it is cut short.
///
/// A block is a type of one byte, a length of eight that counts itself, and as much data. A header (type 0) begins
/// with the first and the last time.
fn blocks(path: &Path) -> (Vec<u8>, u64) {
    let data = std::fs::read(path).unwrap();
    let (mut at, mut kinds, mut end) = (0, Vec::new(), None);
    while at < data.len() {
        let length = number(&data[at + 1..at + 9]) as usize;
        assert!(length >= 8 && at + 1 + length <= data.len(), "cut short at {at} of {}", data.len());
        if data[at] == 0 {
            end = Some(number(&data[at + 17..at + 25]));
        }
        kinds.push(data[at]);
        at += 1 + length;
    }
    (kinds, end.expect("a header"))
}

fn check(path: &Path, last: u64) {
    let (kinds, end) = blocks(path);
    assert_eq!(kinds[0], 0, "the header comes first: {kinds:?}");
    assert!(kinds.iter().any(|kind| [1, 5, 8].contains(kind)), "value changes: {kinds:?}");
    assert!(kinds.contains(&3), "geometry: {kinds:?}");
    assert!(kinds.iter().any(|kind| [4, 6, 7].contains(kind)), "hierarchy: {kinds:?}");
    assert_eq!(end, last);
}

fn dut() -> Counter {
    let mut dut = Counter::new().unwrap();
    dut.set_rst_n(true);
    dut.set_enable(true);
    dut
}

#[test]
fn a_guard_ends_the_waveform() {
    let file = File::new("guard");
    let mut dut = dut();
    let trace = dut.trace_fst(&file.0).unwrap();
    dut.tick_n(5).unwrap();
    trace.close().unwrap();
    // The period is 10 units, the last falling edge at 50.
    check(&file.0, 50);
    assert_eq!(dut.count(), 5);
}

#[test]
fn a_waveform_survives_a_panic() {
    let file = File::new("panic");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut dut = dut();
        let _trace = dut.trace_fst(&file.0).unwrap();
        dut.tick_n(7).unwrap();
        assert_eq!(dut.count(), 0, "a test that fails in the middle of a waveform");
    }));
    assert!(panicked.is_err());
    check(&file.0, 70);
}
