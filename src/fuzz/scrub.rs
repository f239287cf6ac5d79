//! The search for a secret in what a server says, however it is written there.
//!
//! The input is the secret and a line break, a byte for what becomes of it, and one for each of its characters: how that is
//! written. The text is looked through as it is, too.

use super::input::Input;
use crate::scrub::Scrub;
use crate::secret::REDACTED;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

/// More characters of a secret are needed before it is found by its beginning.
const TELLING: usize = 6;

pub fn scrub(input: &[u8]) {
    let mut input = Input(input);
    // What stands around it in the text is none of it.
    let secret: String = String::from_utf8_lossy(input.until(b'\n')).replace(['[', ']'], "").chars().take(64).collect();
    let secret = secret.trim();
    check_shown(secret, &String::from_utf8_lossy(input.0));
    if secret.is_empty() {
        return;
    }
    let (is_cut_off, in_base64, backslashes) = (input.byte(), input.byte(), input.byte());
    let whole = secret.chars().count();
    let length = if is_cut_off % 4 == 0 { TELLING + usize::from(is_cut_off) / 4 } else { whole }.min(whole);
    let written: String = secret
        .chars()
        .take(length)
        .map(|character| {
            // Those in a row are escaped all or none, as a program does it.
            let how = if character == '\\' { backslashes } else { input.byte() };
            write(character, how)
        })
        .collect();
    let shown = check_shown(secret, &format!("[{written}]"));
    assert_eq!(shown, format!("[{REDACTED}]"), "{secret:?} as {written:?}");

    // Fewer bytes than these are not looked for.
    if secret.len() >= TELLING {
        let text = [input.take(usize::from(in_base64) % 4), secret.as_bytes(), input.0].concat();
        for encoded in [BASE64_STANDARD.encode(&text), BASE64_URL_SAFE_NO_PAD.encode(&text)] {
            let shown = check_shown(secret, &format!("{encoded}]"));
            assert!(shown.ends_with(&format!("{REDACTED}]")), "{secret:?} in {text:?}: {shown:?}");
        }
    }
}

/// What is shown of the text, which is a line of a limited length.
fn check_shown(secret: &str, text: &str) -> String {
    let shown = Scrub::new(&|| vec![secret]).show(text);
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(shown.chars().count() <= 301, "{shown:?}");
    shown
}

/// A character as programs write it.
fn write(character: char, how: u8) -> String {
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let units = |hex: fn(u16) -> String| character.encode_utf16(&mut [0; 2]).iter().map(|unit| hex(*unit)).collect();
    match how % 16 {
        1 => character.to_uppercase().collect(),
        2 => character.to_lowercase().collect(),
        3 => percent(character.encode_utf8(&mut [0; 4])),
        4 => percent(character.encode_utf8(&mut [0; 4])).to_uppercase(),
        5 => percent(&character.to_uppercase().to_string()),
        6 => units(|unit| format!("\\u{unit:04x}")),
        7 => units(|unit| format!("\\u{unit:04X}")),
        8 => format!("&#{};", u32::from(character)),
        9 => format!("&#x{:x};", u32::from(character)),
        10 => format!("&#X{:X};", u32::from(character)),
        11 => in_json(character),
        12 => in_html(character),
        13 if character == ' ' => "+".to_owned(),
        14 => format!("&#{:05};", u32::from(character)),
        _ => character.to_string(),
    }
}

/// RFC 8259, section 7.
fn in_json(character: char) -> String {
    match character {
        '"' | '\\' | '/' => format!("\\{character}"),
        '\u{8}' => "\\b".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        other => other.to_string(),
    }
}

fn in_html(character: char) -> String {
    let name = match character {
        '&' => "amp",
        '<' => "lt",
        '>' => "gt",
        '"' => "quot",
        '\'' => "apos",
        'é' => "eacute",
        other => return other.to_string(),
    };
    format!("&{name};")
}
