//! Programs of the machine.

/// A register's number, 0 to 15; register 0 is 0.
pub type Register = u8;

/// What the machine can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// A register gets a word of the memory: 2 cycles.
    Load {
        /// The register.
        to: Register,
        /// The word's number.
        address: u8,
    },
    /// A word of the memory gets a register: 1 cycle.
    Store {
        /// The register.
        from: Register,
        /// The word's number.
        address: u8,
    },
    /// A sum, by an adder in Rust: 1 cycle.
    Add {
        /// The result.
        to: Register,
        /// A summand.
        a: Register,
        /// The other one.
        b: Register,
    },
    /// The low half of a product, by the multiplier of 32 bits: 34 cycles.
    Multiply {
        /// The result.
        to: Register,
        /// A factor.
        a: Register,
        /// The other one.
        b: Register,
    },
    /// Two registers hashed into one, by the multiplier of 64 bits: 66 cycles.
    Mix {
        /// The result.
        to: Register,
        /// The high word.
        a: Register,
        /// The low word.
        b: Register,
    },
    /// The end: 1 cycle.
    Halt,
}

/// The dot product of the vectors of `size` words at 0 and at `size`, and its hash, as the two words
/// behind them.
#[must_use]
pub fn dot_product(size: u8) -> Vec<Instruction> {
    let mut program = Vec::new();
    for index in 0..size {
        program.extend([
            Instruction::Load { to: 1, address: index },
            Instruction::Load { to: 2, address: size + index },
            Instruction::Multiply { to: 3, a: 1, b: 2 },
            Instruction::Add { to: 4, a: 4, b: 3 },
        ]);
    }
    program.extend([
        Instruction::Store { from: 4, address: 2 * size },
        Instruction::Mix { to: 5, a: 4, b: 3 },
        Instruction::Store { from: 5, address: 2 * size + 1 },
        Instruction::Halt,
    ]);
    program
}
