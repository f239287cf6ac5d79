//! The characters of a JSON string, one after the other, without a copy of it.

/// The characters that a string literal in well-formed JSON stands for, its quotes included in `literal`. `None` in place of
/// half a surrogate pair, which is no character.
pub(crate) fn characters(literal: &str) -> impl Iterator<Item = Option<char>> {
    let inside = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let mut rest = inside.chars();
    std::iter::from_fn(move || {
        let character = rest.next()?;
        if character != '\\' {
            return Some(Some(character));
        }
        Some(match rest.next()? {
            'u' => {
                let high = unit(&mut rest);
                let mut after = rest.clone();
                let low = after.next() == Some('\\') && after.next() == Some('u');
                let low = low.then(|| unit(&mut after)).filter(|low| (0xdc00..0xe000).contains(low));
                match low {
                    Some(low) if (0xd800..0xdc00).contains(&high) => {
                        rest = after;
                        char::from_u32(((high & 0x3ff) << 10 | low & 0x3ff).saturating_add(0x1_0000))
                    }
                    _ => char::from_u32(high),
                }
            }
            other => Some(escape(other)),
        })
    })
}

/// What an escape of two characters stands for, by its second.
pub(crate) fn escape(second: char) -> char {
    match second {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        // A quote, a slash, a backslash.
        other => other,
    }
}

/// The four digits of `\u`.
fn unit(rest: &mut std::str::Chars) -> u32 {
    rest.by_ref().take(4).fold(0, |unit, digit| unit << 4 | digit.to_digit(16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_is_what_serde_makes_of_it() {
        for literal in [
            r#""""#,
            r#""plain 密码""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u0041\u00e9\u5bc6x\uD83D\uDE00\uFFFF\u0000""#,
            r#""\uDBFF\uDFFF""#,
        ] {
            let expected: String = serde_json::from_str(literal).unwrap();
            assert_eq!(characters(literal).collect::<Option<String>>(), Some(expected), "{literal}");
        }
    }

    #[test]
    fn half_of_a_pair_is_no_character() {
        for literal in [r#""a\ud800""#, r#""\udc00""#, r#""\ud800\ud800""#, r#""\ud800\n""#, r#""\ud800x""#] {
            assert!(serde_json::from_str::<String>(literal).is_err());
            assert!(characters(literal).any(|character| character.is_none()), "{literal}");
        }
    }
}
