//! The most that a call may cost: `benches/limits`, which keeps what was won from being lost unnoticed. Only what comes out the
//! same in every run is in it.

use crate::Result;
use crate::program::{Client, Scheme};
use crate::table::{ROWS, Table};
use std::fmt::Write;
use std::path::PathBuf;

/// The rows that have limits.
const LIMITED: [&str; 5] = ["instructions", "system_calls", "allocations", "library_bytes", "cold_instructions"];

/// A limit is this much above what was measured.
const ROOM: f64 = 1.03;

const HEADER: &str = "\
# The most that a call of liboauthapp may cost, and its shared library have; .ci/run fails where it is more.
# `benches/run.sh --counts --update-limits` sets it to 3 % above what is measured.
";

fn file() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/limits"))
}

/// Sets the limits to what was measured.
pub fn update(table: &Table) -> Result<()> {
    let mut text = HEADER.to_owned();
    for row in ROWS.iter().filter(|row| LIMITED.contains(&row.key)) {
        for scheme in Scheme::BOTH {
            if let Some(figure) = table.get(row.key, Client::Ours, scheme) {
                writeln!(text, "{} {scheme} {:.1}", row.key, figure.value * ROOM)?;
            }
        }
    }
    Ok(std::fs::write(file(), text)?)
}

/// What is above its limit, one line each.
pub fn exceeded(table: &Table) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file())?;
    let mut exceeded = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let invalid = || format!("benches/limits: {line}");
        let [key, scheme, limit] = line.split(' ').collect::<Vec<_>>().try_into().map_err(|_| invalid())?;
        let row = ROWS.iter().find(|row| row.key == key).ok_or_else(invalid)?;
        let scheme = Scheme::BOTH.into_iter().find(|known| known.to_string() == scheme).ok_or_else(invalid)?;
        let limit: f64 = limit.parse()?;
        let value = table.get(row.key, Client::Ours, scheme).ok_or_else(invalid)?.value;
        if value > limit {
            exceeded.push(format!("{key}, {scheme}: {value}, above the limit {limit}"));
        }
    }
    Ok(exceeded)
}
