//! A system around the Ibex core: the core is Verilated, all else is Rust.
//!
//! Memory map, timing and devices are those of examples/soc, so the same
//! program runs and prints the same text, cycle counts included.

pub mod devices;
pub mod memory;

use std::fmt;

use devices::{Control, Request, Response, Timer, Uart};
use memory::Memory;
use verilated_ibex::runtime::{SimError, Status};
use verilated_ibex::IbexTop;

/// Where the memory begins; the core boots 0x80 bytes behind.
const RAM: u32 = 0x8000_0000;
const RAM_BYTES: usize = 64 * 1024;

/// `ibex_pkg::IbexMuBiOn`, a `logic [3:0]`.
const ON: u8 = 0b0101;

/// Who answers a bus cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Device {
    Memory,
    Uart,
    Timer,
    Control,
}

fn in_memory(address: u32) -> bool {
    address & !(RAM_BYTES as u32 - 1) == RAM
}

fn decode(address: u32) -> Option<Device> {
    if in_memory(address) {
        return Some(Device::Memory);
    }
    match address >> 12 {
        0x1_0000 => Some(Device::Uart),
        0x1_0001 => Some(Device::Timer),
        0x1_0002 => Some(Device::Control),
        _ => None,
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The program ended with this code.
    Exit(u32),
    /// The limit of cycles came first.
    Limit,
}

/// Why a run can't go on.
#[derive(Debug)]
pub enum Failure {
    /// The core's model reported an error.
    Core(SimError),
    /// The core's model reached `$finish`.
    Finished,
    /// The program trapped within its trap handler.
    DoubleFault,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Core(error) => error.fmt(f),
            Failure::Finished => f.write_str("the core ended the simulation"),
            Failure::DoubleFault => f.write_str("double fault: the program trapped within its trap handler"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<SimError> for Failure {
    fn from(error: SimError) -> Failure {
        Failure::Core(error)
    }
}

/// The core, its memory and its devices.
pub struct System {
    core: IbexTop,
    memory: Memory,
    uart: Uart,
    timer: Timer,
    control: Control,
    console: Vec<u8>,
    cycles: u64,
}

impl System {
    /// A system after reset. The program reads `iterations` and `exit_code`.
    ///
    /// # Errors
    /// The core's model can't be made, or reports an error.
    pub fn new(program: &std::path::Path, iterations: u32, exit_code: u32) -> Result<System, Box<dyn std::error::Error>> {
        let mut memory = Memory::new(RAM_BYTES);
        memory.load(program)?;
        let mut core = IbexTop::new()?;
        core.set_scan_rst_ni(true);
        core.set_boot_addr_i(RAM);
        core.set_fetch_enable_i(ON);
        core.set_instr_gnt_i(true);
        core.set_data_gnt_i(true);
        core.reset(5)?;
        Ok(System {
            core,
            memory,
            uart: Uart::default(),
            timer: Timer::default(),
            control: Control::new(iterations, exit_code),
            console: Vec::new(),
            cycles: 0,
        })
    }

    /// Cycles since the reset.
    #[must_use]
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// What the program has sent since the last call.
    pub fn take_console(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.console)
    }

    /// Runs until the program ends or has sent a line, at most to `limit` cycles in all.
    ///
    /// # Errors
    /// As for [`System::step`].
    pub fn run_line(&mut self, limit: u64) -> Result<Option<End>, Failure> {
        while self.cycles < limit {
            self.step()?;
            if let Some(code) = self.control.ended() {
                return Ok(Some(End::Exit(code)));
            }
            if self.console.last() == Some(&b'\n') {
                return Ok(None);
            }
        }
        Ok(Some(End::Limit))
    }

    /// Runs until the program ends, at most to `limit` cycles in all.
    ///
    /// # Errors
    /// As for [`System::step`].
    pub fn run(&mut self, limit: u64) -> Result<End, Failure> {
        let mut text = Vec::new();
        loop {
            let end = self.run_line(limit)?;
            text.append(&mut self.console);
            if let Some(end) = end {
                self.console = text;
                return Ok(end);
            }
        }
    }

    /// One clock cycle.
    ///
    /// # Errors
    /// The core's model reports an error, or the core a double fault.
    pub fn step(&mut self) -> Result<(), Failure> {
        // The core's outputs have settled; they are what the rising edge meets.
        let fetch = self.core.instr_req_o().then(|| self.core.instr_addr_o());
        let request = self.core.data_req_o().then(|| Request {
            write: self.core.data_we_o(),
            enables: self.core.data_be_o(),
            address: self.core.data_addr_o(),
            data: self.core.data_wdata_o(),
        });
        if self.core.double_fault_seen_o() {
            return Err(Failure::DoubleFault);
        }
        self.core.set_clk_i(true);
        self.evaluate()?;

        // What registers outside of the core show after the same edge.
        let device = request.as_ref().and_then(|request| decode(request.address));
        let to = |which| request.as_ref().filter(|_| device == Some(which));
        self.memory.clock(fetch, to(Device::Memory));
        self.console.extend(self.uart.clock(to(Device::Uart)));
        self.timer.clock(to(Device::Timer));
        self.control.clock(to(Device::Control));
        let response = match device.unwrap_or(Device::Memory) {
            Device::Memory => self.memory.response(),
            Device::Uart => self.uart.response(),
            Device::Timer => self.timer.response(),
            Device::Control => self.control.response(),
        };
        self.answer(fetch, request.is_some(), Response { error: response.error || device.is_none(), ..response });

        self.core.set_clk_i(false);
        self.evaluate()?;
        self.cycles += 1;
        Ok(())
    }

    fn answer(&mut self, fetch: Option<u32>, valid: bool, response: Response) {
        self.core.set_instr_rvalid_i(fetch.is_some());
        self.core.set_instr_rdata_i(self.memory.fetched());
        self.core.set_instr_err_i(fetch.is_some_and(|address| !in_memory(address)));
        self.core.set_data_rvalid_i(valid);
        self.core.set_data_rdata_i(response.data);
        self.core.set_data_err_i(valid && response.error);
        self.core.set_irq_timer_i(self.timer.interrupt());
    }

    fn evaluate(&mut self) -> Result<(), Failure> {
        match self.core.eval()? {
            Status::Finished => Err(Failure::Finished),
            Status::Running => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_device_or_none() {
        let found = [0x8000_0000, 0x8000_ffff, 0x8001_0000, 0x1000_0004, 0x1000_1fff, 0x1000_2008, 0x1000_3000, 0];
        let expected = [
            Some(Device::Memory),
            Some(Device::Memory),
            None,
            Some(Device::Uart),
            Some(Device::Timer),
            Some(Device::Control),
            None,
            None,
        ];
        assert_eq!(found.map(decode), expected);
    }
}
