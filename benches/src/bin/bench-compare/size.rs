//! How large the libraries are, and what fills ours.

use crate::Result;
use crate::profile::crate_in;
use crate::program::{Client, Places, Scheme};
use crate::table::Table;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Both are the same for plain http and TLS, and stand as plain.
///
/// Our library as it ships; one with nothing but ureq, where `run.sh` has built it; and everything that a program with libcurl
/// and cJSON loads, libc itself apart.
pub fn sizes(table: &mut Table, places: &Places) -> Result<()> {
    let ours = std::fs::metadata(places.release.join("liboauthapp.so"))?.len();
    table.set("library_bytes", Client::Ours, Scheme::Plain, ours as f64);
    if let Ok(smallest) = std::fs::metadata(places.release.join("../smallest/examples/libsmallest.so")) {
        table.set("library_bytes", Client::Best, Scheme::Plain, smallest.len() as f64);
    }
    let libraries = stdout(Command::new("ldd").arg(places.scratch("curl")))?;
    let mut bytes = 0;
    for path in libraries.lines().filter_map(|line| line.split_whitespace().find(|word| word.starts_with('/'))) {
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
        let of_libc = ["libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so", "libresolv.so", "ld-linux"];
        if !of_libc.iter().any(|part| name.starts_with(part)) {
            bytes += std::fs::metadata(path)?.len();
        }
    }
    table.set("library_bytes", Client::Curl, Scheme::Plain, bytes as f64);
    Ok(())
}

/// The bytes of our library's code by crate, largest first.
pub fn code_by_crate(places: &Places) -> Result<Vec<(String, u64)>> {
    let library = places.with_symbols().library.join("liboauthapp.so");
    let symbols = stdout(Command::new("nm").args(["-C", "-S", "--defined-only"]).arg(library))?;
    let mut by_crate = BTreeMap::<String, u64>::new();
    for line in symbols.lines() {
        // Address, size, type, name.
        let mut words = line.splitn(4, ' ').skip(1);
        let (Some(size), Some("t" | "T"), Some(name)) = (words.next(), words.next(), words.next()) else { continue };
        let Ok(size) = u64::from_str_radix(size, 16) else { continue };
        let owner = if name.starts_with("ring_core_") { "ring" } else { crate_in(name).unwrap_or("std") };
        *by_crate.entry(owner.to_owned()).or_default() += size;
    }
    let mut by_crate: Vec<_> = by_crate.into_iter().collect();
    by_crate.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Ok(by_crate)
}

/// The sections of the library as it ships, largest first.
pub fn sections(places: &Places) -> Result<Vec<(String, u64)>> {
    let listed = stdout(Command::new("size").arg("-A").arg(places.release.join("liboauthapp.so")))?;
    let mut sections: Vec<(String, u64)> = listed
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().filter(|name| name.starts_with('.'))?;
            Some((name.to_owned(), words.next()?.parse().ok()?))
        })
        .collect();
    sections.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Ok(sections)
}

fn stdout(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{command:?}: {}", output.status).into())
    }
}
