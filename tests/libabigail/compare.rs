//! Whether a program that was compiled with what is recorded goes on working with what is there now.

use super::tree::Element;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What a program would miss, in libabigail's words; `None` where nothing is.
///
/// libabigail calls harmless what is none here (two fields of one type that change places), and to be told to ignore the
/// growth of a struct makes it ignore more. So it looks at all, but what may be added is taken out before.
pub fn loss(recorded: &Element, now: &Element, directory: &Path) -> Option<String> {
    let mut now = now.clone();
    take_out_additions(&mut now, recorded);
    let (old, new) = (directory.join("recorded.abi"), directory.join("now.abi"));
    fs::write(&old, recorded.to_string()).unwrap();
    fs::write(&new, now.to_string()).unwrap();
    let mut abidiff = Command::new("abidiff");
    let output = abidiff.args(["--no-added-syms", "--harmless"]).args([old, new]).output().expect("abidiff is there");
    // Bits: 1 and 2 for trouble, 4 for a change, 8 for one that can't be compatible.
    match output.status.code() {
        Some(0) => None,
        Some(4 | 8 | 12) => Some(String::from_utf8(output.stdout).unwrap()),
        _ => panic!("abidiff: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)),
    }
}

/// New values of enums, and new fields at the end of structs that begin with their size. New symbols abidiff ignores.
fn take_out_additions(now: &mut Element, recorded: &Element) {
    let known: HashMap<(&str, &str), &Element> = ["enum-decl", "class-decl"]
        .iter()
        .flat_map(|tag| recorded.all(tag))
        .map(|e| ((e.tag.as_str(), e.name()), e))
        .collect();
    for part in &mut now.children {
        for element in &mut part.children {
            let Some(old) = known.get(&(element.tag.as_str(), element.name())) else { continue };
            if element.tag == "enum-decl" {
                element
                    .children
                    .retain(|value| value.tag != "enumerator" || old.children.iter().any(|v| v.name() == value.name()));
            } else if fields(old).first().is_some_and(|field| field.name == "struct_size") {
                let (size, now_size) = (bits(old, "size-in-bits"), bits(element, "size-in-bits"));
                if now_size > size {
                    element.children.retain(|field| bits(field, "layout-offset-in-bits") < size);
                    element.set("size-in-bits", &size.to_string());
                }
            }
        }
    }
}

/// A field of a struct.
#[derive(Debug, PartialEq)]
pub struct Field<'a> {
    pub name: &'a str,
    pub offset: u64,
    pub type_id: &'a str,
}

pub fn fields(class: &Element) -> Vec<Field<'_>> {
    let members = class.children.iter().filter(|child| child.tag == "data-member");
    let variables = members.map(|member| (member, &member.children[0]));
    variables
        .map(|(member, variable)| Field {
            name: variable.name(),
            offset: bits(member, "layout-offset-in-bits"),
            type_id: variable.attribute("type-id").expect("a field has a type"),
        })
        .collect()
}

/// A number of bits; 0 where nothing is said, as with a type that is only declared.
pub fn bits(element: &Element, attribute: &str) -> u64 {
    element.attribute(attribute).and_then(|value| value.parse().ok()).unwrap_or(0)
}
