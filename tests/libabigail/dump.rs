//! What libabigail says of a library or a header, cut down to what a program can notice: the symbols, and the types that lead
//! from them. Names of files, numbers of lines and Rust's own types are left out, so that machines and compilers agree.

use super::tree::Element;
use crate::capi::program::output;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::Command;

/// Everything at the top of a dump, by its id, and what stands for symbols.
struct Declarations {
    types: HashMap<String, Element>,
    symbols: BTreeMap<String, Element>,
}

/// Of a library with debug information.
pub fn of_library(library: &Path) -> Element {
    const OPTIONS: &[&str] =
        &["--no-elf-needed", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-parameter-names"];
    reduced(Element::parse(&output(Command::new("abidw").args(OPTIONS).arg(library))))
}

/// Of a header: a variable for each function, which is a pointer to it, and one for each enum. Only clang says which enum a
/// function takes; elsewhere it is an int32_t.
pub fn of_header(include: &Path, functions: &[String], enums: &[String], directory: &Path) -> Element {
    let mut source = String::from("#include \"oauthapp.h\"\n");
    for function in functions {
        source.push_str(&format!("__typeof__({function}) *type_of_{function};\n"));
    }
    for name in enums {
        source.push_str(&format!("{name} value_of_{name};\n"));
    }
    let (file, library) = (directory.join("header.c"), directory.join("header.so"));
    std::fs::write(&file, source).unwrap();
    let mut clang = Command::new("clang-22");
    clang.args(["-std=c11", "-g", "-w", "-shared", "-fPIC", "-I"]).arg(include).arg("-o").arg(&library).arg(file);
    output(&mut clang);
    of_library(&library)
}

fn reduced(corpus: Element) -> Element {
    let mut found = Declarations { types: HashMap::new(), symbols: BTreeMap::new() };
    let mut reduced = Element { children: Vec::new(), ..corpus };
    for part in corpus.children {
        if part.tag == "abi-instr" {
            part.children.into_iter().for_each(|child| found.collect(child));
        } else {
            reduced.children.push(part);
        }
    }

    let mut numbers = HashMap::new();
    let mut all = Element::new("abi-instr", &[("address-size", "64"), ("path", "oauthapp"), ("language", "LANG_C99")]);
    for symbol in found.symbols.values() {
        all.children.push(symbol.clone());
        found.follow(symbol, &mut numbers, &mut all.children);
    }
    all.children.iter_mut().for_each(|child| renumber(child, &numbers));
    reduced.children.push(all);
    reduced
}

impl Declarations {
    /// Modules of Rust are no part of the ABI, and methods neither.
    fn collect(&mut self, mut element: Element) {
        if element.tag == "namespace-decl" {
            return element.children.into_iter().for_each(|child| self.collect(child));
        }
        element.children.retain(|child| !child.tag.starts_with("member-"));
        if element.attribute("elf-symbol-id").is_some() {
            self.symbols.insert(element.name().to_owned(), element);
        } else if let Some(id) = element.attribute("id") {
            self.types.entry(id.to_owned()).or_insert(element);
        }
    }

    /// The types that an element names, and those that they name, each once.
    fn follow(&self, element: &Element, numbers: &mut HashMap<String, usize>, all: &mut Vec<Element>) {
        for (name, value) in &element.attributes {
            if !name.ends_with("type-id") && name != "naming-typedef-id" || numbers.contains_key(value) {
                continue;
            }
            numbers.insert(value.clone(), numbers.len() + 1);
            let target = self.types.get(value).unwrap_or_else(|| panic!("nothing has the id {value}"));
            all.push(target.clone());
            self.follow(target, numbers, all);
        }
        element.children.iter().for_each(|child| self.follow(child, numbers, all));
    }
}

fn renumber(element: &mut Element, numbers: &HashMap<String, usize>) {
    for (_, value) in &mut element.attributes {
        if let Some(number) = numbers.get(value) {
            *value = format!("type-id-{number}");
        }
    }
    element.children.iter_mut().for_each(|child| renumber(child, numbers));
}
