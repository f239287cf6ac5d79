//! Interim answers (1xx; RFC 9110, section 15.2). Any number of them may come before an answer, and they change nothing.

/// The beginning of one, with any digit for `#` and any white space for `_`.
const STATUS_LINE: &[u8] = b"HTTP/1.# 1##_";

/// How many bytes at the beginning of this are interim answers that have come in whole.
pub(super) fn whole(text: &[u8]) -> usize {
    let mut end = 0;
    while let Some(head) = text.get(end..).filter(|rest| begins(rest)).and_then(head) {
        end = end.saturating_add(head);
    }
    end
}

/// Whether what is there may be the beginning of one. 101 is none: what follows it is another protocol.
pub(super) fn begins(text: &[u8]) -> bool {
    let line = text.trim_ascii_start();
    line.get(9..12) != Some(b"101")
        && line.iter().zip(STATUS_LINE).all(|(byte, expected)| match expected {
            b'#' => byte.is_ascii_digit(),
            b'_' => byte.is_ascii_whitespace(),
            _ => byte == expected,
        })
}

/// The length of a head up to and with its empty line. Lines may end as ureq lets them.
fn head(text: &[u8]) -> Option<usize> {
    let start = text.len().saturating_sub(text.trim_ascii_start().len());
    (start..text.len()).find_map(|at| {
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
            assert_eq!(begins(text), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn only_those_are_passed_over_that_are_whole() {
        let (first, second) = (&b"HTTP/1.1 103 Early Hints\r\nLink: x\n\r\n"[..], &b"\r\nHTTP/1.0 100\n\n"[..]);
        for rest in [&b""[..], b"HTTP/1.1 103", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 101 Other\r\n\r\n", b"x"] {
            for begin in [&b""[..], first, second, &[first, second, first].concat()] {
                let text = [begin, rest].concat();
                assert_eq!(whole(&text), begin.len(), "{}", String::from_utf8_lossy(&text));
            }
        }
    }
}
