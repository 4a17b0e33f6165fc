"""Makes the table test of port widths: a module with inputs of every width, and the Rust test that drives it.

    python tests/rust/widths.py --sv widths.sv --rust widths.rs

Each input comes back as it is and reversed, both bit by bit, so that every bit
is read in SystemVerilog at its own place.
"""

from __future__ import annotations

import argparse
from pathlib import Path

WIDTHS = range(1, 131)


def rust_type(width: int, signed: bool) -> str:
    """The type that a port of this width has in Rust."""
    if width == 1:
        return "bool"
    if width > 128:
        return f"[u32; {-(-width // 32)}]"
    size = next(size for size in (8, 16, 32, 64, 128) if width <= size)
    return f"{'i' if signed else 'u'}{size}"


def module() -> str:
    """The SystemVerilog module `widths`."""
    ports, body = ["input logic clk"], []
    for width in WIDTHS:
        for sign, word in (("u", ""), ("s", "signed ")):
            kind = f"logic {word}[{width - 1}:0]"
            name = f"{sign}{width}"
            ports += [f"input {kind} i_{name}", f"output {kind} e_{name}", f"output {kind} r_{name}"]
            body.append(
                f"  for (genvar i = 0; i < {width}; i++) begin : g_{name}\n"
                f"    assign e_{name}[i] = i_{name}[i];\n"
                f"    assign r_{name}[i] = i_{name}[{width - 1}-i];\n"
                "  end\n"
            )
    listed = ",\n    ".join(ports)
    return f"module widths (\n    {listed}\n);\n{''.join(body)}endmodule\n"


def rust_test() -> str:
    """The Rust integration test."""
    rows = "".join(
        f"    check::<{rust_type(width, sign == 's')}>(&mut dut, {width}, {str(sign == 's').lower()}, "
        f"|d, v| d.set_i_{sign}{width}(v), |d, v| d.try_set_i_{sign}{width}(v).is_ok(), "
        f"|d| d.i_{sign}{width}(), |d| d.e_{sign}{width}(), |d| d.r_{sign}{width}());\n"
        for width in WIDTHS
        for sign in "us"
    )
    return _RUST.replace("@ROWS@", rows).replace("@PORTS@", str(2 * len(WIDTHS)))


