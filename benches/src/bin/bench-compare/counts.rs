//! What can be counted, and comes out the same in every run: instructions, system calls, allocations, bytes.
//!
//! Each is counted for N calls and for N + 1,000; the thousandth part of the difference is that of a call, with nothing of
//! the program's start in it.

use crate::Result;
use crate::program::{Client, Places, Run, Scheme};
use crate::server::Server;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// The calls that are not counted.
pub const FIRST: u64 = 100;
pub const COUNTED: u64 = 1_000;

/// What one call costs.
pub struct Counts {
    pub instructions: f64,
    /// By name.
    pub system_calls: BTreeMap<String, f64>,
    pub allocations: f64,
    pub allocated_bytes: f64,
    pub sent_bytes: f64,
    pub received_bytes: f64,
}

impl Counts {
    pub fn all_system_calls(&self) -> f64 {
        self.system_calls.values().sum()
    }

    pub fn of(client: Client, scheme: Scheme, places: &Places, server: &mut Server) -> Result<Self> {
        let run = |calls| Run { client, scheme, calls, threads: 1 };
        let (few, many) = (run(FIRST), run(FIRST + COUNTED));
        let per_call = |few: u64, many: u64| (many as f64 - few as f64) / COUNTED as f64;

        let instructions = per_call(instructions(&few, places, server)?, instructions(&many, places, server)?);
        let before = system_calls(&few, places, server)?;
        let system_calls = system_calls(&many, places, server)?
            .into_iter()
            .map(|(name, count)| (per_call(before.get(&name).copied().unwrap_or(0), count), name))
            // What is made once in a hundred calls is the program's, or an accident of timing.
            .filter(|(count, _)| *count >= 0.01)
            .map(|(count, name)| (name, count))
            .collect();
        let [before, bytes_before] = allocations(&few, places, server)?;
        let [after, bytes_after] = allocations(&many, places, server)?;
        let [up_before, down_before] = wire_bytes(&few, places, server)?;
        let [up_after, down_after] = wire_bytes(&many, places, server)?;
        Ok(Counts {
            instructions,
            system_calls,
            allocations: per_call(before, after),
            allocated_bytes: per_call(bytes_before, bytes_after),
            sent_bytes: per_call(up_before, up_after),
            received_bytes: per_call(down_before, down_after),
        })
    }
}

/// The instructions of a process that makes one call, from the dynamic loader's first on.
pub fn cold_instructions(client: Client, scheme: Scheme, places: &Places, server: &Server) -> Result<f64> {
    Ok(instructions(&Run { client, scheme, calls: 1, threads: 1 }, places, server)? as f64)
}

fn instructions(run: &Run, places: &Places, server: &Server) -> Result<u64> {
    let out = places.scratch("callgrind.out");
    callgrind(run, places, server, &out)?;
    let text = std::fs::read_to_string(&out)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals:")).ok_or("callgrind gives a total")?;
    Ok(total.trim().parse()?)
}

/// Runs a client in callgrind, whose findings go to this file, with every name written out.
pub fn callgrind(run: &Run, places: &Places, server: &Server, out: &Path) -> Result<()> {
    let out = format!("--callgrind-out-file={}", out.display());
    let tool = ["valgrind", "-q", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", &out];
    finish(places.client(&tool, run, server))
}

fn system_calls(run: &Run, places: &Places, server: &Server) -> Result<BTreeMap<String, u64>> {
    let out = places.scratch("strace.out");
    let path = out.to_str().ok_or("a path in UTF-8")?;
    finish(places.client(&["strace", "-f", "-qq", "-c", "-U", "calls,name", "-o", path], run, server))?;
    let text = std::fs::read_to_string(&out)?;
    let lines = text.lines().filter_map(|line| line.trim().split_once(char::is_whitespace));
    Ok(lines
        .filter_map(|(count, name)| Some((name.trim().to_owned(), count.parse().ok()?)))
        .filter(|(name, _)| name != "total")
        .collect())
}

/// How many allocations, and how many bytes they asked for.
fn allocations(run: &Run, places: &Places, server: &Server) -> Result<[u64; 2]> {
    let out = places.scratch("allocations.out");
    let mut command = places.client(&[], run, server);
    command.env("LD_PRELOAD", places.scratch("count_allocations.so")).env("ALLOCATIONS_FILE", &out);
    finish(command)?;
    crate::numbers(&std::fs::read_to_string(&out)?)
}

/// The bytes that went to the server and came from it, the handshake included.
fn wire_bytes(run: &Run, places: &Places, server: &mut Server) -> Result<[u64; 2]> {
    let before = server.bytes()?;
    finish(places.client(&[], run, server))?;
    let after = server.bytes()?;
    Ok([after[0] - before[0], after[1] - before[1]])
}

/// Runs a client whose own figures don't count.
fn finish(mut command: Command) -> Result<()> {
    let status = command.stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
