//! What ends a simulation, or reports: the process lives, the error says where.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

use verilated_adder::Adder;
use verilated_events::runtime::{ErrorKind, SimError, Status};
use verilated_events::Events;

const SOURCE: &str = include_str!("../rtl/events.sv");

/// The line, from 1, of the only place where the source has `text`.
fn line_of(text: &str) -> u32 {
    let lines: Vec<usize> =
        SOURCE.lines().enumerate().filter(|(_, line)| line.contains(text)).map(|(index, _)| index + 1).collect();
    assert_eq!(lines.len(), 1, "{text} is on lines {lines:?}");
    lines[0] as u32
}

fn dut() -> Events {
    Events::builder().output(|_| ()).build().expect("the model can be made")
}

fn run(dut: &mut Events, command: u8) -> Result<Status, SimError> {
    dut.set_command(command);
    let outcome = dut.tick();
    dut.set_command(0);
    outcome
}

fn check(error: &SimError, kind: ErrorKind, line: u32, scope: &str, message: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.file().ends_with("events.sv"), "{error}");
    assert_eq!(error.line(), line, "{error}");
    assert_eq!((error.scope(), error.message()), (scope, message), "{error}");
}

const INNER: &str = "events.inner";

#[test]
fn fatal_ends_the_model_and_nothing_else() {
    let mut dut = dut();
    let error = run(&mut dut, 1).expect_err("$fatal");
    check(&error, ErrorKind::Fatal, line_of("fatal with"), INNER, "fatal with 1");
    assert!(!error.can_go_on());
    // The same error again, and nothing is evaluated any more.
    let count = dut.count();
    assert_eq!(dut.tick().expect_err("dead"), error);
    assert_eq!(dut.eval().expect_err("dead"), error);
    assert_eq!(dut.count(), count);

    let mut dut = self::dut();
    let error = run(&mut dut, 8).expect_err("$fatal without a text");
    check(&error, ErrorKind::Fatal, line_of("$fatal;"), INNER, "");
}

#[test]
fn errors_stops_and_assertions_let_the_model_go_on() {
    let mut dut = dut();
    for (command, kind, text, message) in [
        (2, ErrorKind::Error, "error with", "error with 2"),
        (3, ErrorKind::Stop, "$stop", ""),
        (5, ErrorKind::Assertion, "assert (command == 6)", "'assert' failed."),
    ] {
        let count = dut.count();
        let error = run(&mut dut, command).expect_err("it reports");
        let scope = if kind == ErrorKind::Stop { "" } else { INNER };
        check(&error, kind, line_of(text), scope, message);
        assert!(error.can_go_on());
        // The cycle was completed, and the next one is one.
        assert_eq!(dut.count(), count + 1);
        assert_eq!(dut.tick().unwrap(), Status::Running);
        assert_eq!(dut.count(), count + 2);
    }
    assert_eq!(dut.error_count(), 3);
}

#[test]
fn a_concurrent_assertion_names_itself() {
    let mut dut = dut();
    let error = run(&mut dut, 9).expect_err("it fails");
    check(&error, ErrorKind::Error, line_of("else $error"), "events.inner.check_nine", "property: command is 9");
}

#[test]
fn all_reports_of_a_call_are_kept() {
    let mut dut = dut();
    let error = run(&mut dut, 10).expect_err("two errors");
    let messages: Vec<&str> = error.reports().iter().map(|report| report.message.as_str()).collect();
    assert_eq!(messages, ["first of two", "second of two"]);
    assert!(error.to_string().contains("events.sv"), "{error}");
}

#[test]
fn finish_is_a_status_and_per_model() {
    let mut dut = dut();
    let mut other = self::dut();
    assert_eq!(run(&mut dut, 4).unwrap(), Status::Finished);
    let (file, line) = dut.finished_at().expect("it finished");
    assert!(file.ends_with("events.sv"));
    assert_eq!(line, line_of("4: $finish"));
    assert_eq!(dut.tick().unwrap(), Status::Finished);
    assert_eq!(run(&mut other, 0).unwrap(), Status::Running);
    assert_eq!(other.finished_at(), None);
}

