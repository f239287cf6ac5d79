//! Values that occur nowhere else, and the forms in which a piece of one would show.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::HashMap;
use std::fmt::Write;

/// So much of a secret has to stand together to count as found: less says nothing of it, and occurs by chance.
const PIECE: usize = 8;

/// Letters and digits that nobody can guess.
pub fn random(length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).unwrap();
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

/// Everything to look for, by its first bytes.
#[derive(Default)]
pub struct Canaries {
    pieces: HashMap<[u8; PIECE], &'static str>,
    /// Which pairs of bytes a piece begins with: nearly every place is passed over by one look.
    beginnings: Vec<bool>,
}

impl Canaries {
    /// Adds a text in each form that it can have: as it is, percent-encoded, in base64 wherever it begins there, and with
    /// JSON's escapes. Characters that JSON or URLs escape on their own part it, and each part is looked for.
    pub fn text(mut self, name: &'static str, text: &str) -> Self {
        for form in std::iter::once(text.to_owned()).chain(encoded(text)) {
            self.bytes(name, form.as_bytes());
        }
        self
    }

    /// Adds bytes as they are, and in the other order, in which arithmetic has them.
    pub fn number(mut self, name: &'static str, bytes: &[u8]) -> Self {
        self.bytes(name, bytes);
        self.bytes(name, &bytes.iter().rev().copied().collect::<Vec<u8>>());
        self
    }

    fn bytes(&mut self, name: &'static str, bytes: &[u8]) {
        self.beginnings.resize(1 << 16, false);
        for piece in bytes.windows(PIECE) {
            self.pieces.insert(piece.try_into().unwrap(), name);
            self.beginnings[usize::from(u16::from_le_bytes([piece[0], piece[1]]))] = true;
        }
    }

    /// Where a piece of a secret stands in these bytes, and of which.
    pub fn find<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, &'static str)> + 'a {
        let begins = |at: &usize| self.beginnings[usize::from(u16::from_le_bytes([bytes[*at], bytes[*at + 1]]))];
        (0..(bytes.len() + 1).saturating_sub(PIECE))
            .filter(begins)
            .filter_map(|at| Some((at, *self.pieces.get(&bytes[at..at + PIECE])?)))
    }
}

fn encoded(text: &str) -> Vec<String> {
    let each = |before: &str, upper: bool| {
        text.bytes().fold(String::new(), |mut all, byte| {
            let _ = if upper { write!(all, "{before}{byte:02X}") } else { write!(all, "{before}{byte:02x}") };
            all
        })
    };
    let base64 = (0..3).map(|shift| {
        let shifted = STANDARD.encode(format!("{}{text}", "-".repeat(shift)));
        // The characters at both ends belong to the neighbours as well.
        shifted[4..shifted.len() - 4].to_owned()
    });
    let mut forms = vec![each("%", true), each("%", false), each("\\u00", true), each("\\u00", false)];
    for form in base64 {
        forms.push(form.replace('+', "-").replace('/', "_"));
        forms.push(form);
    }
    forms
}
