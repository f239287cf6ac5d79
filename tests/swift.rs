//! The Swift package has all that the C header has: functions, values of enums, fields of structs, and what the answers hold.
//! .ci/swift builds and runs it.

mod capi {
    pub mod artifacts;
    pub mod header;
    pub mod program;
}

use capi::artifacts::ROOT;
use capi::header::{self, between};
use std::collections::BTreeSet;
use std::fs;

/// All Swift sources of the package, without their comments.
fn swift() -> String {
    let mut files: Vec<_> = fs::read_dir(format!("{ROOT}/bindings/swift/Sources/OAuthApp"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let texts = files.iter().map(|file| header::without_cpp_comments(&fs::read_to_string(file).unwrap()));
    texts.collect::<Vec<_>>().join("\n")
}

/// The one at the top is for those who name the repository by its URL.
#[test]
fn both_manifests_are_of_the_same_package() {
    let top = fs::read_to_string(format!("{ROOT}/Package.swift")).unwrap();
    let package = fs::read_to_string(format!("{ROOT}/bindings/swift/Package.swift")).unwrap();
    for (start, end) in [("let xcframework", "name: "), ("name: ", "targets: [\n"), ("swiftLanguageModes", ")")] {
        assert_eq!(between(&top, start, end), between(&package, start, end));
    }
    let without_places = top.replace("bindings/swift/COAuthApp", "COAuthApp");
    let without_places = without_places.replace("path: \"bindings/swift/Sources/COAuthApp\", ", "");
    let without_places = without_places.replace(", path: \"bindings/swift/Sources/OAuthApp\"", "");
    let targets = between(&without_places, "    targets: [\n", "    ],\n");
    assert!(between(&package, "    targets: [\n", "    ],\n").starts_with(targets), "{targets}");
}

#[test]
fn every_function_of_the_c_header_is_used() {
    let used = header::names(&swift());
    let functions: BTreeSet<_> = header::functions().union(&header::initialisers()).cloned().collect();
    assert!(!functions.is_empty());
    let unused: Vec<_> = functions.difference(&used).collect();
    // A task knows itself whether it is cancelled.
    assert_eq!(unused, ["oauthapp_cancel_token_is_cancelled"]);
}

/// `wrongPassword` for OAUTHAPP_ERROR_WRONG_PASSWORD, and what has another form in Swift at least used.
#[test]
fn every_constant_of_the_c_header_has_its_counterpart() {
    let swift = swift();
    let used = header::names(&swift);
    let constants = header::constants();
    assert!(!constants.is_empty());
    for constant in constants.iter().filter(|constant| *constant != "OAUTHAPP_OK") {
        assert!(used.contains(constant), "{constant}");
        if let Some(name) = constant.strip_prefix("OAUTHAPP_ERROR_") {
            let declaration = format!(" = Self(.{constant})");
            let line = swift.lines().find(|line| line.ends_with(&declaration));
            let line = line.unwrap_or_else(|| panic!("no line that ends with{declaration}"));
            let swift_name = between(line, "    public static let ", " = ").replace('`', "");
            assert_eq!(swift_name.to_lowercase(), name.replace('_', "").to_lowercase(), "{constant}");
        }
    }
}

#[test]
fn every_field_of_the_c_header_is_filled() {
    let swift = swift();
    let fields = header::fields();
    assert!(!fields.is_empty());
    for (of, field) in fields.into_iter().filter(|(_, field)| field != "struct_size") {
        // One place for each struct.
        let filling = between(&swift, &format!("var c = {of}_init()"), "        return c\n");
        assert!(filling.contains(&format!(" c.{field} = ")), "{of}.{field}");
    }
}

/// What the library's own types for answers have, so have those in Swift, read by the same names in the JSON.
#[test]
fn every_field_of_an_answer_is_read() {
    let swift = swift();
    for (file, name) in header::ANSWERS {
        let rust = fs::read_to_string(format!("{ROOT}/src/{file}.rs")).unwrap();
        let reading = between(&swift, &format!("public struct {name}: ServerAnswer {{\n"), "\n}");
        let reading = between(reading, "public init(json: JSONText)", "self.json = json");
        let (mut renamed, mut fields) = (None, 0);
        for line in between(&rust, &format!("pub struct {name} {{\n"), "\n}").lines().map(str::trim) {
            if let Some((_, attribute)) = line.split_once("rename = \"") {
                renamed = attribute.split('"').next();
            } else if let Some(field) = line.strip_prefix("pub ").and_then(|line| line.split(':').next()) {
                let field = renamed.take().unwrap_or(field);
                assert!(reading.contains(&format!("\"/{field}\"")), "{name} does not read {field}");
                fields += 1;
            }
        }
        assert!(fields > 0, "{name}");
    }
}
