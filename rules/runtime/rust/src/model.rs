//! What every generated crate offers, for code that works with any of them.

use std::ffi::c_void;
use std::path::Path;

use crate::abi::Api;
use crate::error::{ErrorKind, SimError, Status};
use crate::instance::Instance;
use crate::port::{Direction, Kind, ModelInfo, PortInfo};
use crate::{bits, Builder};

/// A generated model.
pub trait Model: Sized {
    /// Its ports, clocks, resets, parameters.
    const INFO: &'static ModelInfo;

    #[doc(hidden)]
    fn table(library: Option<&Path>) -> Result<&'static Api, SimError>;
    #[doc(hidden)]
    fn from_instance(instance: Instance) -> Self;
    /// The model without its ports.
    fn instance(&self) -> &Instance;
    /// The model without its ports.
    fn instance_mut(&mut self) -> &mut Instance;

    /// Options before the model is made.
    fn builder() -> Builder<Self> {
        Builder::new()
    }

    /// Lets the model react to its inputs.
    ///
    /// # Errors
    /// What the model reported.
    fn eval(&mut self) -> Result<Status, SimError> {
        self.instance_mut().eval()
    }

    /// A port's value by name: one entry for each element of an unpacked array, the last dimension
    /// fastest. None if there is no such port.
    fn peek(&self, name: &str) -> Option<Vec<Value>> {
        let port = port_info::<Self>(name)?;
        let address = address::<Self>(self.instance(), port.slot);
        // SAFETY: the generated constants describe the storage, which lives as long as `self`.
        Some(unsafe { read(self.instance().api(), port, address) })
    }

    /// Sets an input by name, as [`Model::peek`] gives it.
    ///
    /// # Errors
    /// No such input, or a value that does not fit.
    fn poke(&mut self, name: &str, values: &[Value]) -> Result<(), SimError> {
        let refuse = |why: &str| SimError::new(ErrorKind::Range, format!("port {name}: {why}"));
        let port = port_info::<Self>(name).ok_or_else(|| refuse("there is none"))?;
        if port.direction != Direction::Input {
            return Err(refuse("it is no input"));
        }
        if values.len() != port.elements() {
            return Err(refuse(&format!("{} values for {} elements", values.len(), port.elements())));
        }
        for value in values {
            let fits = match (value, port.kind) {
                (Value::Bits(words), Kind::Bits) => bits::words_fit(words, port.width),
                (Value::Real(_), Kind::Real) | (Value::Text(_), Kind::Text) => true,
                _ => false,
            };
            if !fits {
                return Err(refuse(&format!("{value:?} does not fit")));
            }
        }
        let address = address::<Self>(self.instance(), port.slot);
        // SAFETY: as for `peek`, with every value checked; `&mut self` keeps readers away.
        unsafe { write(self.instance().api(), port, address, values) };
        Ok(())
    }
}

/// One element of a port.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Bits in 32-bit words, least significant first.
    Bits(Vec<u32>),
    /// A `real`.
    Real(f64),
    /// A `string`.
    Text(Vec<u8>),
}

fn port_info<M: Model>(name: &str) -> Option<&'static PortInfo> {
    M::INFO.ports.iter().find(|port| port.name == name)
}

fn address<M: Model>(instance: &Instance, slot: usize) -> *mut c_void {
    instance.address(M::INFO.slots, slot)
}

/// Bytes that one element of `width` bits takes in the model.
const fn element_size(width: u32) -> usize {
    match width {
        0..=8 => 1,
        9..=16 => 2,
        17..=32 => 4,
        33..=64 => 8,
        _ => 4 * bits::words(width),
    }
}

/// # Safety
/// `address` is the storage of `port`.
unsafe fn read(api: &Api, port: &PortInfo, address: *mut c_void) -> Vec<Value> {
    let element = |index: usize| {
        // SAFETY: inside the storage.
        unsafe {
            match port.kind {
                Kind::Real => Value::Real(address.cast::<f64>().add(index).read()),
                Kind::Text => {
                    let mut size = 0;
                    let data = (api.string_get)(address.byte_add(index * api.string_size as usize), &mut size);
                    Value::Text(std::slice::from_raw_parts(data.cast::<u8>(), size).to_vec())
                }
                Kind::Bits => {
                    let at = address.byte_add(index * element_size(port.width));
                    let low = match port.width {
                        0..=8 => u64::from(at.cast::<u8>().read()),
                        9..=16 => u64::from(at.cast::<u16>().read()),
                        17..=32 => u64::from(at.cast::<u32>().read()),
                        33..=64 => at.cast::<u64>().read(),
                        _ => {
                            let words = std::slice::from_raw_parts(at.cast::<u32>(), bits::words(port.width));
                            return Value::Bits(words.to_vec());
                        }
                    };
                    let mut words = vec![low as u32, (low >> 32) as u32];
                    words.truncate(bits::words(port.width));
                    Value::Bits(words)
                }
            }
        }
    };
    (0..port.elements()).map(element).collect()
}

/// # Safety
/// `address` is the storage of `port`, nobody else uses it, and the values fit.
unsafe fn write(api: &Api, port: &PortInfo, address: *mut c_void, values: &[Value]) {
    for (index, value) in values.iter().enumerate() {
        // SAFETY: inside the storage.
        unsafe {
            match value {
                Value::Real(number) => address.cast::<f64>().add(index).write(*number),
                Value::Text(text) => {
                    let at = address.byte_add(index * api.string_size as usize);
                    (api.string_set)(at, text.as_ptr().cast(), text.len());
                }
                Value::Bits(words) => {
                    let at = address.byte_add(index * element_size(port.width));
                    let word = |index: usize| u64::from(words.get(index).copied().unwrap_or(0));
                    let low = word(0) | word(1) << 32;
                    match port.width {
                        0..=8 => at.cast::<u8>().write(low as u8),
                        9..=16 => at.cast::<u16>().write(low as u16),
                        17..=32 => at.cast::<u32>().write(low as u32),
                        33..=64 => at.cast::<u64>().write(low),
                        _ => (0..bits::words(port.width))
                            .for_each(|index| at.cast::<u32>().add(index).write(word(index) as u32)),
                    }
                }
            }
        }
    }
}
