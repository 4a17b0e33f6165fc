//! What a generated crate says of its model and ports, as constants.

/// A port's direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Driven from Rust.
    Input,
    /// Driven by the model.
    Output,
    /// Driven by either; see the port's `drive_…` method.
    Inout,
}

/// What one element of a port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Bits, whatever structure SystemVerilog gives them.
    Bits,
    /// `real`, as an `f64`.
    Real,
    /// `string`.
    Text,
}

/// One unpacked dimension, `[left:right]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dimension {
    /// The leftmost index in SystemVerilog.
    pub left: i64,
    /// The rightmost index in SystemVerilog.
    pub right: i64,
}

impl Dimension {
    /// How many elements.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.left.abs_diff(self.right) as usize + 1
    }

    /// The SystemVerilog index of element 0 in Rust.
    #[must_use]
    pub const fn low(&self) -> i64 {
        if self.left < self.right {
            self.left
        } else {
            self.right
        }
    }
}

/// One port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortInfo {
    /// The name in SystemVerilog.
    pub name: &'static str,
    /// The stem of its methods' names.
    pub method: &'static str,
    /// Who drives it.
    pub direction: Direction,
    /// What one element is.
    pub kind: Kind,
    /// Bits of one element; 64 for a `real`, 0 for a `string`.
    pub width: u32,
    /// Whether one element is two's complement.
    pub signed: bool,
    /// The type as SystemVerilog writes it.
    pub type_name: &'static str,
    /// Unpacked dimensions, leftmost first.
    pub dimensions: &'static [Dimension],
    /// The source that declares it.
    pub file: &'static str,
    /// The line in that source, from 1.
    pub line: u32,
    /// Index of its storage among the addresses that the C++ side gives.
    pub slot: usize,
}

impl PortInfo {
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        method: &'static str,
        direction: Direction,
        kind: Kind,
        width: u32,
        signed: bool,
        type_name: &'static str,
        dimensions: &'static [Dimension],
        file: &'static str,
        line: u32,
        slot: usize,
    ) -> PortInfo {
        PortInfo { name, method, direction, kind, width, signed, type_name, dimensions, file, line, slot }
    }

    /// Elements in all unpacked dimensions together; 1 without any.
    #[must_use]
    pub fn elements(&self) -> usize {
        self.dimensions.iter().map(Dimension::size).product()
    }
}

/// The edge of a clock that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// From 0 to 1.
    Rising,
    /// From 1 to 0.
    Falling,
}

/// A clock input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockInfo {
    /// The port's name.
    pub name: &'static str,
    /// The edge that counts.
    pub edge: Edge,
    /// From one counting edge to the next, in units of the time precision.
    pub period: u64,
    /// When the first counting edge comes, likewise.
    pub phase: u64,
}

/// A reset input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetInfo {
    /// The port's name.
    pub name: &'static str,
    /// The level that resets.
    pub active_high: bool,
    /// Whether it acts without a clock.
    pub asynchronous: bool,
}

/// A model.
#[derive(Clone, Copy, Debug)]
pub struct ModelInfo {
    /// The crate.
    pub crate_name: &'static str,
    /// The top module.
    pub top: &'static str,
    /// The parameters that were set, with their values as SystemVerilog literals.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Ports in order of declaration.
    pub ports: &'static [PortInfo],
    /// Clocks in the order that the build gives them.
    pub clocks: &'static [ClockInfo],
    /// Resets in the order that the build gives them.
    pub resets: &'static [ResetInfo],
    /// Digest of the ports and their storage; the C++ side has the same.
    pub interface: u64,
    /// How many addresses the C++ side gives.
    pub slots: usize,
    /// Bits of `abi::feature`.
    pub features: u32,
}
