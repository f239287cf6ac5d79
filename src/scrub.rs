//! The server's texts, made fit to be shown: without what a request held in confidence, on one line, and not too long.

use crate::json_string;
use crate::secret::REDACTED;
use crate::token::MAX_TOKEN_BYTES;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use std::cell::Cell;
use std::fmt::Write;
use zeroize::Zeroizing;

/// Takes a request's secrets out of what the server says: as they are, in other case, percent-encoded, with the escapes of
/// JSON or HTML, in base64, or cut off at their end. Out of what it has scrambled otherwise nobody can take them.
pub(crate) struct Scrub<'a> {
    /// Asked only when there is something to show.
    secrets: &'a dyn Fn() -> Vec<&'a str>,
    /// How many of [`MAX_STEPS`] are left.
    steps: Cell<usize>,
}

/// More than any message of the server; keeps a page of HTML out of an error text.
const MAX_SHOWN_CHARS: usize = 300;

/// So many characters of a secret's beginning are taken for the secret.
const TELLING_CHARS: usize = 6;
/// And so many in base64.
const TELLING_BASE64: usize = 8;

/// Where a text can be read in several ways, so many of them are followed, an even number.
const MAX_ENDS: usize = 8;
/// So many characters are compared for all texts of an answer, which takes less than a tenth of a second: it comes on top of the
/// call's deadline. What is left of them after that is not shown.
const MAX_STEPS: usize = 200_000;

/// Counts these. Whether that is all there were.
fn are_used_up(steps: &Cell<usize>, by: usize) -> bool {
    steps.set(steps.get().saturating_sub(by));
    steps.get() == 0
}

impl<'a> Scrub<'a> {
    pub(crate) fn new(secrets: &'a dyn Fn() -> Vec<&'a str>) -> Self {
        Scrub { secrets, steps: Cell::new(MAX_STEPS) }
    }

