//! Port storage: the model's own memory, read and written without a call.
//!
//! A generated struct fetches each port's address once and keeps it in one of
//! these, beside the `Instance` that owns the memory. The addresses hold for
//! the instance's life, so a slot that never leaves its struct stays valid.

use std::ffi::{c_char, c_void};
use std::ptr::NonNull;

use crate::abi::Api;

/// Storage of a scalar: an integer, an `f64`, or words.
pub struct Slot<T>(NonNull<T>);

impl<T: Copy> Slot<T> {
    /// # Safety
    /// `address` is storage of a `T` that outlives the slot, and nobody writes
    /// it while a reference from `get_ref` lives.
    #[must_use]
    pub unsafe fn new(address: *mut c_void) -> Slot<T> {
        // SAFETY: storage is never at null.
        Slot(unsafe { NonNull::new_unchecked(address.cast()) })
    }

    /// The value.
    #[inline(always)]
    #[must_use]
    pub fn get(&self) -> T {
        // SAFETY: promised to `new`.
        unsafe { self.0.read() }
    }

    /// The value in place.
    #[inline(always)]
    #[must_use]
    pub fn get_ref(&self) -> &T {
        // SAFETY: promised to `new`.
        unsafe { self.0.as_ref() }
    }

    /// Replaces the value.
    #[inline(always)]
    pub fn set(&mut self, value: T) {
        // SAFETY: promised to `new`.
        unsafe { self.0.write(value) }
    }
}

/// Storage of an unpacked array of `N` elements; several dimensions are flattened, the last fastest.
pub struct ArraySlot<T, const N: usize>(NonNull<[T; N]>);

impl<T: Copy, const N: usize> ArraySlot<T, N> {
    /// # Safety
    /// As for [`Slot::new`], for `N` elements one after the other.
    #[must_use]
    pub unsafe fn new(address: *mut c_void) -> ArraySlot<T, N> {
        // SAFETY: storage is never at null.
        ArraySlot(unsafe { NonNull::new_unchecked(address.cast()) })
    }

    /// One element.
    ///
    /// # Panics
    /// `index` is not below `N`.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, index: usize) -> T {
        // SAFETY: promised to `new`.
        let elements = unsafe { self.0.as_ref() };
        elements[index]
    }

    /// Replaces one element.
    ///
    /// # Panics
    /// `index` is not below `N`.
    #[inline(always)]
    pub fn set(&mut self, index: usize, value: T) {
        // SAFETY: promised to `new`.
        let elements = unsafe { self.0.as_mut() };
        elements[index] = value;
    }
}

/// Storage of `N` strings; 1 for a port that is no array.
pub struct TextSlot<const N: usize> {
    address: NonNull<c_void>,
    api: &'static Api,
}

impl<const N: usize> TextSlot<N> {
    /// # Safety
    /// As for [`Slot::new`], for `N` C++ strings one after the other.
    #[must_use]
    pub unsafe fn new(address: *mut c_void, api: &'static Api) -> TextSlot<N> {
        // SAFETY: storage is never at null.
        TextSlot { address: unsafe { NonNull::new_unchecked(address) }, api }
    }

    fn element(&self, index: usize) -> *mut c_void {
        assert!(index < N, "index {index} of {N} strings");
        // SAFETY: inside the array by the check above.
        unsafe { self.address.as_ptr().byte_add(index * self.api.string_size as usize) }
    }

    /// The bytes of one string.
    ///
    /// # Panics
    /// `index` is not below `N`.
    #[must_use]
    pub fn get(&self, index: usize) -> &[u8] {
        let mut size = 0;
        // SAFETY: the element is a C++ string, whose bytes stay until it is written again, which
        // takes a `&mut` of the same struct.
        unsafe {
            let data = (self.api.string_get)(self.element(index), &mut size);
            std::slice::from_raw_parts(data.cast::<u8>(), size)
        }
    }

    /// Replaces one string.
    ///
    /// # Panics
    /// `index` is not below `N`.
    pub fn set(&mut self, index: usize, value: &[u8]) {
        // SAFETY: the element is a C++ string; it copies the bytes.
        unsafe { (self.api.string_set)(self.element(index), value.as_ptr().cast::<c_char>(), value.len()) }
    }
}

/// The place of an element in flattened storage, the last dimension fastest.
///
/// # Panics
/// An index is outside its dimension.
#[doc(hidden)]
#[inline(always)]
#[must_use]
#[track_caller]
pub fn flat<const D: usize>(at: [usize; D], sizes: [usize; D], port: &str) -> usize {
    let mut index = 0;
    for (at, size) in at.into_iter().zip(sizes) {
        assert!(at < size, "index {at} of a dimension of port {port} that has {size} elements");
        index = index * size + at;
    }
    index
}

/// A clock's port and the level after its counting edge.
pub struct ClockSlot {
    pub(crate) slot: Slot<u8>,
    pub(crate) active: u8,
}

impl ClockSlot {
    #[doc(hidden)]
    #[must_use]
    pub fn new(slot: Slot<u8>, active: u8) -> ClockSlot {
        ClockSlot { slot, active }
    }
}

/// A reset's port.
pub struct ResetSlot {
    pub(crate) slot: Slot<u8>,
    pub(crate) active: u8,
    pub(crate) asynchronous: bool,
}

impl ResetSlot {
    #[doc(hidden)]
    #[must_use]
    pub fn new(slot: Slot<u8>, active: u8, asynchronous: bool) -> ResetSlot {
        ResetSlot { slot, active, asynchronous }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_the_storage() {
        let mut storage = 7u32;
        // SAFETY: the storage outlives the slot.
        let mut slot = unsafe { Slot::<u32>::new((&raw mut storage).cast()) };
        slot.set(9);
        assert_eq!((slot.get(), *slot.get_ref()), (9, 9));
        assert_eq!(storage, 9);
    }

    #[test]
    fn elements_lie_one_after_the_other() {
        let mut storage = [[1u32, 2], [3, 4], [5, 6]];
        // SAFETY: the storage outlives the slot.
        let mut slot = unsafe { ArraySlot::<[u32; 2], 3>::new((&raw mut storage).cast()) };
        slot.set(1, [8, 9]);
        assert_eq!((slot.get(0), slot.get(1), slot.get(2)), ([1, 2], [8, 9], [5, 6]));
    }

    #[test]
    fn the_last_dimension_is_the_fastest() {
        assert_eq!(flat([1, 2], [3, 4], "p"), 6);
        assert_eq!(flat([2, 0, 1], [3, 2, 2], "p"), 9);
    }

    #[test]
    #[should_panic(expected = "index 4 of a dimension of port p that has 4 elements")]
    fn an_index_outside_its_dimension_is_refused() {
        let _ = flat([0, 4], [3, 4], "p");
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn an_element_outside_is_refused() {
        let mut storage = [0u8; 4];
        // SAFETY: the storage outlives the slot.
        let slot = unsafe { ArraySlot::<u8, 4>::new((&raw mut storage).cast()) };
        let _ = slot.get(4);
    }
}
