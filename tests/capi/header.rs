//! What the header declares, as text: enough of C for a header that a program writes.

#![allow(dead_code, reason = "each test file uses a part of it")]

use super::artifacts::ROOT;
use std::collections::BTreeSet;
use std::fs;

fn header() -> String {
    without_comments(&fs::read_to_string(format!("{ROOT}/include/oauthapp.h")).unwrap())
}

/// A C++ text without its comments; what stands in a string is not looked at.
pub fn without_cpp_comments(text: &str) -> String {
    let without: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    without_comments(&without.join("\n"))
}

/// The names in a C or C++ text.
pub fn names(text: &str) -> BTreeSet<String> {
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.split(|character| !is_of_name(character)).map(str::to_owned).collect()
}

/// What stands between these two.
pub fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, text) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    text.split_once(end).unwrap_or_else(|| panic!("no {end} after {start}")).0
}

/// The library's own types for answers, each with its file in src; the bindings have them too.
pub const ANSWERS: [(&str, &str); 4] = [
    ("token", "Token"),
    ("token", "Claims"),
    ("model/profile", "Profile"),
    ("model/application_info", "ApplicationInfo"),
];

/// A C text without its `/* … */`.
pub fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let mut code = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        code.push_str(part.split_once("*/").expect("a comment ends").1);
    }
    code
}

/// Every `oauthapp_…(` in a C text.
pub fn calls(text: &str) -> BTreeSet<String> {
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let before_brackets = text.split('(').map(|before| &before[before.trim_end_matches(is_of_name).len()..]);
    before_brackets.filter(|name| name.starts_with("oauthapp_")).map(str::to_owned).collect()
}

/// The functions that the library exports.
pub fn functions() -> BTreeSet<String> {
    functions_of(&header())
}

/// The same of a header with this text.
pub fn functions_of(header: &str) -> BTreeSet<String> {
    let header = without_comments(header);
    calls(&header).difference(&initialisers_of(&header)).cloned().collect()
}

/// The functions that are part of the program.
pub fn initialisers() -> BTreeSet<String> {
    initialisers_of(&header())
}

fn initialisers_of(header: &str) -> BTreeSet<String> {
    header.lines().filter(|line| line.starts_with("static inline")).flat_map(calls).collect()
}

/// The types of the enums.
pub fn enums() -> Vec<String> {
    enums_of(&header())
}

/// The same of a header with this text.
pub fn enums_of(header: &str) -> Vec<String> {
    let names = header.lines().filter_map(|line| line.strip_prefix("OAUTHAPP_ENUM_BEGIN(")?.split_once(')'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The values of the enums.
pub fn constants() -> Vec<String> {
    let header = header();
    let values = header.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(" = "));
    values.filter(|(name, _)| name.starts_with("OAUTHAPP_")).map(|(name, _)| name.to_owned()).collect()
}

/// The macros that stand for numbers.
pub fn numbers() -> Vec<String> {
    let header = header();
    let macros = header.lines().filter_map(|line| line.strip_prefix("#define ")?.split_once(' '));
    macros
        .filter(|(_, value)| value.starts_with(|c: char| c.is_ascii_digit() || c == '(' || c == '-'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Every field, with its struct: the declaration without its semicolon.
fn declarations() -> Vec<(String, String)> {
    let header = header();
    let structs = header.split("typedef struct ").skip(1).filter_map(|text| text.split_once('}')?.0.split_once(" {\n"));
    structs
        .flat_map(|(name, body)| {
            let declarations = body.lines().filter_map(|line| line.trim().strip_suffix(';'));
            declarations.map(move |declaration| (name.to_owned(), declaration.to_owned()))
        })
        .collect()
}

fn name(declaration: &str) -> String {
    declaration.rsplit([' ', '*']).next().unwrap_or_default().to_owned()
}

/// The name of every field, with its struct.
pub fn fields() -> Vec<(String, String)> {
    declarations().into_iter().map(|(of, declaration)| (of, name(&declaration))).collect()
}

/// Those fields that are strings or tristates: what the caller can fill in wrongly in many ways.
pub fn texts_and_tristates() -> Vec<(String, String)> {
    let is_one = |declaration: &str| ["const char *", "oauthapp_tristate "].iter().any(|t| declaration.starts_with(t));
    let ones = declarations().into_iter().filter(|(_, declaration)| is_one(declaration));
    ones.map(|(of, declaration)| (of, name(&declaration))).collect()
}
