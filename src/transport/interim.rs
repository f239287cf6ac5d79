//! Interim answers (1xx; RFC 9110, section 15.2). Any number of them may come before an answer, and they change nothing.

/// What has come of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Interim {
    /// All of it, which is so many bytes.
    Whole(usize),
    /// What may be the beginning of one, if anything at all.
    Part,
}

/// The beginning of one, with any digit for `#` and any white space for `_`.
const STATUS_LINE: &[u8] = b"HTTP/1.# 1##_";

/// Finds one at the beginning of what has come. 101 is none: what follows it is another protocol.
pub(super) fn at_the_beginning(text: &[u8]) -> Option<Interim> {
    // Empty lines may come before it.
    let line = text.trim_ascii_start();
    let fits = line.iter().zip(STATUS_LINE).all(|(byte, expected)| match expected {
        b'#' => byte.is_ascii_digit(),
        b'_' => byte.is_ascii_whitespace(),
        _ => byte == expected,
    });
    if !fits || line.get(9..12) == Some(b"101") {
        return None;
    }
    let before = text.len().saturating_sub(line.len());
    Some(head(line).map_or(Interim::Part, |length| Interim::Whole(before.saturating_add(length))))
}

/// The length of a head up to and with its empty line. Lines may end as ureq lets them.
fn head(text: &[u8]) -> Option<usize> {
    (0..text.len()).find_map(|at| {
        let rest = text.get(at..)?.strip_prefix(b"\n")?;
        let after = rest.strip_prefix(b"\n").or_else(|| rest.strip_prefix(b"\r\n"))?;
        Some(text.len().saturating_sub(after.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_known_by_its_status_line() {
        for (text, expected) in [
            (&b"HTTP/1.1 413 Payload Too Large\r\n"[..], false),
            (b"HTTP/1.0 200", false),
            (b"HTTP/1.1 102 Processing\r\n", true),
            (b"HTTP/1.1 ", true),
            (b"HTTP/1.1 101 Switching Protocols\r\n", false),
            (b"HTTP/1.1 1000 ", false),
            (b"HTTP/1.1 1xx ", false),
            (b"HTTP/2 200", false),
            (b"<html>", false),
            (b"\r\nHTTP", true),
            (b"", true),
        ] {
            assert_eq!(at_the_beginning(text).is_some(), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn it_ends_with_an_empty_line() {
        for (head, rest) in [
            ("HTTP/1.1 103 Early Hints\r\nLink: x\n\r\n", "HTTP/1.1 200"),
            ("\r\nHTTP/1.0 100\n\n", ""),
            ("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"),
        ] {
            let text = [head, rest].concat();
            assert_eq!(at_the_beginning(text.as_bytes()), Some(Interim::Whole(head.len())), "{text}");
            let cut = &text[..head.len() - 1];
            assert_eq!(at_the_beginning(cut.as_bytes()), Some(Interim::Part), "{cut}");
        }
    }
}