_RUST = r"""//! Ports of every width from 1 to 130, signed and unsigned, at both ends and between.

use std::fmt::Debug;

use verilated_widths::Widths;

/// A value as bits in words, least significant first, and back.
trait Value: Copy + Debug + PartialEq {
    /// Whether a value of this type can be too wide for `width` bits; then one that is.
    fn beyond(width: u32, signed: bool) -> Option<Self>;
    fn of(words: &[u32; 5], width: u32, signed: bool) -> Self;
}

impl Value for bool {
    fn beyond(_: u32, _: bool) -> Option<bool> {
        None
    }
    fn of(words: &[u32; 5], _: u32, _: bool) -> bool {
        words[0] & 1 != 0
    }
}

fn number(words: &[u32; 5]) -> u128 {
    (0..4).fold(0, |sum, index| sum | u128::from(words[index]) << (32 * index))
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Value for $type {
            fn beyond(width: u32, signed: bool) -> Option<$type> {
                (width < <$type>::BITS).then(|| (1 as $type) << (width - u32::from(signed)))
            }
            fn of(words: &[u32; 5], width: u32, signed: bool) -> $type {
                let value = number(words);
                // The sign, by arithmetic rather than by the shifts under test.
                let negative = signed && value >> (width - 1) & 1 != 0;
                let modulus = if width < 128 { 1 << width } else { 0 };
                (if negative { value.wrapping_sub(modulus) } else { value }) as $type
            }
        }
    )*};
}
integers!(u8 u16 u32 u64 u128 i8 i16 i32 i64 i128);

impl Value for [u32; 5] {
    fn beyond(width: u32, _: bool) -> Option<[u32; 5]> {
        let rest = width % 32;
        (rest > 0).then(|| [0, 0, 0, 0, 1 << rest])
    }
    fn of(words: &[u32; 5], _: u32, _: bool) -> [u32; 5] {
        *words
    }
}

fn bit(words: &[u32; 5], index: u32) -> bool {
    words[(index / 32) as usize] >> (index % 32) & 1 != 0
}

fn of_bits(width: u32, bits: impl Fn(u32) -> bool) -> [u32; 5] {
    let mut words = [0; 5];
    for index in (0..width).filter(|&index| bits(index)) {
        words[(index / 32) as usize] |= 1 << (index % 32);
    }
    words
}

/// Both ends of both number ranges, patterns, each bit alone, and what a generator gives.
fn values(width: u32) -> Vec<[u32; 5]> {
    let mut out = vec![
        of_bits(width, |_| false),
        of_bits(width, |_| true),
        of_bits(width, |index| index == 0),
        of_bits(width, |index| index != 0),
        of_bits(width, |index| index + 1 == width),
        of_bits(width, |index| index + 1 != width),
        of_bits(width, |index| index % 2 == 0),
        of_bits(width, |index| index % 3 == 0),
    ];
    out.extend((0..width).map(|one| of_bits(width, |index| index == one)));
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ u64::from(width);
    for _ in 0..20 {
        let random: Vec<u64> = (0..3)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state
            })
            .collect();
        out.push(of_bits(width, |index| random[(index / 64) as usize] >> (index % 64) & 1 != 0));
    }
    out
}

#[allow(clippy::too_many_arguments)]
fn check<T: Value>(
    dut: &mut Widths,
    width: u32,
    signed: bool,
    set: impl Fn(&mut Widths, T),
    try_set: impl Fn(&mut Widths, T) -> bool,
    input: impl Fn(&Widths) -> T,
    echo: impl Fn(&Widths) -> T,
    reversed: impl Fn(&Widths) -> T,
) {
    for words in values(width) {
        let value = T::of(&words, width, signed);
        let mirror = T::of(&of_bits(width, |index| bit(&words, width - 1 - index)), width, signed);
        set(dut, value);
        dut.eval().unwrap();
        assert_eq!(input(dut), value, "read back, {width} bits, signed {signed}");
        assert_eq!(echo(dut), value, "through the model, {width} bits, signed {signed}");
        assert_eq!(reversed(dut), mirror, "reversed, {width} bits, signed {signed}");
        assert!(try_set(dut, value), "{value:?} fits {width} bits, signed {signed}");
    }
    let last = input(dut);
    if let Some(beyond) = T::beyond(width, signed) {
        assert!(!try_set(dut, beyond), "{beyond:?} does not fit {width} bits, signed {signed}");
        assert_eq!(input(dut), last, "a refused value changes nothing");
    }
    DONE.with(|done| done.set(done.get() + 1));
}

thread_local! {
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[test]
fn every_width() {
    let mut dut = Widths::new().unwrap();
@ROWS@    assert_eq!(DONE.with(std::cell::Cell::get), @PORTS@);
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "32 does not fit the 5 bits of port i_u5")]
fn a_value_beyond_its_width_panics_in_debug_builds() {
    Widths::new().unwrap().set_i_u5(32);
}

#[test]
#[cfg(not(debug_assertions))]
fn a_value_beyond_its_width_is_masked_in_release_builds() {
    let mut dut = Widths::new().unwrap();
    dut.set_i_u5(0x3f);
    dut.set_i_s5(0x1f);
    dut.eval().unwrap();
    assert_eq!((dut.e_u5(), dut.e_s5()), (0x1f, -1));
}
"""


def main() -> None:
    """Writes both files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sv", type=Path)
    parser.add_argument("--rust", type=Path)
    arguments = parser.parse_args()
    if arguments.sv:
        arguments.sv.write_text(module(), encoding="utf-8")
    if arguments.rust:
        arguments.rust.write_text(rust_test(), encoding="utf-8")


if __name__ == "__main__":
    main()
