//! The memory: words, with a port for instructions and one for data.

use std::fmt;
use std::path::Path;

use crate::devices::{Request, Response};

/// A program that can't be loaded.
#[derive(Debug, PartialEq, Eq)]
pub struct ImageError {
    place: String,
    what: String,
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for ImageError {}

/// RAM with one cycle of latency on both ports.
pub struct Memory {
    words: Vec<u32>,
    fetched: u32,
    read: u32,
}

impl Memory {
    /// A memory of zeros; `bytes` is a power of two.
    #[must_use]
    pub fn new(bytes: usize) -> Memory {
        assert!(bytes.is_power_of_two() && bytes >= 4, "{bytes} bytes are no power of two");
        Memory { words: vec![0; bytes / 4], fetched: 0, read: 0 }
    }

    /// Loads a file as `$readmemh` takes it: words in hexadecimal, `@ADDRESS`, comments.
    ///
    /// # Errors
    /// The file can't be read, holds something else, or is too long.
    pub fn load(&mut self, path: &Path) -> Result<(), ImageError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ImageError { place: path.display().to_string(), what: error.to_string() })?;
        self.load_text(&text, &path.display().to_string())
    }

    fn load_text(&mut self, text: &str, name: &str) -> Result<(), ImageError> {
        let mut address = 0;
        for (number, line) in text.lines().enumerate() {
            let bad = |what: String| ImageError { place: format!("{name}:{}", number + 1), what };
            for token in line.split("//").next().unwrap_or_default().split_whitespace() {
                let (digits, moves) = token.strip_prefix('@').map_or((token, false), |digits| (digits, true));
                let value = u32::from_str_radix(digits, 16)
                    .map_err(|_| bad(format!("found {token}; a word in hexadecimal is expected")))?;
                if moves {
                    address = value as usize;
                    continue;
                }
                let end = self.words.len();
                *self.words.get_mut(address).ok_or_else(|| bad(format!("the memory ends at word {end}")))? = value;
                address += 1;
            }
        }
        Ok(())
    }

    fn index(&self, address: u32) -> usize {
        (address as usize / 4) & (self.words.len() - 1)
    }

    /// A clock edge. Both ports see the words as they were before it.
    pub fn clock(&mut self, fetch: Option<u32>, data: Option<&Request>) {
        if let Some(address) = fetch {
            self.fetched = self.words[self.index(address)];
        }
        if let Some(request) = data {
            let index = self.index(request.address);
            if request.write {
                let mask = (0..4).filter(|byte| request.enables >> byte & 1 != 0).fold(0, |m, b| m | 0xffu32 << (8 * b));
                self.words[index] = self.words[index] & !mask | request.data & mask;
            } else {
                self.read = self.words[index];
            }
        }
    }

    /// What the port for instructions shows.
    #[must_use]
    pub fn fetched(&self) -> u32 {
        self.fetched
    }

    /// What the port for data shows.
    #[must_use]
    pub fn response(&self) -> Response {
        Response { data: self.read, error: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_have_words_addresses_and_comments() {
        let mut memory = Memory::new(64);
        memory.load_text("00000001 2 // two\n@4\n// nothing\ndeadbeef\n", "x.hex").unwrap();
        assert_eq!(memory.words[..6], [1, 2, 0, 0, 0xdead_beef, 0]);
    }

    #[test]
    fn what_is_no_image_is_named() {
        let mut memory = Memory::new(8);
        let error = memory.load_text("1\nxyz\n", "x.hex").unwrap_err();
        assert_eq!(error.to_string(), "x.hex:2: found xyz; a word in hexadecimal is expected");
        let error = memory.load_text("1 2\n3\n", "x.hex").unwrap_err();
        assert_eq!(error.to_string(), "x.hex:2: the memory ends at word 2");
        assert!(memory.load(Path::new("no_such.hex")).unwrap_err().to_string().starts_with("no_such.hex: "));
    }

    #[test]
    fn ports_answer_a_cycle_later_with_what_was_there() {
        let mut memory = Memory::new(64);
        let write = |enables, data| Request { write: true, enables, address: 0x8000_0008, data };
        memory.clock(Some(0x8000_0008), Some(&write(0xf, 0x1122_3344)));
        assert_eq!(memory.fetched(), 0);
        memory.clock(None, Some(&write(0b0110, 0xaabb_ccdd)));
        memory.clock(Some(8), Some(&Request { write: false, enables: 0, address: 8, data: 0 }));
        assert_eq!((memory.fetched(), memory.response().data), (0x11bb_cc44, 0x11bb_cc44));
    }
}
