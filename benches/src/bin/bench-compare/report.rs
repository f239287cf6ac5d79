//! Everything that is printed below the table: where it goes.

use crate::Result;
use crate::counts::Counts;
use crate::memory;
use crate::profile::{self, KINDS, Profile};
use crate::program::{Client, Places, Scheme};
use crate::server::Server;
use crate::size;
use crate::table::with_separators;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

/// Rows below this share of the whole are put together.
const SMALL: f64 = 0.01;

/// What the figures were taken on.
pub fn machine() -> Result<String> {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let after = |text: String, name: &str, separator: char| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(separator).map_or_else(String::new, |(_, value)| value.trim().trim_matches('"').to_owned())
    };
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
    };
    Ok(format!(
        "{} cores of {}; {}; {}; libcurl {}; load {} before the start.",
        std::thread::available_parallelism()?,
        after(read("/proc/cpuinfo"), "model name", ':'),
        after(read("/etc/os-release"), "PRETTY_NAME", '='),
        said("rustc", &["--version"]),
        said("pkg-config", &["--modversion", "libcurl"]),
        read("/proc/loadavg").split(' ').next().unwrap_or_default(),
    ))
}

/// The system calls of each client by name.
pub fn system_calls(counts: &BTreeMap<(Client, Scheme), Counts>) -> String {
    let mut text = String::new();
    for ((client, scheme), counts) in counts {
        let calls: Vec<String> =
            counts.system_calls.iter().map(|(name, count)| format!("{name} {}", with_separators(*count, 1))).collect();
        writeln!(text, "- {client}, {scheme}: {}", calls.join(", ")).expect("a string");
    }
    text
}

/// A profile as a table, the largest first.
pub fn profile(profile: &Profile) -> String {
    let mut rows: Vec<(&str, [f64; KINDS.len()])> =
        profile.iter().map(|(name, costs)| (name.as_str(), *costs)).collect();
    let total: f64 = rows.iter().map(|(_, costs)| sum(costs)).sum();
    rows.sort_by(|(_, one), (_, other)| sum(other).total_cmp(&sum(one)));
    let small = rows.partition_point(|(_, costs)| sum(costs) >= total * SMALL);
    let mut rest = [0.0; KINDS.len()];
    for (_, costs) in rows.drain(small..) {
        add(&mut rest, &costs);
    }
    rows.push(("the rest", rest));
    let mut all = [0.0; KINDS.len()];
    for (_, costs) in &rows {
        add(&mut all, costs);
    }
    rows.push(("in all", all));
    let mut text = format!("| instructions of | {} | in all |\n|---|---:|---:|---:|---:|---:|\n", KINDS.join(" | "));
    for (name, costs) in rows {
        let cells: Vec<String> = costs.iter().map(|cost| with_separators(*cost, 0)).collect();
        writeln!(text, "| {name} | {} | {} |", cells.join(" | "), with_separators(sum(&costs), 0)).expect("a string");
    }
    text
}

/// Names with their bytes, down to a hundredth of the whole.
pub fn bytes(parts: &[(String, u64)]) -> String {
    let total: u64 = parts.iter().map(|(_, bytes)| bytes).sum();
    let (large, small): (Vec<_>, Vec<_>) = parts.iter().partition(|(_, bytes)| *bytes as f64 >= total as f64 * SMALL);
    let rest: u64 = small.iter().map(|(_, bytes)| bytes).sum();
    let named = large.iter().map(|(name, bytes)| (name.as_str(), *bytes));
    let listed: Vec<String> = named
        .chain([("the rest", rest), ("in all", total)])
        .map(|(name, bytes)| format!("{name} {}", with_separators(bytes as f64, 0)))
        .collect();
    listed.join(", ")
}

/// Everything that needs the library with symbols.
pub fn where_it_goes(places: &Places, server: &Server) -> Result<String> {
    let mut text = String::new();
    for scheme in Scheme::BOTH {
        writeln!(text, "\n### The instructions of a call of liboauthapp, {scheme}\n")?;
        text += &profile(&profile::of_a_call(scheme, places, server)?);
    }
    writeln!(text, "\n### The instructions of a program that makes one call over TLS\n")?;
    text += &profile(&profile::of_a_cold_start(places, server)?);
    writeln!(text, "\n### The memory of a program that has made a thousand calls, bytes\n")?;
    for scheme in Scheme::BOTH {
        writeln!(text, "- {scheme}: {}", bytes(&memory::by_mapping(scheme, places, server)?))?;
    }
    writeln!(text, "\n### The bytes of liboauthapp.so\n")?;
    writeln!(text, "- sections: {}", bytes(&size::sections(places)?))?;
    writeln!(text, "- code: {}", bytes(&size::code_by_crate(places)?))?;
    Ok(text)
}

fn sum(costs: &[f64]) -> f64 {
    costs.iter().sum()
}

fn add(to: &mut [f64], costs: &[f64]) {
    to.iter_mut().zip(costs).for_each(|(to, cost)| *to += cost);
}
