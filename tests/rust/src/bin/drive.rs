//! Lets another program drive a model over standard input, one command a line:
//! `poke PORT VALUE…`, `eval`, `peek PORT`. A value is hexadecimal, an element
//! of an unpacked array each. Answers `ok`, `error …`, or the values.

use std::io::{self, BufRead, Write};

use verilated_runtime::{Model, Value};

fn words(text: &str) -> Option<Value> {
    let digits: Vec<u32> = text.chars().rev().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let words = digits.chunks(8).map(|chunk| chunk.iter().rev().fold(0, |word, digit| word << 4 | digit));
    Some(Value::Bits(words.collect()))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bits(words) => verilated_runtime::bits::Hex(words).to_string(),
        other => format!("{other:?}"),
    }
}

fn answer<M: Model>(dut: &mut M, line: &str) -> String {
    let mut parts = line.split_whitespace();
    match (parts.next(), parts.next()) {
        (Some("poke"), Some(port)) => {
            let Some(values) = parts.map(words).collect::<Option<Vec<_>>>() else {
                return "error no hexadecimal".into();
            };
            dut.poke(port, &values).map_or_else(|error| format!("error {error}"), |()| "ok".into())
        }
        (Some("peek"), Some(port)) => match dut.peek(port) {
            Some(values) => values.iter().map(shown).collect::<Vec<_>>().join(" "),
            None => "error no such port".into(),
        },
        (Some("eval"), None) => dut.eval().map_or_else(|error| format!("error {error}"), |_| "ok".into()),
        _ => "error no such command".into(),
    }
}

fn serve<M: Model>() -> io::Result<()> {
    let mut dut = M::builder().build().map_err(io::Error::other)?;
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", answer(&mut dut, &line?))?;
        out.flush()?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("kinds") => serve::<verilated_kinds::Kinds>(),
        Some("widths") => serve::<verilated_widths::Widths>(),
        other => Err(io::Error::other(format!("kinds or widths is expected, not {other:?}"))),
    }
}
