//! JSON whose shape makes its reader take more memory than there may be.

/// How deep arrays and objects may be inside of each other. `serde_json` keeps a byte for each that is open, and where there
/// is no memory for them, that is the end of the program; so many take a block that counts as small.
const MAX_DEPTH: usize = 32 * 1024;

/// How long a name with an escape may be: of such a one it takes a copy.
const MAX_ESCAPED_NAME_BYTES: usize = 32 * 1024;

/// What a text is refused for that is not modest.
pub(crate) const IMMODEST: &str = "Its arrays and objects are more than 32768 deep, or a name is too long";

/// Whether a text can be read without a large block of memory. Of what is no JSON it may say anything.
pub(crate) fn is_modest(json: &str) -> bool {
    if json.len() <= MAX_DEPTH.min(MAX_ESCAPED_NAME_BYTES) {
        return true;
    }
    let mut depth = 0_usize;
    let mut rest = json.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                if depth > MAX_DEPTH {
                    return false;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let (length, has_escape) = string(rest);
                rest = rest.get(length..).unwrap_or_default();
                let is_name = rest.trim_ascii_start().starts_with(b":");
                if is_name && has_escape && length > MAX_ESCAPED_NAME_BYTES {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

/// How long a string is, from after its first quote to after its last, and whether there is an escape in it.
fn string(text: &[u8]) -> (usize, bool) {
    let (mut length, mut has_escape, mut is_escaped) = (0_usize, false, false);
    for byte in text {
        length = length.saturating_add(1);
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => (has_escape, is_escaped) = (true, true),
            b'"' => break,
            _ => {}
        }
    }
    (length, has_escape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_depth_that_counts_and_names_with_escapes() {
        assert!(IMMODEST.contains(&MAX_DEPTH.to_string()));
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let long = "x".repeat(MAX_ESCAPED_NAME_BYTES);
        for (json, expected) in [
            (nested(MAX_DEPTH), true),
            (nested(MAX_DEPTH + 1), false),
            ("{\"a\":".repeat(MAX_DEPTH + 1), false),
            ("[],{},".repeat(MAX_DEPTH), true),
            (format!("[\"{}\"]", "[".repeat(MAX_DEPTH + 1)), true),
            (format!("[\"\\\"{}\"]", "[".repeat(MAX_DEPTH + 1)), true),
            (format!("[\"\\\\\",{}", nested(MAX_DEPTH)), false),
            (format!("{{\"{long}x\":1}}"), true),
            (format!("{{\"\\n{long}\" \n:1}}"), false),
            (format!("{{\"a\":\"\\n{long}\"}}"), true),
            (format!("{{\"\\n{long}"), true),
        ] {
            assert_eq!(is_modest(&json), expected, "{} bytes: {:.30}", json.len(), json);
        }
    }
}
