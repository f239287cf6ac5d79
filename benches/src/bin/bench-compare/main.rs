//! Measures the clients and prints the table. `run.sh` builds everything and starts it.

mod counts;
mod limits;
mod memory;
mod profile;
mod program;
mod report;
mod server;
mod size;
mod table;
mod timing;

use counts::Counts;
use program::{Client, Places, Scheme};
use serde_json::json;
use server::Server;
use std::collections::BTreeMap;
use std::process::ExitCode;
use table::Table;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_given = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if let Some(unknown) = arguments.iter().find(|flag| !["--counts", "--update-limits"].contains(&flag.as_str())) {
        return Err(format!("{unknown}: only --counts and --update-limits are known").into());
    }
    let machine = report::machine()?;
    let places = Places::new()?;
    let mut server = Server::start(&[], &places)?;
    let mut table = Table::default();

    let counts = count(&mut table, &places, &mut server)?;
    size::sizes(&mut table, &places)?;
    if !is_given("--counts") {
        timing::pairs(&mut table, &places)?;
        timing::cold_start(&mut table, &places)?;
        timing::threads(&mut table, &places)?;
    }

    println!("{machine}\n\n{}", table.markdown());
    println!("## What remains\n\n{}", table.remains());
    println!("## Where it goes\n\n### System calls\n\n{}", report::system_calls(&counts));
    if !is_given("--counts") {
        println!("{}", report::where_it_goes(&places, &server)?);
    }
    let results = json!({"machine": machine, "figures": table.json()});
    std::fs::write(places.scratch("results.json"), serde_json::to_string_pretty(&results)?)?;

    if is_given("--update-limits") {
        limits::update(&table)?;
    }
    let exceeded = limits::exceeded(&table)?;
    for line in &exceeded {
        println!("Too much: {line}");
    }
    Ok(if exceeded.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Everything that is counted.
fn count(table: &mut Table, places: &Places, server: &mut Server) -> Result<BTreeMap<(Client, Scheme), Counts>> {
    let mut all = BTreeMap::new();
    for scheme in Scheme::BOTH {
        for client in Client::ALL {
            let counts = Counts::of(client, scheme, places, server)?;
            table.set("instructions", client, scheme, counts.instructions);
            table.set("system_calls", client, scheme, counts.all_system_calls());
            table.set("allocations", client, scheme, counts.allocations);
            table.set("allocated_bytes", client, scheme, counts.allocated_bytes);
            table.set("sent_bytes", client, scheme, counts.sent_bytes);
            table.set("received_bytes", client, scheme, counts.received_bytes);
            table.set("cold_instructions", client, scheme, counts::cold_instructions(client, scheme, places, server)?);
            all.insert((client, scheme), counts);
        }
    }
    Ok(all)
}

/// The numbers of a line, with spaces between them.
fn numbers<const N: usize>(line: &str) -> Result<[u64; N]> {
    let numbers: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    numbers.try_into().map_err(|_| format!("{N} numbers, not: {line}").into())
}
