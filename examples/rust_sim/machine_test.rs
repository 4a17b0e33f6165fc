//! The machine against Rust's own arithmetic, and its modules on their own.

use std::fs;
use std::path::PathBuf;

use machine::{dot_product, Failure, Instruction, Machine, GOLDEN};
use verilated_memory::runtime::ErrorKind;
use verilated_memory::Memory;
use verilated_multiplier32::{Multiplier as Multiplier32, INFO as INFO32};
use verilated_multiplier64::{Multiplier as Multiplier64, INFO as INFO64};
use verilated_register_file::RegisterFile;

/// A file for one test.
fn scratch(name: &str) -> PathBuf {
    let folder = std::env::var_os("TEST_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    folder.join(format!("rust_sim_{}_{name}", std::process::id()))
}

/// The words of examples/rust_sim/vectors.hex.
fn vectors() -> Vec<u32> {
    let text = fs::read_to_string("examples/rust_sim/vectors.hex").expect("it is in the runfiles");
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(|line| u32::from_str_radix(line, 16).expect("a word a line"))
        .collect()
}

fn mix(high: u32, low: u32) -> u32 {
    let product = u128::from(u64::from(high) << 32 | u64::from(low)) * u128::from(GOLDEN);
    product as u32 ^ (product >> 32) as u32 ^ (product >> 64) as u32 ^ (product >> 96) as u32
}

#[test]
fn a_dot_product_is_rusts_own() {
    let words = vectors();
    assert_eq!(words.len(), 16);
    let products: Vec<u32> = (0..8).map(|index| words[index].wrapping_mul(words[8 + index])).collect();
    let sum = products.iter().fold(0u32, |sum, product| sum.wrapping_add(*product));
    assert_eq!(sum, 0x5662_a8f8);
    let mut machine = Machine::new(dot_product(8)).unwrap();
    machine.run().unwrap();
    assert_eq!(machine.word(16).unwrap(), sum);
    assert_eq!(machine.word(17).unwrap(), mix(sum, products[7]));
    // Two loads, a product and a sum each; two stores, the hash, the end.
    assert_eq!(machine.cycles(), 8 * (2 + 2 + 34 + 1) + 1 + 66 + 1 + 1);
}

#[test]
fn two_widths_of_a_multiplier_live_in_one_program() {
    assert_eq!(INFO32.parameters, []);
    assert_eq!((INFO64.parameters[0].0, INFO32.top), ("WIDTH", INFO64.top));
    let mut narrow = Multiplier32::new().unwrap();
    let mut wide = Multiplier64::new().unwrap();
    narrow.reset(2).unwrap();
    wide.reset(2).unwrap();
    let mut state = 1u64;
    for round in 0..200u32 {
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        let (a, b) = match round {
            0 => (u64::MAX, u64::MAX),
            1 => (0, u64::MAX),
            _ => (random(), random()),
        };
        narrow.set_a(a as u32);
        narrow.set_b(b as u32);
        narrow.set_start(true);
        wide.set_a(a);
        wide.set_b(b);
        wide.set_start(true);
        let mut took = (0, 0);
        for cycle in 1..=65 {
            narrow.tick().unwrap();
            wide.tick().unwrap();
            narrow.set_start(false);
            wide.set_start(false);
            if narrow.done() {
                took.0 = cycle;
                let product: u64 = narrow.product();
                assert_eq!(product, u64::from(a as u32) * u64::from(b as u32));
            }
            if wide.done() {
                took.1 = cycle;
                let product: u128 = wide.product();
                assert_eq!(product, u128::from(a) * u128::from(b));
            }
        }
        assert_eq!(took, (33, 65), "a cycle a bit, and one to start");
        narrow.tick().unwrap();
        wide.tick().unwrap();
    }
}

#[test]
fn registers_see_a_write_at_once_and_register_0_stays_0() {
    let mut registers = RegisterFile::new().unwrap();
    for number in 0..16u8 {
        registers.set_we(true);
        registers.set_waddr(number);
        registers.set_wdata(u32::from(number) * 0x0101_0101 + 1);
        registers.set_raddr(0, number);
        registers.eval().unwrap();
        let expected = if number == 0 { 0 } else { u32::from(number) * 0x0101_0101 + 1 };
        assert_eq!(registers.rdata(0), expected, "before the edge");
        registers.tick().unwrap();
    }
    registers.set_we(false);
    registers.set_raddr_array(&[3, 15]);
    registers.eval().unwrap();
    assert_eq!(registers.rdata_array(), [0x0303_0304, 0x0f0f_0f10]);
}

#[test]
fn another_image_is_a_plusarg_and_a_waveform_shows_the_words() {
    let (image, wave) = (scratch("image.hex"), scratch("memory.vcd"));
    fs::write(&image, "00000003\n00000004\n00000005\n00000006\n").unwrap();
    let memory = Memory::builder().plusarg(format!("+image={}", image.display())).trace_vcd(&wave).build().unwrap();
    let mut machine = Machine::with_memory(dot_product(2), memory).unwrap();
    machine.run().unwrap();
    assert_eq!(machine.word(4).unwrap(), 3 * 5 + 4 * 6);
    drop(machine);
    let text = fs::read_to_string(&wave).unwrap();
    assert!(text.contains("rdata"), "{text}");
    assert!(text.contains("\nb100111 ") || text.contains(&format!("\nb{:032b} ", 39)), "39 was read: {text}");
}

#[test]
fn a_missing_image_says_so_and_where() {
    let memory = Memory::builder().plusarg("+image=no_such_image.hex").output(|_| ()).build().unwrap();
    match Machine::with_memory(dot_product(2), memory) {
        Ok(_) => panic!("there is no such image"),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Fatal, "{error}");
            assert_eq!((error.file(), error.line()), ("examples/rust_sim/rtl/memory.sv", 22));
            assert_eq!(error.message(), "can't open the image 'no_such_image.hex'");
        }
    }
}

#[test]
fn a_program_without_an_end_is_an_error() {
    let mut machine = Machine::new(vec![Instruction::Load { to: 1, address: 0 }]).unwrap();
    let failure = machine.run().expect_err("it has no end");
    assert!(matches!(failure, Failure::NoInstruction(1)), "{failure}");
    assert_eq!(machine.cycles(), 2);
}
