//! Bits in 32-bit words, least significant word first, as Verilator stores wide values.
//!
//! Nothing here is unsafe; generated accessors are built from these functions.

use std::fmt;

/// Words that `width` bits need.
#[must_use]
pub const fn words(width: u32) -> usize {
    width.div_ceil(32) as usize
}

/// A mask of the low `width` bits; all of them from 128 on.
#[must_use]
#[inline(always)]
pub const fn mask(width: u32) -> u128 {
    if width >= 128 {
        u128::MAX
    } else {
        (1 << width) - 1
    }
}

/// Whether `value` is representable in `width` bits without a sign.
#[must_use]
#[inline(always)]
pub const fn fits(value: u128, width: u32) -> bool {
    value & !mask(width) == 0
}

/// Whether `value` is representable in `width` bits of two's complement.
#[must_use]
#[inline(always)]
pub const fn fits_signed(value: i128, width: u32) -> bool {
    width >= 128 || (value >> (width - 1) == 0 || value >> (width - 1) == -1)
}

/// Extends the sign of the low `width` bits, `1 <= width <= 128`.
#[must_use]
#[inline(always)]
pub const fn sign_extend(value: u128, width: u32) -> i128 {
    ((value << (128 - width)) as i128) >> (128 - width)
}

/// The bits `lsb .. lsb + width` as a number, `1 <= width <= 128`.
///
/// # Panics
/// The bits reach beyond the words.
#[must_use]
#[inline]
pub fn get(from: &[u32], lsb: u32, width: u32) -> u128 {
    let mut value: u128 = 0;
    let mut done = 0;
    while done < width {
        let at = lsb + done;
        let taken = (32 - at % 32).min(width - done);
        let part = (from[(at / 32) as usize] >> (at % 32)) as u128 & mask(taken);
        value |= part << done;
        done += taken;
    }
    value
}

/// Replaces the bits `lsb .. lsb + width` by the low bits of `value`, `1 <= width <= 128`.
///
/// # Panics
/// The bits reach beyond the words.
#[inline]
pub fn set(into: &mut [u32], lsb: u32, width: u32, value: u128) {
    let mut done = 0;
    while done < width {
        let at = lsb + done;
        let taken = (32 - at % 32).min(width - done);
        let keep = !((mask(taken) as u32) << (at % 32));
        let word = &mut into[(at / 32) as usize];
        *word = *word & keep | ((value >> done & mask(taken)) as u32) << (at % 32);
        done += taken;
    }
}

/// The bits `lsb .. lsb + width` as words of their own.
///
/// # Panics
/// The bits reach beyond the words, or don't fit in `N` words.
#[must_use]
#[inline]
pub fn get_words<const N: usize>(from: &[u32], lsb: u32, width: u32) -> [u32; N] {
    let mut out = [0; N];
    let mut done = 0;
    while done < width {
        let taken = (width - done).min(32);
        out[(done / 32) as usize] = get(from, lsb + done, taken) as u32;
        done += taken;
    }
    out
}

/// Replaces the bits `lsb .. lsb + width` by the low bits of `value`.
///
/// # Panics
/// The bits reach beyond the words, or `value` has fewer than `width` bits.
#[inline]
pub fn set_words(into: &mut [u32], lsb: u32, width: u32, value: &[u32]) {
    let mut done = 0;
    while done < width {
        let taken = (width - done).min(32);
        set(into, lsb + done, taken, u128::from(value[(done / 32) as usize]));
        done += taken;
    }
}

/// Words of a number.
#[must_use]
#[inline(always)]
pub fn from_u128<const N: usize>(value: u128) -> [u32; N] {
    let mut out = [0; N];
    let mut index = 0;
    while index < N && index < 4 {
        out[index] = (value >> (32 * index)) as u32;
        index += 1;
    }
    out
}

/// The number that up to four words make.
#[must_use]
#[inline(always)]
pub fn to_u128<const N: usize>(words: &[u32; N]) -> u128 {
    let mut value = 0;
    let mut index = 0;
    while index < N && index < 4 {
        value |= u128::from(words[index]) << (32 * index);
        index += 1;
    }
    value
}

/// Whether the bits from `width` on are all zero.
#[must_use]
#[inline]
pub fn words_fit(value: &[u32], width: u32) -> bool {
    let full = (width / 32) as usize;
    let rest = width % 32;
    value.iter().enumerate().all(|(index, &word)| match index {
        _ if index < full => true,
        _ if index == full && rest != 0 => word >> rest == 0,
        _ => word == 0,
    })
}

/// Clears the bits from `width` on.
#[must_use]
#[inline]
pub fn masked<const N: usize>(mut value: [u32; N], width: u32) -> [u32; N] {
    let full = (width / 32) as usize;
    for (index, word) in value.iter_mut().enumerate() {
        if index > full || (index == full && width % 32 == 0) {
            *word = 0;
        } else if index == full {
            *word &= mask(width % 32) as u32;
        }
    }
    value
}