    pub(crate) fn show(&self, server_text: &str) -> String {
        let secrets = (self.secrets)();
        // White space at the ends may get lost on the way, and tells nothing.
        let secrets: Vec<&str> = secrets.into_iter().map(str::trim).filter(|secret| !secret.is_empty()).collect();
        let in_base64: Vec<_> = secrets.iter().flat_map(|secret| in_base64(secret)).collect();
        let mut shown = String::new();
        let mut rest = server_text.trim();
        // Of what is too long only a little more than what is shown is looked at.
        while !rest.is_empty() && shown.len() <= MAX_SHOWN_CHARS.saturating_mul(4) {
            let plain = secrets.iter().filter_map(|secret| occurrence(rest, secret, &self.steps));
            let encoded = in_base64.iter().filter_map(|encoded| base64_occurrence(rest, encoded, &self.steps));
            if let Some(Occurrence { mut length, is_whole }) = plain.chain(encoded).max() {
                if !is_whole {
                    // What looks like the beginning of one may be only what stands before a whole one.
                    let begins_whole = |at: &usize| {
                        let from = rest.get(*at..).unwrap_or_default();
                        let mut found = secrets.iter().filter_map(|secret| occurrence(from, secret, &self.steps));
                        found.any(|found| found.is_whole)
                    };
                    let within = rest.get(..length).unwrap_or_default().char_indices().map(|(at, _)| at);
                    length = within.skip(1).find(begins_whole).unwrap_or(length);
                }
                shown.push_str(REDACTED);
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            let mut characters = rest.chars();
            let Some(next) = characters.next() else { break };
            shown.push(if is_plain(next) { next } else { ' ' });
            rest = characters.as_str();
        }
        if let Some((cut, _)) = shown.char_indices().nth(MAX_SHOWN_CHARS) {
            shown.truncate(cut);
            let _ = shown.write_char('…');
        }
        shown
    }
}

/// Whether a character stands where it is written, on the same line as the others.
fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A secret at the beginning of a text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Occurrence {
    /// In bytes.
    length: usize,
    /// Or else its beginning only, or what is like it.
    is_whole: bool,
}

impl Occurrence {
    /// For a text that there is no time to look through.
    fn all_of(text: &str) -> Self {
        Occurrence { length: text.len(), is_whole: true }
    }
}

/// What of the text is the secret, where it begins with it.
fn occurrence(text: &str, secret: &str, steps: &Cell<usize>) -> Option<Occurrence> {
    // What looks like an encoding may be the secret's own, which only what follows tells: both are tried. These are the places
    // where the characters so far may end, in order.
    let mut ends = vec![0];
    let mut next = Vec::new();
    // Up to the furthest of them all it is taken for the secret, lest a part of an escape is left.
    let (mut furthest, mut matched) = (0, 0_usize);
    for character in secret.chars() {
        if are_used_up(steps, ends.len()) {
            return Some(Occurrence::all_of(text));
        }
        next.clear();
        for end in &ends {
            add_ends(&mut next, text, *end, character);
        }
        next.sort_unstable();
        next.dedup();
        // So many come of backslashes in a row only: either none of them is escaped, or each is.
        if let Some(surplus @ 1..) = next.len().checked_sub(MAX_ENDS) {
            next.drain(MAX_ENDS / 2..surplus.saturating_add(MAX_ENDS / 2));
        }
        let Some(last) = next.last() else {
            return (matched >= TELLING_CHARS).then_some(Occurrence { length: furthest, is_whole: false });
        };
        furthest = furthest.max(*last);
        matched = matched.saturating_add(1);
        std::mem::swap(&mut ends, &mut next);
    }
    Some(Occurrence { length: furthest, is_whole: true })
}

/// Adds where this character may end that begins here in the text.
fn add_ends(ends: &mut Vec<usize>, text: &str, begin: usize, character: char) {
    ends.extend(written(text, begin, character));
    // `ß` is `SS` in upper case.
    add_ends_of_several(ends, text, begin, character.to_uppercase());
    add_ends_of_several(ends, text, begin, character.to_lowercase());
}

/// As [`add_ends`], for a character that is several in the other case.
fn add_ends_of_several(
    ends: &mut Vec<usize>,
    text: &str,
    begin: usize,
    characters: impl ExactSizeIterator<Item = char>,
) {
    if characters.len() > 1 {
        ends.extend(characters.fold(vec![begin], |ends, character| {
            ends.into_iter().flat_map(|end| written(text, end, character)).collect()
        }));
    }
}

/// Where in the text this character may end that begins here: as it is, or as an escape.
fn written(text: &str, begin: usize, character: char) -> impl Iterator<Item = usize> {
    let readings = readings(text.get(begin..).unwrap_or_default(), character);
    readings.filter(move |(read, _)| is_same(*read, character)).map(move |(_, length)| begin.saturating_add(length))
}

/// How this text can be read to begin, where this character is expected, and how long that is.
fn readings(rest: &str, character: char) -> impl Iterator<Item = (char, usize)> {
    let first = rest.chars().next();
    let as_it_is = first.map(|first| (first, first.len_utf8()));
    let decoded = match first {
        Some('+') => Some((' ', 1)),
        Some('%') => percent_encoded(rest),
        Some('\\') => json_escaped(rest),
        Some('&') => html_entity(rest, character),
        // The end of `&fjlig;`.
        Some('j') if rest.starts_with("jlig;") => Some(('j', 5)),
        _ => None,
    };
    as_it_is.into_iter().chain(decoded)
}

/// Whether two characters differ in case at most. Some share only one of the two: `s` and `ſ`, `σ` and `ς`.
fn is_same(one: char, other: char) -> bool {
    // The upper case of `i` in Turkish.
    let [one, other] = [one, other].map(|character| if character == 'İ' { 'i' } else { character });
    one == other || one.to_lowercase().eq(other.to_lowercase()) || one.to_uppercase().eq(other.to_uppercase())
}

/// A character as `%E5%AF%86`, and how long that is.
fn percent_encoded(text: &str) -> Option<(char, usize)> {
    const LONGEST_IN_UTF8: usize = 4;
    let mut bytes = Vec::new();
    let mut rest = text;
    while bytes.len() < LONGEST_IN_UTF8 {
        let digits = rest.strip_prefix('%')?;
        bytes.push(u8::from_str_radix(digits.get(..2)?, 16).ok()?);
        rest = digits.get(2..)?;
        if let Some(character) = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            return Some((character, text.len().saturating_sub(rest.len())));
        }
    }
    None
}

