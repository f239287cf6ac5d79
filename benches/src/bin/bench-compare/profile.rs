//! Where the instructions of one of our calls go: to which crate, and to what it calls in libc.
//!
//! Taken from a library with debug information, in which also the code that was inlined is known by its source file. It is
//! the same code as the library that ships.

use crate::Result;
use crate::counts::{COUNTED, FIRST, callgrind};
use crate::program::{Client, Places, Run, Scheme};
use crate::server::Server;
use std::collections::BTreeMap;
use std::path::Path;

/// The kinds of cost, in the order of the table's columns.
pub const KINDS: [&str; 4] = ["own code", "malloc and free", "copying and filling memory", "rest of libc"];
const LIBRARY: &str = "/liboauthapp.so";

const OWN: usize = 0;
const ALLOCATION: usize = 1;
const MEMORY: usize = 2;
const REST: usize = 3;

/// By the place that causes the cost: a crate, or a folder of the library's source.
pub type Profile = BTreeMap<String, [f64; KINDS.len()]>;

/// The costs of one call among many.
pub fn of_a_call(scheme: Scheme, places: &Places, server: &Server) -> Result<Profile> {
    let before = of_a_run(FIRST, scheme, places, server)?;
    let mut profile = of_a_run(FIRST + COUNTED, scheme, places, server)?;
    for (place, costs) in &mut profile {
        let before = before.get(place).copied().unwrap_or_default();
        for (cost, before) in costs.iter_mut().zip(before) {
            *cost = (*cost - before) / COUNTED as f64;
        }
    }
    Ok(profile)
}

/// The costs of a process that makes one call over TLS.
pub fn of_a_cold_start(places: &Places, server: &Server) -> Result<Profile> {
    of_a_run(1, Scheme::Tls, places, server)
}

fn of_a_run(calls: u64, scheme: Scheme, places: &Places, server: &Server) -> Result<Profile> {
    let out = places.scratch(format!("callgrind.{scheme}.{calls}"));
    callgrind(&Run { client: Client::Ours, scheme, calls, threads: 1 }, &places.with_symbols(), server, &out)?;
    Ok(read(&std::fs::read_to_string(out)?))
}

/// Reads callgrind's output, uncompressed: blocks of `fn=`, within which `fi=` and `fe=` name the file of inlined code; a
/// line with a cost is the function's own, unless it follows a `calls=`, when it is that of the function called.
fn read(text: &str) -> Profile {
    let mut profile = Profile::new();
    let (mut object, mut file, mut inlined, mut function) = ("", "", "", "");
    let (mut called_object, mut called) = ("", "");
    let mut is_call = false;
    for line in text.lines() {
        match line.split_once('=') {
            Some(("ob", name)) => (object, called_object) = (name, name),
            Some(("fl", name)) => (file, inlined) = (name, name),
            Some(("fi" | "fe", name)) => inlined = name,
            Some(("fn", name)) => function = name,
            Some(("cob", name)) => called_object = name,
            Some(("cfn", name)) => called = name,
            Some(("calls", _)) => is_call = true,
            _ if line.starts_with(|first: char| first.is_ascii_digit()) => {
                let cost = line.split_once(' ').and_then(|(_, cost)| cost.parse().ok()).unwrap_or(0.0);
                let kind = match (is_call, is_libc(called_object)) {
                    (false, _) => Some(OWN),
                    (true, true) => Some(libc_kind(called)),
                    (true, false) => None,
                };
                if let Some(kind) = kind
                    && object.ends_with(LIBRARY)
                {
                    profile.entry(place(file, inlined, function)).or_default()[kind] += cost;
                } else if !is_call && !is_libc(object) {
                    let name = object.rsplit('/').next().unwrap_or_default();
                    profile.entry(name.to_owned()).or_default()[OWN] += cost;
                }
                if is_call {
                    (is_call, called_object) = (false, object);
                }
            }
            _ => {}
        }
    }
    profile
}

fn is_libc(object: &str) -> bool {
    object.contains("/libc.so")
}

fn libc_kind(function: &str) -> usize {
    let function = function.trim_start_matches('_');
    let starts_with = |names: &[&str]| names.iter().any(|name| function.starts_with(name));
    if starts_with(&["malloc", "calloc", "realloc", "free", "cfree", "posix_memalign", "aligned_alloc"]) {
        ALLOCATION
    } else if starts_with(&["mem", "bcmp", "str"]) {
        MEMORY
    } else {
        REST
    }
}

/// Whose code it is. That of the standard library counts for the crate in which it was inlined, or whose type it was made
/// for.
fn place(file: &str, inlined: &str, function: &str) -> String {
    let crate_name = || crate_of(inlined).or_else(|| crate_of(file)).or_else(|| crate_in(function));
    crate_name().unwrap_or("std").replace('-', "_")
}

/// The crate of a source file, or the folder where it is one of ours; `None` for the standard library.
fn crate_of(file: &str) -> Option<&str> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.to_str()?;
    if let Some(ours) = file.strip_prefix(root) {
        return Path::new(ours.trim_start_matches('/')).parent()?.to_str();
    }
    let (_, in_registry) = file.split_once("/registry/src/")?;
    let (name, _version) = in_registry.split('/').nth(1)?.rsplit_once('-')?;
    Some(name)
}

/// The first crate that is named in a function's name, as in `drop_in_place<http::request::Parts>`.
pub fn crate_in(function: &str) -> Option<&str> {
    function
        .split(|byte: char| !byte.is_alphanumeric() && byte != '_' && byte != ':')
        .filter_map(|path| path.split_once("::"))
        .map(|(name, _)| name)
        .find(|name| !name.is_empty() && !matches!(*name, "__rustc" | "alloc" | "core" | "hashbrown" | "std"))
}
