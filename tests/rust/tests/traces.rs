//! Waveforms: complete after a normal end, a panic, a dead model.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use verilated_awkward::Awkward;
use verilated_events::runtime::ErrorKind;
use verilated_events::Events;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("ffi_traces_{name}_{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The last time that a variable of a VCD changes, and its value.
fn last_change(path: &std::path::Path, name: &str) -> (u64, u64) {
    *changes(path, name).last().unwrap_or_else(|| panic!("{name} never changes"))
}

/// The times and values of a variable of a VCD; fails where the file is cut short.
fn changes(path: &std::path::Path, name: &str) -> Vec<(u64, u64)> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'), "cut short");
    let (head, body) = text.split_once("$enddefinitions $end\n").expect("the definitions end");
    let code = head
        .lines()
        .find_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            (words.first() == Some(&"$var") && words.get(4) == Some(&name)).then(|| words[3].to_owned())
        })
        .unwrap_or_else(|| panic!("{name} in {head}"));
    let (mut time, mut found_at) = (0, Vec::new());
    for line in body.lines() {
        if let Some(at) = line.strip_prefix('#') {
            time = at.parse().unwrap();
        } else if let Some((bits, found)) = line.strip_prefix('b').and_then(|rest| rest.split_once(' ')) {
            if found == code {
                found_at.push((time, u64::from_str_radix(bits, 2).unwrap()));
            }
        }
    }
    found_at
}

fn dut() -> Events {
    Events::builder().output(|_| ()).build().unwrap()
}

#[test]
fn a_guard_ends_the_waveform() {
    let folder = Folder::new("guard");
    let mut dut = dut();
    let trace = dut.trace_vcd(folder.file("a.vcd")).unwrap();
    dut.tick_n(5).unwrap();
    trace.close().unwrap();
    dut.tick_n(5).unwrap();
    // The default period is 10 units; the fifth rising edge is at 45.
    assert_eq!(last_change(&folder.file("a.vcd"), "count"), (45, 5));
    let trace = dut.trace_vcd(folder.file("b.vcd")).unwrap();
    dut.tick().unwrap();
    drop(trace);
    assert_eq!(last_change(&folder.file("b.vcd"), "count").1, 11);
}

#[test]
fn a_waveform_survives_a_panic() {
    let folder = Folder::new("panic");
    let path = folder.file("a.vcd");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let mut dut = dut();
        let _trace = dut.trace_vcd(&path).unwrap();
        dut.tick_n(7).unwrap();
        assert_eq!(dut.count(), 0, "a test that fails in the middle of a waveform");
    }));
    assert!(panicked.is_err());
    assert_eq!(last_change(&path, "count"), (65, 7));
}

#[test]
fn a_waveform_survives_its_model() {
    let folder = Folder::new("model");
    let path = folder.file("a.vcd");
    let mut dut = dut();
    let trace = dut.trace_vcd(&path).unwrap();
    dut.tick_n(3).unwrap();
    drop(dut);
    assert_eq!(last_change(&path, "count"), (25, 3));
    trace.flush().unwrap();
    trace.close().unwrap();
}

#[test]
fn a_waveform_shows_the_end_of_a_dead_model() {
    let folder = Folder::new("dead");
    let path = folder.file("a.vcd");
    let mut dut = Events::builder().output(|_| ()).trace_vcd(&path).build().unwrap();
    dut.tick_n(2).unwrap();
    dut.set_loop(true);
    assert_eq!(dut.eval().expect_err("it never settles").kind(), ErrorKind::NotConverged);
    drop(dut);
    assert_eq!(last_change(&path, "count"), (15, 2));

    let path = folder.file("b.vcd");
    let mut dut = Events::builder().output(|_| ()).trace_vcd(&path).build().unwrap();
    dut.tick_n(2).unwrap();
    dut.set_command(1);
    assert_eq!(dut.tick().expect_err("$fatal").kind(), ErrorKind::Fatal);
    drop(dut);
    assert_eq!(last_change(&path, "count"), (25, 3));
    assert_eq!(last_change(&path, "command"), (20, 1), "when it was set, not at the edge that follows");
}

#[test]
fn a_waveform_is_readable_when_flushed() {
    let folder = Folder::new("flush");
    let path = folder.file("a.vcd");
    let mut dut = dut();
    let trace = dut.trace_vcd(&path).unwrap();
    dut.tick_n(4).unwrap();
    trace.flush().unwrap();
    assert_eq!(last_change(&path, "count").1, 4);
    drop(trace);
}

#[test]
fn waveforms_that_cannot_be_written() {
    let folder = Folder::new("bad");
    let mut dut = dut();
    let error = dut.trace_vcd(folder.file("no/such/folder.vcd")).err().expect("no folder");
    assert_eq!(error.kind(), ErrorKind::Trace);
    assert!(error.message().contains("no/such/folder.vcd"), "{error}");
    let trace = dut.trace_vcd(folder.file("a.vcd")).unwrap();
    let error = dut.trace_vcd(folder.file("b.vcd")).err().expect("one at a time");
    assert_eq!(error.kind(), ErrorKind::Trace);
    drop(trace);
    dut.tick().unwrap();
}

#[test]
fn a_waveform_has_the_last_state_of_each_time() {
    let folder = Folder::new("last");
    let said = Arc::new(Mutex::new(String::new()));
    let output = Arc::clone(&said);
    let mut dut = Awkward::builder().output(move |text| output.lock().unwrap().push_str(text)).build().unwrap();
    let trace = dut.trace_vcd(folder.file("a.vcd")).unwrap();
    for values in [[1, 2, 3], [4, 5, 6], [7, 8, 9]] {
        for value in values {
            dut.set_value(value);
            dut.eval().unwrap();
        }
        dut.tick().unwrap();
    }
    drop(trace);
    assert_eq!(changes(&folder.file("a.vcd"), "value"), [(0, 3), (10, 6), (20, 9)]);
    assert_eq!(changes(&folder.file("a.vcd"), "seen"), [(0, 3), (10, 6), (20, 9)]);
    assert_eq!(*said.lock().unwrap(), "", "Verilator complains of a second state at a time");
}

#[test]
fn two_models_write_two_waveforms() {
    let folder = Folder::new("two");
    let mut first = dut();
    let mut second = Awkward::new().unwrap();
    let one = first.trace_vcd(folder.file("a.vcd")).unwrap();
    let two = second.trace_vcd(folder.file("b.vcd")).unwrap();
    for value in 0..10 {
        first.tick().unwrap();
        second.set_value(value);
        second.tick().unwrap();
    }
    drop((one, two));
    assert_eq!(last_change(&folder.file("a.vcd"), "count").1, 10);
    assert_eq!(last_change(&folder.file("b.vcd"), "value").1, 9);
}
