//! The pages of docs/ are true: the table of errors is that of the source, every piece of code is a file that is compiled and
//! run (tests/snippets.rs), and every link leads somewhere.

use oauthapp::ErrorKind;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files in this folder of the repository whose names end so.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && path.to_str().unwrap().ends_with(ending));
    files.sort();
    files
}

fn pages() -> Vec<PathBuf> {
    files("docs", ".md")
}

// ---- The table of errors ----

/// The rows between the lines `<!-- codes FIRST to LAST -->` and `<!-- end -->`.
fn rows(first: i32, last: i32) -> String {
    let mut rows = String::from("| | C, C++, Rust, Swift | message, and what it means | retry |\n|---|---|---|---|\n");
    for kind in ErrorKind::ALL.iter().filter(|kind| (first..=last).contains(&kind.code())) {
        let rust = kind.name();
        let cpp = snake_case(rust);
        let c = format!("OAUTHAPP_ERROR_{}", cpp.to_uppercase());
        let swift = swift_case(&cpp);
        let retry = if kind.retryable() { "yes" } else { "no" };
        writeln!(
            rows,
            "| {} | `{c}`<br>`ErrorCode::{cpp}`<br>`ErrorKind::{rust}`<br>`.{swift}` | **{}.** {} | {retry} |",
            kind.code(),
            kind.sentence(),
            kind.description(),
        )
        .unwrap();
    }
    rows
}

/// `WrongPassword` is `wrong_password`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// `invalid_base_url` is `invalidBaseURL`.
fn swift_case(snake: &str) -> String {
    let (first, others) = snake.split_once('_').unwrap_or((snake, ""));
    let others = others.split('_').filter(|word| !word.is_empty()).map(|word| match word {
        "http" | "json" | "tls" | "url" | "utf8" => word.to_uppercase(),
        _ => word[..1].to_uppercase() + &word[1..],
    });
    first.to_owned() + &others.collect::<String>()
}

#[test]
fn the_table_of_errors_is_what_the_source_says() {
    let path = Path::new(ROOT).join("docs/errors.md");
    let committed = read(&path);
    let (mut page, mut told) = (String::new(), 0);
    let mut rest = committed.as_str();
    while let Some((before, after)) = rest.split_once("<!-- codes ") {
        let (range, after) = after.split_once(" -->\n").expect("the comment ends");
        let (first, last) = range.split_once(" to ").expect("FIRST to LAST");
        let rows = rows(first.parse().unwrap(), last.parse().unwrap());
        let (_, after) = after.split_once("<!-- end -->").expect("the table ends");
        write!(page, "{before}<!-- codes {range} -->\n{rows}<!-- end -->").unwrap();
        told += rows.lines().count() - 2;
        rest = after;
    }
    page.push_str(rest);
    assert_eq!(told, ErrorKind::ALL.len(), "the page has a table for every range of codes, and each once");
    if std::env::var_os("OAUTHAPP_UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    } else {
        assert!(
            committed == page,
            "docs/errors.md is out of date; bring it up to date with\nOAUTHAPP_UPDATE_DOCS=1 cargo test --test docs"
        );
    }
}

// ---- Code ----

/// A fenced block of a page, with the line before it and what it is fenced as.
struct Block {
    before: String,
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    let mut before = "";
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            blocks.push(Block { before: before.to_owned(), language: language.to_owned(), text });
        }
        before = line;
    }
    blocks
}

/// Without the indentation that all of its lines have.
fn at_the_margin(text: &str) -> String {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let common = text.lines().filter(|line| !line.is_empty()).map(indentation).min().unwrap_or(0);
    text.lines().map(|line| format!("{}\n", line.get(common..).unwrap_or_default())).collect()
}

/// The name in a line `// [name]` or `# [name]`.
fn mark(line: &str) -> Option<&str> {
    let line = line.trim();
    line.strip_prefix("// [").or_else(|| line.strip_prefix("# ["))?.strip_suffix(']')
}

/// The part of a file between the lines `// [name]` and `// [/name]`, other marks left out.
fn part(text: &str, name: &str) -> Option<String> {
    let end = format!("/{name}");
    let lines = text.lines().skip_while(|line| mark(line) != Some(name)).skip(1);
    let mut lines = lines.peekable();
    lines.peek()?;
    Some(
        lines
            .take_while(|line| mark(line) != Some(end.as_str()))
            .filter(|line| mark(line).is_none())
            .map(|line| format!("{line}\n"))
            .collect(),
    )
}

/// What needs no file: commands, and what is not code.
const NO_FILE: [&str; 5] = ["", "json", "sh", "text", "toml"];

