//! A small machine that is part Rust, part SystemVerilog.
//!
//! Its control, its adder and its program are Rust. Its memory, its registers
//! and its multipliers are Verilated modules, stepped once a cycle beside them.

mod program;

use std::error::Error;
use std::fmt;

use verilated_memory::runtime::{SimError, Status};
use verilated_memory::Memory;
use verilated_multiplier32::Multiplier as Multiplier32;
use verilated_multiplier64::Multiplier as Multiplier64;
use verilated_register_file::RegisterFile;

pub use program::{dot_product, Instruction, Register};

/// What `Mix` multiplies by: 2^64 over the golden ratio.
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Why a machine stops before its program ends.
#[derive(Debug)]
pub enum Failure {
    /// A module reported an error, or ended the simulation.
    Module(SimError),
    /// A module reached `$finish`.
    Finished(&'static str),
    /// The program has no instruction there.
    NoInstruction(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Module(error) => error.fmt(f),
            Failure::Finished(module) => write!(f, "the {module} ended the simulation"),
            Failure::NoInstruction(place) => write!(f, "the program has no instruction {place}; end it with Halt"),
        }
    }
}

impl Error for Failure {}

impl From<SimError> for Failure {
    fn from(error: SimError) -> Failure {
        Failure::Module(error)
    }
}

/// What the machine does in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Begins the next instruction.
    Execute,
    /// The memory shows a word, for this register.
    Load(Register),
    /// The narrow multiplier works, for this register.
    Multiply(Register),
    /// The wide one.
    Mix(Register),
    Halted,
}

/// The machine.
pub struct Machine {
    memory: Memory,
    registers: RegisterFile,
    multiplier: Multiplier32,
    mixer: Multiplier64,
    program: Vec<Instruction>,
    next: usize,
    state: State,
    cycles: u64,
}

impl Machine {
    /// A machine at the beginning of a program.
    ///
    /// # Errors
    /// A model can't be made, or reports an error while it is reset.
    pub fn new(program: Vec<Instruction>) -> Result<Machine, SimError> {
        Machine::with_memory(program, Memory::new()?)
    }

    /// The same with a memory of one's own: another image, a waveform.
    ///
    /// # Errors
    /// As for [`Machine::new`].
    pub fn with_memory(program: Vec<Instruction>, mut memory: Memory) -> Result<Machine, SimError> {
        let mut registers = RegisterFile::new()?;
        let mut multiplier = Multiplier32::new()?;
        let mut mixer = Multiplier64::new()?;
        memory.eval()?;
        registers.eval()?;
        multiplier.reset(1)?;
        mixer.reset(1)?;
        Ok(Machine { memory, registers, multiplier, mixer, program, next: 0, state: State::Execute, cycles: 0 })
    }

    /// Cycles so far.
    #[must_use]
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Whether the program has ended.
    #[must_use]
    pub fn halted(&self) -> bool {
        self.state == State::Halted
    }

    /// A word of the memory, read by its own port: the machine stands still meanwhile.
    ///
    /// # Errors
    /// The memory reports an error.
    pub fn word(&mut self, address: u8) -> Result<u32, Failure> {
        self.memory.set_we(false);
        self.memory.set_address(address);
        running("memory", self.memory.tick())?;
        Ok(self.memory.rdata())
    }

    /// Runs to the end of the program.
    ///
    /// # Errors
    /// As for [`Machine::step`].
    pub fn run(&mut self) -> Result<(), Failure> {
        while !self.halted() {
            self.step()?;
        }
        Ok(())
    }

    /// One cycle of all modules.
    ///
    /// # Errors
    /// A module reports an error, or the program has no further instruction.
    pub fn step(&mut self) -> Result<(), Failure> {
        self.memory.set_we(false);
        self.registers.set_we(false);
        self.multiplier.set_start(false);
        self.mixer.set_start(false);
        match self.state {
            State::Execute => self.execute()?,
            State::Load(to) => self.complete(to, self.memory.rdata()),
            State::Multiply(to) if self.multiplier.done() => self.complete(to, self.multiplier.product() as u32),
            State::Mix(to) if self.mixer.done() => {
                let product: u128 = self.mixer.product();
                let folded = (0..4).fold(0, |sum, word| sum ^ (product >> (32 * word)) as u32);
                self.complete(to, folded);
            }
            State::Multiply(_) | State::Mix(_) | State::Halted => {}
        }
        running("memory", self.memory.tick())?;
        running("registers", self.registers.tick())?;
        running("multiplier", self.multiplier.tick())?;
        running("mixer", self.mixer.tick())?;
        self.cycles += 1;
        Ok(())
    }

    fn execute(&mut self) -> Result<(), Failure> {
        let instruction = *self.program.get(self.next).ok_or(Failure::NoInstruction(self.next))?;
        match instruction {
            Instruction::Load { to, address } => {
                // The memory answers in the next cycle.
                self.memory.set_address(address);
                self.state = State::Load(to);
            }
            Instruction::Store { from, address } => {
                let [value, _] = self.read(from, 0)?;
                self.memory.set_we(true);
                self.memory.set_address(address);
                self.memory.set_wdata(value);
                self.next += 1;
            }
            Instruction::Add { to, a, b } => {
                let [a, b] = self.read(a, b)?;
                self.complete(to, a.wrapping_add(b));
            }
            Instruction::Multiply { to, a, b } => {
                let [a, b] = self.read(a, b)?;
                self.multiplier.set_a(a);
                self.multiplier.set_b(b);
                self.multiplier.set_start(true);
                self.state = State::Multiply(to);
            }
            Instruction::Mix { to, a, b } => {
                let [a, b] = self.read(a, b)?;
                self.mixer.set_a(u64::from(a) << 32 | u64::from(b));
                self.mixer.set_b(GOLDEN);
                self.mixer.set_start(true);
                self.state = State::Mix(to);
            }
            Instruction::Halt => self.state = State::Halted,
        }
        Ok(())
    }

    /// Two registers: their ports answer in the same cycle, so the model is evaluated for them.
    fn read(&mut self, a: Register, b: Register) -> Result<[u32; 2], Failure> {
        self.registers.set_raddr(0, a);
        self.registers.set_raddr(1, b);
        running("registers", self.registers.eval())?;
        Ok([self.registers.rdata(0), self.registers.rdata(1)])
    }

    /// Writes a result at the end of this cycle; the next instruction follows.
    fn complete(&mut self, to: Register, value: u32) {
        self.registers.set_we(true);
        self.registers.set_waddr(to);
        self.registers.set_wdata(value);
        self.next += 1;
        self.state = State::Execute;
    }
}

fn running(module: &'static str, outcome: Result<Status, SimError>) -> Result<(), Failure> {
    match outcome? {
        Status::Finished => Err(Failure::Finished(module)),
        Status::Running => Ok(()),
    }
}
