//! What the memory of our process is used for.

use crate::Result;
use crate::program::{Client, Places, Run, Scheme};
use crate::server::Server;
use std::collections::BTreeMap;

const CALLS: u64 = 1_000;

/// The resident bytes after a thousand calls by what they belong to, largest first. What a file's pages were written to
/// stands by itself: it can't be shared with other processes.
pub fn by_mapping(scheme: Scheme, places: &Places, server: &Server) -> Result<Vec<(String, u64)>> {
    let out = places.scratch("smaps.out");
    let mut command = places.client(&[], &Run { client: Client::Ours, scheme, calls: CALLS, threads: 1 }, server);
    let output = command.env("SMAPS_FILE", &out).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    let text = std::fs::read_to_string(out)?;
    let mut by_mapping = BTreeMap::<String, u64>::new();
    let (mut name, mut resident) = ("", 0);
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let bytes = line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1024;
        match first {
            "Rss:" => resident = bytes,
            "Private_Dirty:" => {
                let is_file = !name.starts_with('[');
                let written = if is_file { format!("{name}, written to") } else { name.to_owned() };
                *by_mapping.entry(name.to_owned()).or_default() += resident - bytes;
                *by_mapping.entry(written).or_default() += bytes;
            }
            // A new mapping: addresses, rights, offset, device, inode, and the name where it has one.
            range if range.contains('-') => {
                name = words.nth(4).map_or("[without a name]", |path| path.rsplit('/').next().unwrap_or(path));
            }
            _ => {}
        }
    }
    let mut by_mapping: Vec<_> = by_mapping.into_iter().collect();
    by_mapping.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    Ok(by_mapping)
}