/// An array of what `make` gives for each index, or its first error.
///
/// # Errors
/// What `make` returned.
#[inline]
pub fn try_array<T, E, const N: usize>(mut make: impl FnMut(usize) -> Result<T, E>) -> Result<[T; N], E> {
    let mut failed = None;
    let made: [Option<T>; N] = std::array::from_fn(|index| match make(index) {
        Ok(value) => Some(value),
        Err(error) => {
            failed.get_or_insert(error);
            None
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(made.map(|value| value.expect("nothing failed"))),
    }
}

/// Shows words as one hexadecimal number, as `{:#x}` would.
pub struct Hex<'a>(pub &'a [u32]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let top = self.0.iter().rposition(|&word| word != 0).unwrap_or(0);
        write!(f, "0x{:x}", self.0.get(top).copied().unwrap_or(0))?;
        self.0[..top.min(self.0.len())].iter().rev().try_for_each(|word| write!(f, "{word:08x}"))
    }
}

impl fmt::Debug for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator, so that the tests need no other crate.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }
    }

    fn bit(words: &[u32], index: u32) -> bool {
        words[(index / 32) as usize] >> (index % 32) & 1 != 0
    }

    #[test]
    fn get_and_set_agree_with_single_bits() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let rounds = if cfg!(miri) { 30 } else { 2000 };
        for _ in 0..rounds {
            let mut words: [u32; 6] = std::array::from_fn(|_| random.next() as u32);
            let width = (random.next() % 128) as u32 + 1;
            let lsb = (random.next() % u64::from(192 - width + 1)) as u32;
            let value = u128::from(random.next()) << 64 | u128::from(random.next());
            let before = words;
            set(&mut words, lsb, width, value);
            for index in 0..192 {
                let inside = (lsb..lsb + width).contains(&index);
                let wanted = if inside { value >> (index - lsb) & 1 != 0 } else { bit(&before, index) };
                assert_eq!(bit(&words, index), wanted, "bit {index} of {width} at {lsb}");
            }
            assert_eq!(get(&words, lsb, width), value & mask(width));
        }
    }

    #[test]
    fn words_agree_with_single_bits() {
        let mut random = Random(7);
        let rounds = if cfg!(miri) { 20 } else { 1000 };
        for _ in 0..rounds {
            let mut words: [u32; 8] = std::array::from_fn(|_| random.next() as u32);
            let width = (random.next() % 160) as u32 + 1;
            let lsb = (random.next() % u64::from(256 - width + 1)) as u32;
            let value: [u32; 5] = std::array::from_fn(|_| random.next() as u32);
            let before = words;
            set_words(&mut words, lsb, width, &value);
            let got: [u32; 5] = get_words(&words, lsb, width);
            assert_eq!(got, masked(value, width));
            assert!(words_fit(&got, width));
            for index in (0..lsb).chain(lsb + width..256) {
                assert_eq!(bit(&words, index), bit(&before, index));
            }
        }
    }

    #[test]
    fn signs() {
        for width in 1..=128 {
            let least = if width == 128 { i128::MIN } else { -(1 << (width - 1)) };
            let most = -(least + 1);
            assert_eq!(sign_extend(least as u128 & mask(width), width), least);
            assert_eq!(sign_extend(most as u128, width), most);
            assert!(fits_signed(least, width) && fits_signed(most, width));
            if width < 128 {
                assert!(!fits_signed(least - 1, width) && !fits_signed(most + 1, width));
                assert!(!fits(mask(width) + 1, width));
            }
            assert!(fits(mask(width), width));
        }
    }

    #[test]
    fn bits_beyond_the_width() {
        assert!(words_fit(&[u32::MAX, 1], 33));
        assert!(!words_fit(&[0, 2], 33));
        assert!(!words_fit(&[0, 0, 1], 64));
        assert_eq!(masked([u32::MAX; 3], 64), [u32::MAX, u32::MAX, 0]);
        assert_eq!(masked([u32::MAX; 3], 65), [u32::MAX, u32::MAX, 1]);
        assert_eq!(masked([u32::MAX; 2], 1), [1, 0]);
    }

    #[test]
    fn hexadecimal() {
        assert_eq!(Hex(&[0]).to_string(), "0x0");
        assert_eq!(Hex(&[]).to_string(), "0x0");
        assert_eq!(Hex(&[0xff, 0, 0]).to_string(), "0xff");
        assert_eq!(Hex(&[1, 0x2a]).to_string(), "0x2a00000001");
    }

    #[test]
    fn numbers() {
        assert_eq!(from_u128::<3>(u128::MAX), [u32::MAX; 3]);
        assert_eq!(to_u128(&[1, 2, 3]), 1 | 2 << 32 | 3 << 64);
        assert_eq!(to_u128(&from_u128::<5>(u128::MAX - 9)), u128::MAX - 9);
    }
}
