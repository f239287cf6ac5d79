//! The XML that libabigail writes: an element a line, attributes in single quotes, and no text between elements.

use std::fmt::{self, Display, Formatter};

/// An element, and what it holds.
#[derive(Clone, PartialEq)]
pub struct Element {
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
}

impl Element {
    pub fn new(tag: &str, attributes: &[(&str, &str)]) -> Self {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Element { tag: tag.to_owned(), attributes, children: Vec::new() }
    }

    /// Reads a whole file.
    pub fn parse(text: &str) -> Self {
        let mut open = vec![Element::new("", &[])];
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let inside = line.strip_prefix('<').and_then(|line| line.strip_suffix('>')).expect("an element a line");
            if inside.starts_with('/') {
                let closed = open.pop().unwrap();
                open.last_mut().expect("it was opened").children.push(closed);
                continue;
            }
            let (tag, rest) = inside.split_once(' ').unwrap_or((inside, ""));
            let parts: Vec<&str> = rest.split('\'').collect();
            let pairs = parts.chunks_exact(2).map(|pair| (pair[0].trim().trim_end_matches('='), pair[1]));
            let element = Element::new(tag.trim_end_matches('/'), &pairs.collect::<Vec<_>>());
            match inside.ends_with('/') {
                true => open.last_mut().expect("it was opened").children.push(element),
                false => open.push(element),
            }
        }
        open.pop().and_then(|mut all| all.children.pop()).expect("an XML file has an element")
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: &str) {
        for (given, old) in &mut self.attributes {
            if given == name {
                *old = value.to_owned();
            }
        }
    }

    /// Its name in the program; empty for what has none.
    pub fn name(&self) -> &str {
        self.attribute("name").unwrap_or_default()
    }

    /// Every element with this tag, at any depth.
    pub fn all<'a>(&'a self, tag: &'a str) -> Box<dyn Iterator<Item = &'a Element> + 'a> {
        let own = (self.tag == tag).then_some(self);
        Box::new(own.into_iter().chain(self.children.iter().flat_map(move |child| child.all(tag))))
    }

    fn write(&self, depth: usize, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:depth$}<{}", "", self.tag)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}='{value}'")?;
        }
        if self.children.is_empty() {
            return writeln!(f, "/>");
        }
        writeln!(f, ">")?;
        for child in &self.children {
            child.write(depth + 2, f)?;
        }
        writeln!(f, "{:depth$}</{}>", "", self.tag)
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write(0, f)
    }
}
