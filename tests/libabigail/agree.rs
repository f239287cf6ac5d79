//! Whether the header says what the library was compiled with. It is written by cbindgen, but with the names of types that
//! cbindgen.toml gives it, and nothing but this compares those with the types.

use super::compare::{bits, fields};
use super::tree::Element;
use std::collections::{BTreeMap, HashMap};

/// Functions and structs by name, in words that C and Rust have in common.
pub fn shapes(dump: &Element) -> BTreeMap<String, String> {
    let types = all_types(dump);
    let shape = |id: &str| shape(&types, id);
    let signature = |function: &Element| {
        let of = |tag| function.children.iter().filter(move |child| child.tag == tag).map(type_of).map(shape);
        let parameters: Vec<String> = of("parameter").collect();
        format!("({}) -> {}", parameters.join(", "), of("return").collect::<String>())
    };

    let mut shapes = BTreeMap::new();
    for function in dump.all("function-decl") {
        shapes.insert(function.name().to_owned(), signature(function));
    }
    for variable in dump.all("var-decl") {
        if let Some(function) = variable.name().strip_prefix("type_of_") {
            let pointer = types[type_of(variable)];
            shapes.insert(function.to_owned(), signature(types[type_of(pointer)]));
        }
    }
    for class in dump.all("class-decl").filter(|class| fields(class).iter().any(|field| field.name == "struct_size")) {
        let fields = fields(class).into_iter().map(|f| format!("{} at {}: {}", f.name, f.offset, shape(f.type_id)));
        shapes.insert(format!("struct {}", class.name()), fields.collect::<Vec<_>>().join(", "));
    }
    shapes
}

fn all_types(dump: &Element) -> HashMap<&str, &Element> {
    let elements = dump.children.iter().flat_map(|part| &part.children);
    elements.filter_map(|element| Some((element.attribute("id")?, element))).collect()
}

fn type_of(element: &Element) -> &str {
    element.attribute("type-id").expect("it has a type")
}

/// What a register or a field holds.
fn shape(types: &HashMap<&str, &Element>, id: &str) -> String {
    let element = types[id];
    match element.tag.as_str() {
        "pointer-type-def" => "pointer".to_owned(),
        "typedef-decl" | "qualified-type-def" => shape(types, type_of(element)),
        // A function that may be NULL.
        "class-decl" if element.name().starts_with("Option&lt;") => "pointer".to_owned(),
        "enum-decl" => shape(types, type_of(&element.children[0])),
        "type-decl" => match element.name() {
            "void" => "nothing".to_owned(),
            "double" | "f64" => "float".to_owned(),
            "bool" => "bool".to_owned(),
            _ => format!("{} bits", bits(element, "size-in-bits")),
        },
        other => panic!("{other} in a signature"),
    }
}