#[test]
fn an_error_before_the_finish_is_reported_first() {
    let mut dut = dut();
    let error = run(&mut dut, 11).expect_err("the error");
    assert_eq!(error.message(), "before the end");
    assert_eq!(dut.tick().unwrap(), Status::Finished);
}

#[test]
fn a_loop_that_does_not_settle_kills_the_model_only() {
    let mut dut = dut();
    dut.tick().unwrap();
    dut.set_loop(true);
    let error = dut.eval().expect_err("it never settles");
    assert_eq!(error.kind(), ErrorKind::NotConverged, "{error}");
    assert!(error.message().contains("did not converge"), "{error}");
    assert!(error.file().ends_with("events.sv") && error.line() > 0, "{error}");
    assert_eq!(dut.eval().expect_err("dead"), error);
    drop(dut);
    // The thread and the runtime are as good as new.
    let mut adder = Adder::new().unwrap();
    adder.set_a(200);
    adder.set_b(100);
    adder.eval().unwrap();
    assert_eq!(adder.sum(), 300);
}

#[test]
fn the_runtime_giving_up_is_an_error() {
    let mut dut = dut();
    match run(&mut dut, 12) {
        // Verilator only warns of a file that is missing.
        Ok(status) => assert_eq!(status, Status::Running),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Runtime, "{error}"),
    }
}

#[test]
fn output_goes_where_the_builder_says() {
    let text = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&text);
    let mut dut = Events::builder()
        .output(move |part| sink.lock().unwrap().push_str(part))
        .plusarg("+verbose")
        .build()
        .unwrap();
    for command in [6, 7, 13] {
        run(&mut dut, command).unwrap();
    }
    drop(dut);
    let text = text.lock().unwrap();
    for part in ["%Warning", "only a warning", "hello from events.inner", "plusarg 1", "final block"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_finish_that_is_asked_for_runs_final_blocks_once() {
    let text = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&text);
    let mut dut = Events::builder().output(move |part| sink.lock().unwrap().push_str(part)).build().unwrap();
    dut.tick().unwrap();
    dut.finish().unwrap();
    assert_eq!(text.lock().unwrap().matches("final block").count(), 1);
}

#[test]
fn a_panic_of_the_callers_own_passes_through() {
    let mut dut = Events::builder()
        .output(|text| assert!(!text.contains("hello"), "a panic with a message"))
        .build()
        .unwrap();
    let caught = catch_unwind(AssertUnwindSafe(|| run(&mut dut, 7))).expect_err("the panic");
    let text = caught.downcast_ref::<&str>().copied().unwrap_or_default();
    assert_eq!(text, "a panic with a message");
    // The model did not notice.
    let count = dut.count();
    assert_eq!(run(&mut dut, 0).unwrap(), Status::Running);
    assert_eq!(dut.count(), count + 1);
}

#[test]
fn errors_below_the_limit_are_only_counted() {
    let mut dut = Events::builder().output(|_| ()).error_limit(3).build().unwrap();
    assert_eq!(run(&mut dut, 2).unwrap(), Status::Running);
    assert_eq!(run(&mut dut, 2).unwrap(), Status::Running);
    assert_eq!(run(&mut dut, 2).expect_err("the third").kind(), ErrorKind::Error);
    assert_eq!(dut.error_count(), 3);
}

#[test]
fn assertions_can_be_off() {
    let mut dut = Events::builder().output(|_| ()).assertions(false).build().unwrap();
    assert_eq!(run(&mut dut, 5).unwrap(), Status::Running);
    assert_eq!(run(&mut dut, 9).unwrap(), Status::Running);
}

#[test]
fn seeds_make_runs_repeat() {
    let random = |seed: u32| {
        let text = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&text);
        let mut dut = Events::builder()
            .seed(seed)
            .output(move |part| sink.lock().unwrap().push_str(part))
            .build()
            .unwrap();
        run(&mut dut, 14).unwrap();
        let out = text.lock().unwrap().clone();
        assert!(out.contains("random"), "{out}");
        out
    };
    assert_ne!(random(1), random(2));
}

#[test]
fn arguments_that_verilator_refuses_are_errors() {
    let error = Events::builder().plusarg("+verilator+nonsense").build().err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::Create);
    assert!(error.message().contains("+verilator+nonsense"), "{error}");
}
