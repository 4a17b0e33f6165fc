//! The devices of examples/soc, cycle for cycle: the program can't tell them apart.

/// A bus cycle of the core. A device takes it at a clock edge and answers after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whether it writes.
    pub write: bool,
    /// Byte enables of a write.
    pub enables: u8,
    /// Byte address.
    pub address: u32,
    /// The word to write.
    pub data: u32,
}

impl Request {
    fn register(&self) -> u32 {
        self.address >> 2 & 7
    }
}

/// A device's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The word that was read.
    pub data: u32,
    /// Whether there is no such register.
    pub error: bool,
}

/// The UART: a byte of buffer, and ten bits a byte on the line.
#[derive(Debug, Default)]
pub struct Uart {
    buffer: Option<u8>,
    overrun: bool,
    bits_left: u8,
    response: Response,
}

impl Uart {
    /// A clock edge; returns the byte whose frame begins.
    pub fn clock(&mut self, request: Option<&Request>) -> Option<u8> {
        let (full, idle) = (self.buffer.is_some(), self.buffer.is_none() && self.bits_left == 0);
        if let Some(request) = request {
            let status = u32::from(self.overrun) << 2 | u32::from(idle) << 1 | u32::from(!full);
            let register = request.register();
            self.response = Response { data: if register == 1 { status } else { 0 }, error: register > 1 };
        }
        let starts = if self.bits_left == 0 { self.buffer.take() } else { None };
        self.bits_left = if starts.is_some() { 9 } else { self.bits_left.saturating_sub(1) };
        match request.filter(|request| request.write && request.enables & 1 != 0) {
            // A full buffer does not take a byte even in the cycle that empties it.
            Some(request) if request.register() == 0 && full => self.overrun = true,
            Some(request) if request.register() == 0 => self.buffer = Some(request.data as u8),
            Some(request) if request.register() == 1 && request.data >> 2 & 1 != 0 => self.overrun = false,
            _ => {}
        }
        starts
    }

    /// Its answer.
    #[must_use]
    pub fn response(&self) -> Response {
        self.response
    }
}

/// The machine timer.
#[derive(Debug)]
pub struct Timer {
    time: u64,
    compare: u64,
    interrupt: bool,
    response: Response,
}

impl Default for Timer {
    fn default() -> Timer {
        Timer { time: 0, compare: u64::MAX, interrupt: false, response: Response::default() }
    }
}

impl Timer {
    /// A clock edge.
    pub fn clock(&mut self, request: Option<&Request>) {
        self.interrupt = self.time >= self.compare;
        if let Some(request) = request {
            let registers = [self.time as u32, (self.time >> 32) as u32, self.compare as u32, (self.compare >> 32) as u32];
            let found = registers.get(request.register() as usize);
            self.response = Response { data: found.copied().unwrap_or(0), error: found.is_none() };
            let data = u64::from(request.data);
            match request.register() {
                2 if request.write && request.enables == 0xf => self.compare = self.compare & !0xffff_ffff | data,
                3 if request.write && request.enables == 0xf => self.compare = self.compare & 0xffff_ffff | data << 32,
                _ => {}
            }
        }
        self.time += 1;
    }

    /// Whether its interrupt is pending.
    #[must_use]
    pub fn interrupt(&self) -> bool {
        self.interrupt
    }

    /// Its answer.
    #[must_use]
    pub fn response(&self) -> Response {
        self.response
    }
}

/// The program's door to whoever runs it.
#[derive(Debug)]
pub struct Control {
    iterations: u32,
    wanted_code: u32,
    ended: Option<u32>,
    response: Response,
}

impl Control {
    /// What the program reads: how often to run, and the code to end with.
    #[must_use]
    pub fn new(iterations: u32, wanted_code: u32) -> Control {
        Control { iterations, wanted_code, ended: None, response: Response::default() }
    }

    /// A clock edge.
    pub fn clock(&mut self, request: Option<&Request>) {
        let Some(request) = request else {
            return;
        };
        let values = [0, self.iterations, self.wanted_code];
        let found = values.get(request.register() as usize);
        self.response = Response { data: found.copied().unwrap_or(0), error: found.is_none() };
        if request.register() == 0 && request.write {
            self.ended.get_or_insert(request.data);
        }
    }

    /// The code that the program ended with.
    #[must_use]
    pub fn ended(&self) -> Option<u32> {
        self.ended
    }

    /// Its answer.
    #[must_use]
    pub fn response(&self) -> Response {
        self.response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(register: u32, data: u32) -> Request {
        Request { write: true, enables: 0xf, address: 4 * register, data }
    }

    fn read(register: u32) -> Request {
        Request { write: false, enables: 0, address: 4 * register, data: 0 }
    }

    #[test]
    fn a_byte_takes_ten_cycles_of_the_line_and_another_waits() {
        let mut uart = Uart::default();
        assert_eq!(uart.clock(Some(&write(0, 0x141))), None);
        assert_eq!(uart.clock(None), Some(0x41));
        assert_eq!(uart.clock(Some(&write(0, 0x42))), None);
        assert_eq!(uart.clock(Some(&write(0, 0x43))), None, "the buffer is full");
        uart.clock(Some(&read(1)));
        assert_eq!(uart.response(), Response { data: 0b100, error: false }, "overrun");
        let waited = (0..20).position(|_| uart.clock(None).is_some());
        assert_eq!(waited, Some(6), "ten cycles after the first byte");
        uart.clock(Some(&write(1, 4)));
        uart.clock(Some(&read(1)));
        assert_eq!(uart.response().data, 1, "ready, not idle, no overrun");
        uart.clock(Some(&read(2)));
        assert!(uart.response().error);
    }

    #[test]
    fn the_timer_counts_and_compares() {
        let mut timer = Timer::default();
        timer.clock(Some(&write(2, 4)));
        assert!(!timer.interrupt());
        timer.clock(Some(&write(3, 0)));
        timer.clock(Some(&read(0)));
        assert_eq!((timer.response().data, timer.interrupt()), (2, false));
        timer.clock(None);
        assert!(!timer.interrupt());
        timer.clock(Some(&read(2)));
        assert_eq!((timer.response().data, timer.interrupt()), (4, true));
        timer.clock(Some(&read(7)));
        assert!(timer.response().error);
    }

    #[test]
    fn the_first_code_is_the_one() {
        let mut control = Control::new(3, 7);
        control.clock(Some(&read(1)));
        assert_eq!(control.response().data, 3);
        control.clock(Some(&read(2)));
        assert_eq!((control.response().data, control.ended()), (7, None));
        control.clock(Some(&write(0, 5)));
        control.clock(Some(&write(0, 6)));
        assert_eq!(control.ended(), Some(5));
        control.clock(Some(&read(3)));
        assert!(control.response().error);
    }
}
