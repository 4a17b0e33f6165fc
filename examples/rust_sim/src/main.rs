//! Runs a program on the machine and shows what came of it.

use machine::{dot_product, Machine};

const WORDS: u8 = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut machine = Machine::new(dot_product(WORDS))?;
    machine.run()?;
    println!("dot product of {WORDS} words: {:#010x}", machine.word(2 * WORDS)?);
    println!("mixed:                  {:#010x}", machine.word(2 * WORDS + 1)?);
    println!("{} cycles", machine.cycles());
    Ok(())
}