/// A character as `\u5bc6` or `\"`, and how long that is.
fn json_escaped(text: &str) -> Option<(char, usize)> {
    let escaped = text.strip_prefix('\\')?;
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    let Some(high) = unit(escaped) else {
        let character = escaped.chars().next()?;
        let length = character.len_utf8().saturating_add(1);
        return Some((json_string::escape(character), length));
    };
    if let Some(character) = char::from_u32(high.into()) {
        return Some((character, 6));
    }
    let low = unit(text.get(6..)?.strip_prefix('\\')?)?;
    let character = char::decode_utf16([high, low]).next()?.ok()?;
    Some((character, 12))
}

/// A character as `&amp;`, `&#38;` or `&#x26;`, and how long that is. HTML has names for 2,000 characters, letters of ASCII
/// not among them: any other name is taken for that of the character expected.
fn html_entity(text: &str, expected: char) -> Option<(char, usize)> {
    /// `&CounterClockwiseContourIntegral;`
    const LONGEST: usize = 33;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        // The one name of two letters. The second is read where it stands in it.
        "fjlig" => return Some(('f', 2)),
        _ if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !expected.is_ascii_alphanumeric() => expected,
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)?
        }
    };
    Some((character, end.saturating_add(1)))
}

/// How a secret begins in base64 in the middle of something else, for each of the three ways in which its bytes can meet the
/// groups of three. What depends on its neighbours is left out.
fn in_base64(secret: &str) -> impl Iterator<Item = Zeroizing<String>> {
    let beginning = secret.as_bytes().get(..MAX_TOKEN_BYTES).unwrap_or(secret.as_bytes());
    [&b""[..], b"_", b"__"].into_iter().filter_map(move |before| {
        let bytes = Zeroizing::new([before, beginning].concat());
        let encoded = Zeroizing::new(BASE64_STANDARD_NO_PAD.encode(&*bytes));
        // Characters of six bits each: those with bits of other bytes go.
        let begin = before.len().saturating_mul(8).div_ceil(6);
        let end = bytes.len().saturating_mul(8) / 6;
        let own = encoded.get(begin..end).filter(|own| own.len() >= TELLING_CHARS)?;
        Some(Zeroizing::new(own.to_owned()))
    })
}