/// The files and parts of files that a page shows, each `PATH` or `PATH#name`. What it shows of none is left to `of_no_file`.
fn shown(page: &Path, of_no_file: fn(&Path, &Block)) -> Vec<String> {
    let mut shown = Vec::new();
    for block in blocks(&read(page)) {
        let reference = block.before.strip_prefix("<!-- file: ").and_then(|line| line.strip_suffix(" -->"));
        let Some(reference) = reference else {
            of_no_file(page, &block);
            continue;
        };
        let (path, name) = reference.split_once('#').unwrap_or((reference, ""));
        let file = read(Path::new(ROOT).join(path));
        let expected = if name.is_empty() {
            file.lines().filter(|line| mark(line).is_none()).map(|line| format!("{line}\n")).collect()
        } else {
            part(&file, name).unwrap_or_else(|| panic!("{}: {path} has no part {name}", page.display()))
        };
        assert_eq!(at_the_margin(&block.text), at_the_margin(&expected), "{}: not {reference}", page.display());
        shown.push(reference.to_owned());
    }
    shown
}

/// In the pages of docs/, code is from a file.
fn must_not_be_code(page: &Path, block: &Block) {
    let language = block.language.as_str();
    assert!(NO_FILE.contains(&language), "{}: a block of {language} is from no file:\n{}", page.display(), block.text);
}

#[test]
fn every_piece_of_code_is_from_a_file_and_every_file_is_shown() {
    let shown: BTreeSet<String> = pages().iter().flat_map(|page| self::shown(page, must_not_be_code)).collect();
    assert!(!shown.is_empty());
    // The programs of the first sign-in stand for all of examples/; the others there are for themselves.
    let snippets = files("docs/snippets", "").into_iter().chain(files("examples", "sign_in.rs"));
    for snippet in snippets {
        let path = snippet.strip_prefix(ROOT).unwrap().to_str().unwrap().to_owned();
        if shown.contains(&path) {
            continue;
        }
        let text = read(&snippet);
        let parts: Vec<&str> = text.lines().filter_map(mark).filter(|name| !name.starts_with('/')).collect();
        assert!(!parts.is_empty(), "{path} is shown nowhere");
        for part in parts {
            assert!(shown.contains(&format!("{path}#{part}")), "{path}#{part} is shown nowhere");
        }
    }
}

/// Code there that is from no file is compiled by tests of its own.
#[test]
fn the_readmes_show_what_their_files_say() {
    for page in readmes() {
        shown(&page, |_, _| {});
    }
}

/// What people copy into their Cargo.toml is a version that there is.
#[test]
fn the_pages_name_the_version_of_this_crate() {
    let version = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let texts = pages().into_iter().chain(readmes()).map(read);
    let named: Vec<String> = texts
        .flat_map(|text| {
            text.lines().filter_map(|line| line.strip_prefix("oauthapp = ").map(str::to_owned)).collect::<Vec<_>>()
        })
        .collect();
    assert!(named.len() > 1 && named.iter().all(|named| *named == format!("\"{version}\"")), "{named:?}");
}

// ---- Links ----

/// README.md, and those of the bindings and the emulator.
fn readmes() -> Vec<PathBuf> {
    let mut readmes = files("", "README.md");
    readmes.extend(files("emulator", "README.md"));
    for binding in fs::read_dir(Path::new(ROOT).join("bindings")).unwrap() {
        let readme = binding.unwrap().path().join("README.md");
        readmes.extend(readme.is_file().then_some(readme));
    }
    readmes
}

/// Where the links of a page lead, code left out.
fn links(page: &str) -> Vec<String> {
    let mut in_block = false;
    let mut links = Vec::new();
    for line in page.lines() {
        in_block ^= line.starts_with("```");
        if in_block {
            continue;
        }
        let code_left_out: String = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
        links.extend(code_left_out.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())));
    }
    links
}

/// The anchors that a heading of a page can be reached by.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            title.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
        })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut followed = 0;
    for page in pages().into_iter().chain(readmes()) {
        let text = read(&page);
        for link in links(&text).iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            assert!(target.exists(), "{}: {link} leads nowhere", page.display());
            if !anchor.is_empty() {
                assert!(anchors(&read(&target)).contains(anchor), "{}: {link} has no such heading", page.display());
            }
            followed += 1;
        }
    }
    assert!(followed > 0);
}

/// Who opens the folder finds every page.
#[test]
fn the_index_names_every_page() {
    let index = links(&read(Path::new(ROOT).join("docs/README.md")));
    for page in pages() {
        let name = page.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name == "README.md" || index.contains(&name), "docs/README.md does not name {name}");
    }
}
