//! The memory of another process, as a core dump would have it: everything that it can have written to.

use super::canary::Canaries;
use std::fmt;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// A piece of a secret in memory. What it is stays unsaid.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Found {
    pub secret: &'static str,
    /// What the kernel calls the place: `[heap]`, `[stack]`, a file, or nothing.
    pub region: String,
    pub address: usize,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} at {:#x} in {:?}", self.secret, self.address, self.region)
    }
}

/// Looks through the memory of a process that waits for this one. A core file would hold the same pages, but whether and
/// where the system writes one differs from machine to machine.
pub fn search(process: u32, canaries: &Canaries) -> Vec<Found> {
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut found = Vec::new();
    let mut looked_at = 0;
    for line in fs::read_to_string(format!("/proc/{process}/maps")).unwrap().lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
        let region = fields.nth(3).unwrap_or_default();
        // What a file holds and nobody can write to is the file's. The kernel's own pages can't be read this way.
        let of_a_file = region.starts_with('/') && !rights.contains('w');
        if !rights.starts_with('r') || of_a_file || region.starts_with("[v") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) = (usize::from_str_radix(start, 16).unwrap(), usize::from_str_radix(end, 16).unwrap());
        let mut bytes = vec![0; end - start];
        memory.read_exact_at(&mut bytes, start as u64).unwrap_or_else(|error| panic!("{line}: {error}"));
        looked_at += bytes.len();
        found.extend(canaries.find(&bytes).map(|(at, secret)| Found {
            secret,
            region: region.to_owned(),
            address: start + at,
        }));
    }
    assert!(looked_at > 200 * 1024, "no program is as small as {looked_at} bytes");
    found
}