/// As [`occurrence`], for what is in base64, also in the alphabet for URLs, in lines, or with escapes, and up to the end of what is.
fn base64_occurrence(text: &str, encoded: &str, steps: &Cell<usize>) -> Option<Occurrence> {
    let standard = |character: char| match character {
        // As a URL's `+` is read.
        '-' | ' ' => '+',
        '_' => '/',
        character => character,
    };
    let mut expected = encoded.chars().peekable();
    let mut matched = 0_usize;
    let mut length = 0_usize;
    let mut at_line_start = false;
    while let Some(next) = expected.peek().copied() {
        if are_used_up(steps, 1) {
            return Some(Occurrence::all_of(text));
        }
        let read = || readings(text.get(length..).unwrap_or_default(), next);
        if let Some((_, read)) = read().find(|(character, _)| standard(*character) == next) {
            expected.next();
            matched = matched.saturating_add(1);
            at_line_start = false;
            length = length.saturating_add(read);
            continue;
        }
        let is_between_lines = |(character, _): &(char, usize)| match character {
            '\r' | '\n' | '\\' => true,
            ' ' | '\t' => at_line_start,
            _ => false,
        };
        // As an escape rather than as it is.
        let Some((_, read)) = read().filter(is_between_lines).last().filter(|_| matched > 0) else { break };
        at_line_start = true;
        length = length.saturating_add(read);
    }
    let is_whole = expected.peek().is_none();
    if !is_whole && matched < TELLING_BASE64 {
        return None;
    }
    // What is not all of it may go on in a way that is not read here.
    let belongs = |byte: &u8| match byte {
        b'\r' | b'\n' => {
            at_line_start = true;
            !is_whole
        }
        b' ' | b'\t' => at_line_start,
        byte => {
            at_line_start = false;
            byte.is_ascii_alphanumeric() || b"+/-_=\\%&#;".contains(byte)
        }
    };
    let rest = text.get(length..).unwrap_or_default().bytes().take_while(belongs).count();
    Some(Occurrence { length: length.saturating_add(rest), is_whole })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_URL_SAFE;

    fn shown(secret: &str, text: &str) -> String {
        Scrub::new(&|| vec![secret]).show(text)
    }

    #[test]
    fn takes_out_every_secret_and_line_breaks() {
        let scrub = Scrub::new(&|| vec!["pass", "password1", ""]);
        assert_eq!(scrub.show(" bad password1,\r\npass! "), "bad <REDACTED>,  <REDACTED>!");
        assert_eq!(Scrub::new(&Vec::new).show("密码错误"), "密码错误");
        assert_eq!(Scrub::new(&Vec::new).show(&"长".repeat(400)).chars().count(), MAX_SHOWN_CHARS + 1);
        for control in ['\u{1b}', '\u{200e}', '\u{2028}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            assert_eq!(Scrub::new(&Vec::new).show(&format!("a{control}b")), "a b", "{control:?}");
        }
    }

    #[test]
    fn takes_a_secret_out_in_every_usual_encoding() {
        let secret = "Pa s\"/<&密😀é.'";
        for text in [
            "PA S\"/<&密😀É.",
            "Pa%20s%22%2F%3C%26%E5%AF%86%F0%9F%98%80%c3%a9.",
            "Pa+s%22%2f<&密😀é%2E",
            r#"Pa s\"\/\u003c\u0026\u5bc6\uD83D\ude00\u00e9."#,
            "Pa s&quot;/&lt;&amp;&#23494;&#x1F600;&#xe9;.",
            "Pa s&quot;&sol;&LT;&amp;&#23494;&#X1F600;&eacute;&period;",
        ] {
            assert_eq!(shown(secret, &format!("[{text}]")), "[<REDACTED>]", "{text}");
        }
        let control = "a\tb\n\r\u{8}\u{c}\u{1}c";
        for text in [control, r"a\tb\n\r\b\f\u0001c", "a%09b%0A%0D%08%0C%01c", "a&Tab;b&NewLine;&#13;&#8;&#12;&#1;c"] {
            assert_eq!(shown(control, &format!("[{text}]")), "[<REDACTED>]", "{text}");
        }
        for before in ["", "a", "ab", "abc"] {
            for encode in [BASE64_STANDARD_NO_PAD.encode(format!("{before}{secret}x")), BASE64_URL_SAFE.encode(secret)]
            {
                let shown = shown(secret, &format!("{encode}."));
                assert!(shown.ends_with("<REDACTED>.") && shown.len() <= REDACTED.len() + 6, "{shown}");
            }
        }
    }

    #[test]
    fn takes_out_what_is_cut_off() {
        assert_eq!(shown("password-1", "passwo!"), "<REDACTED>!");
        assert_eq!(shown("password-1", "passw!"), "passw!");
        assert_eq!(shown("password-1", "passwor…"), "<REDACTED>…");
        let long = "0123456789".repeat(100);
        assert_eq!(shown(&long, &BASE64_STANDARD_NO_PAD.encode(&long)), REDACTED);
        assert_eq!(shown(" secret. ", "it was: secret."), "it was: <REDACTED>");
        assert_eq!(shown(r"\\x%41&amp;", r"[\\x%41&amp;]"), "[<REDACTED>]");
        assert_eq!(shown("password-1", "a pass for the way"), "a pass for the way");
    }

    #[test]
    fn takes_out_a_secret_that_looks_like_an_encoding() {
        for (secret, text) in [
            (r"\\server\share-Pass1", r"\\server\share-Pa"),
            (r"\\server\share-Pass1", r"\\\\server\\share-Pa"),
            (r"dom\\user-Pass1", r"DOM\\USER-PASS1"),
            (r"dom\\user-Pass1", r"DOM\\\\USER-PASS1"),
            ("50%25off-Summer", "50%25off-Sum"),
            ("50%25off-Summer", "50%2525off-Sum"),
            ("A%25B-Secret-Word", "a%25b-secret-word"),
            ("a&amp;b-secret-word", "a&amp;b-secret-wo"),
            ("a&amp;b-secret-word", "A&amp;amp;B-SECRET-WO"),
            ("r&d;x-secret-1", "R&D;X-SECRET-1"),
            ("a/b&c;d-secret", "a%2Fb&c;d-secret"),
            ("a/b&c;d-secret", "a&sol;b&c;d-sec"),
            ("a+b%20c-secret", "A+B%20C-SECRET"),
            (r"secret\u", r"secret\u005cu"),
            ("secret-&a", "secret-&amp;a"),
        ] {
            assert_eq!(shown(secret, &format!("bad {text}")), "bad <REDACTED>", "{text}");
            assert_eq!(shown(secret, &format!("bad {text}!")), "bad <REDACTED>!", "{text}");
        }
        let (plain, escaped) = (r"\".repeat(50), r"\\".repeat(50));
        let secret = format!("{plain}-Secret-1");
        for text in [&plain, &escaped] {
            assert_eq!(shown(&secret, &format!("[{text}-secret-1]")), "[<REDACTED>]", "{text}");
        }
    }

    #[test]
    fn takes_out_a_secret_in_other_case_of_another_length() {
        for (secret, text) in [
            ("straßenbahn-99", "STRASSENBAHN-99"),
            ("straßenbahn-99", "STRAẞENBAHN-99"),
            ("correct-straße-99", "CORRECT-STRASSE-99"),
            ("50µm-secret-word", "50ΜM-SECRET-WORD"),
            ("50µm-secret-word", "50%CE%9CM-SECRET-WORD"),
            ("50µm-secret-word", "50μm-secret-word"),
            ("kızlar-gizli-şifre", "KIZLAR-GIZLI-ŞIFRE"),
            ("kızlar-gizli-şifre", "KIZLAR-GİZLİ-ŞİFRE"),
            ("ﬁnance-secret", "FINANCE-SECRET"),
            ("ﬁnance-secret", "&filig;nance-secret"),
            ("ſecret-word-1", "SECRET-WORD-1"),
            ("İstanbul-gizli", "i̇stanbul-gizli"),
            ("İstanbul-gizli", r"i\u0307stanbul-gizli"),
            ("İstanbul-gizli", "istanbul-gizli"),
            ("ΐ-secret-word", "\u{399}\u{308}\u{301}-SECRET-WORD"),
            ("ΐ-secret-word", "%CE%99&#x308;&#769;-SECRET-WORD"),
            ("πάροδος-μυστικό-42", "ΠΆΡΟΔΟΣ-ΜΥΣΤΙΚΌ-42"),
            ("ΠΆΡΟΔΟΣ-ΜΥΣΤΙΚΌ-42", "πάροδος-μυστικό-42"),
            ("fjord-harbour-77", "&fjlig;ord-harbour-77"),
            ("a-deep-fjord", "a-deep-&fjlig;o"),
        ] {
            assert_eq!(shown(secret, &format!("bad {text}")), "bad <REDACTED>", "{text}");
            assert_eq!(shown(secret, &format!("bad {text}!")), "bad <REDACTED>!", "{text}");
        }
    }

    #[test]
    fn what_is_less_than_the_beginning_of_a_secret_stays() {
        for (secret, text) in [
            ("straßenbahn-99", "STRASS, Straß"),
            ("fjord-harbour-77", "&fjlig; fjlig; fjor"),
            (r"\\\\\\-secret", r"\ \\ \\\\\"),
            ("a&b;c-secret", "a&b; a&amp;b a&b&c;"),
            ("istanbul-gizli", "İSTAN istan"),
        ] {
            assert_eq!(shown(secret, text), text);
        }
    }

    #[test]
    fn what_takes_too_long_to_compare_is_not_shown() {
        let text = "a".repeat(100_000);
        let secret = format!("{text}b");
        let secrets = || vec![secret.as_str()];
        let scrub = Scrub::new(&secrets);
        assert_eq!(scrub.show(&format!("bad, {text} or {text}")).replace(REDACTED, ""), "bad, ");
        assert_eq!(scrub.show("no time is left for this"), REDACTED);
    }

    #[test]
    fn takes_out_short_secrets_in_base64_and_both_of_its_alphabets() {
        assert_eq!(shown("12345", "MTIzNDU="), REDACTED);
        let encoded = BASE64_URL_SAFE.encode("sub???>>>");
        assert!(encoded.contains('-') && encoded.contains('_'));
        assert_eq!(shown("sub???>>>", &encoded), REDACTED);
    }

    #[test]
    fn takes_out_base64_that_is_cut_off_or_in_lines_or_escaped() {
        let secret = "correct horse battery staple ???>>>";
        let encoded = BASE64_STANDARD_NO_PAD.encode(secret);
        for text in [
            format!("{}…", &encoded[..20]),
            format!("{}\n{}", &encoded[..12], &encoded[12..]),
            format!("{}\n{}", &encoded[..6], &encoded[6..]),
            format!("{}\r\n{}…", &encoded[..12], &encoded[12..30]),
            encoded.replace('/', r"\/"),
            encoded.replace('/', "%2F"),
            encoded.replace('/', "&#47;"),
            encoded.replace('/', r"\u002f"),
            encoded.replace('/', "%252F"),
            format!("{}\r\n  {}", &encoded[..12], &encoded[12..]),
            format!(r"{}\r\n{}", &encoded[..12], &encoded[12..]),
            format!("{}%0D%0A{}", &encoded[..12], &encoded[12..]),
        ] {
            let text = shown(secret, &text);
            assert_eq!(text.trim_end_matches('…'), REDACTED);
        }
        assert_eq!(shown(secret, &format!("{} or", &encoded[..7])), format!("{} or", &encoded[..7]));
        let long = "0123456789".repeat(100);
        let in_lines: Vec<_> =
            BASE64_STANDARD_NO_PAD.encode(&long).into_bytes().chunks(76).map(<[u8]>::to_vec).collect();
        assert_eq!(shown(&long, &String::from_utf8(in_lines.join(&b"\n"[..])).unwrap()), REDACTED);
    }

    #[test]
    fn takes_out_a_secret_after_a_repetition_of_its_beginning() {
        let repeated = |times| format!("{}X1-tail", "ab".repeat(times));
        for (secret, text) in [
            ("abcabcX1-tail".to_owned(), "abcabcabcX1-tail".to_owned()),
            ("111111-Xy9z".to_owned(), "1111111111-Xy9z".to_owned()),
            (repeated(200), repeated(380)),
        ] {
            let shown = shown(&secret, &format!("[{text}]"));
            assert_eq!(shown.replace(REDACTED, ""), "[]", "{shown}");
        }
    }

    #[test]
    fn what_looks_like_an_encoding_and_is_none_stays() {
        let text = r"100% &c; &#x110000; &unknown; \ \u12 \ud800 \ud800\u0041 %E5%AF %zz";
        assert_eq!(shown("x1y2", text), text);
    }

    #[test]
    fn eight_characters_of_base64_are_telling() {
        let secret = "correct horse battery staple";
        let encoded = BASE64_STANDARD_NO_PAD.encode(secret);
        assert_eq!(shown(secret, &format!("{} or", &encoded[..8])), format!("{REDACTED} or"));
    }
}
