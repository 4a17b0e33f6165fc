//! The program of examples/soc prints here what it prints there, cycle counts included.

use std::path::Path;

use system::{End, System};

const FIRMWARE: &str = "examples/soc/firmware/firmware.hex";
const FAULT: &str = "examples/soc/firmware/fault.hex";
const LIMIT: u64 = 1_000_000;

fn run(program: &str, iterations: u32, exit_code: u32) -> (End, String, u64) {
    let mut system = System::new(Path::new(program), iterations, exit_code).expect("the system can be made");
    let end = system.run(LIMIT).expect("the core runs");
    let text = String::from_utf8(system.take_console()).expect("the program sends text");
    (end, text, system.cycles())
}

#[test]
fn the_console_is_that_of_the_system_in_systemverilog() {
    let expected = std::fs::read_to_string("examples/soc/expected.txt").expect("it is in the runfiles");
    assert!(expected.contains("instructions in 79172 cycles\n"), "{expected}");
    let (end, text, cycles) = run(FIRMWARE, 1, 0);
    assert_eq!(text, expected);
    assert_eq!(end, End::Exit(0));
    assert!(cycles > 79172, "{cycles}");
}

#[test]
fn more_iterations_take_longer() {
    let (_, _, one) = run(FIRMWARE, 1, 0);
    let (end, text, four) = run(FIRMWARE, 4, 0);
    assert_eq!(end, End::Exit(0));
    assert!(text.starts_with("Hello from Ibex, hart 0: RV32IMC, 4 iterations\n"), "{text}");
    assert!(four > 2 * one, "{one} cycles, then {four}");
}

#[test]
fn a_program_ends_with_its_code() {
    let (end, text, _) = run(FIRMWARE, 1, 7);
    assert_eq!(end, End::Exit(7));
    assert!(text.contains("ending with a code on request\n"), "{text}");
}

#[test]
fn an_access_that_nobody_answers_traps() {
    for (access, cause) in [(0, 5), (1, 7), (2, 1)] {
        let (end, text, _) = run(FAULT, 1, access);
        assert!(text.starts_with(&format!("trap: mcause 0x{cause:08x}, mepc 0x")), "{text}");
        assert!(text.contains(", mtval 0x20000000\n"), "{text}");
        assert_eq!(end, End::Exit(0x80 + cause));
    }
}

#[test]
fn a_missing_program_and_a_limit_are_told() {
    let error = System::new(Path::new("no_such.hex"), 1, 0).err().expect("there is no such file");
    assert!(error.to_string().starts_with("no_such.hex: "), "{error}");
    let mut system = System::new(Path::new(FIRMWARE), 1, 0).expect("the system can be made");
    assert_eq!(system.run(1000).expect("the core runs"), End::Limit);
    assert_eq!(system.cycles(), 1000);
}
