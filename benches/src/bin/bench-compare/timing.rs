//! What a clock tells, and what the process needed in memory. Machines are noisy, so the clients run in turn, each round in the
//! other direction, and ratios are taken within a round.

use crate::Result;
use crate::program::{Client, Places, Run, Scheme};
use crate::server::Server;
use crate::table::{Figure, Table, median};
use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: usize = 16;
const CALLS: u64 = 2_000;
const THREADS: [u64; 4] = [1, 2, 4, 8];
const THREAD_ROUNDS: usize = 8;
/// Of all threads together.
const THREAD_CALLS: u64 = 8_000;

/// Runs something on one core.
const ON_ONE_CORE: [&str; 3] = ["taskset", "-c", "0"];

/// What one run has taken, in nanoseconds and bytes.
struct Taken {
    wall: f64,
    cpu: f64,
    peak_memory: f64,
}

/// One thread's calls, client and server on the same core, so that what is waited for is work and not another core's waking up.
pub fn pairs(table: &mut Table, places: &Places) -> Result<()> {
    let server = Server::start(&ON_ONE_CORE, places)?;
    for scheme in Scheme::BOTH {
        let run = |client| {
            let run = Run { client, scheme, calls: CALLS + 1, threads: 1 };
            taken(places.client(&ON_ONE_CORE, &run, &server))
        };
        let rounds = in_turn(ROUNDS, run)?;
        for client in Client::ALL {
            let of_libcurl = |part: fn(&Taken) -> f64| {
                median(rounds.iter().map(|round| part(of(round, client)) / part(of(round, Client::Curl))).collect())
            };
            let per_call = |part: fn(&Taken) -> f64| -> Result<Figure> {
                let median = median(rounds.iter().map(|round| part(of(round, client))).collect())?;
                Ok((median.value / CALLS as f64).into())
            };
            table.set("wall_ratio", client, scheme, of_libcurl(|taken| taken.wall)?);
            table.set("cpu_ratio", client, scheme, of_libcurl(|taken| taken.cpu)?);
            table.set("wall", client, scheme, per_call(|taken| taken.wall)?);
            table.set("cpu", client, scheme, per_call(|taken| taken.cpu)?);
            let memory = median(rounds.iter().map(|round| of(round, client).peak_memory).collect())?;
            table.set("peak_memory", client, scheme, memory.value);
        }
    }
    Ok(())
}

/// A process that makes one call, from its start to its end.
pub fn cold_start(table: &mut Table, places: &Places) -> Result<()> {
    let server = Server::start(&ON_ONE_CORE, places)?;
    for scheme in Scheme::BOTH {
        let run = |client| {
            let run = Run { client, scheme, calls: 1, threads: 1 };
            let mut command = places.client(&ON_ONE_CORE, &run, &server);
            let start = Instant::now();
            let status = command.stdout(Stdio::null()).status()?;
            let wall = start.elapsed().as_nanos() as f64;
            if status.success() { Ok(wall) } else { Err(format!("{command:?}: {status}").into()) }
        };
        let rounds = in_turn(ROUNDS, run)?;
        for client in Client::ALL {
            let wall = median(rounds.iter().map(|round| *of(round, client)).collect())?;
            table.set("cold_wall", client, scheme, wall);
        }
    }
    Ok(())
}

/// Several threads, on all cores: one client of ours for all of them, a handle of libcurl for each.
pub fn threads(table: &mut Table, places: &Places) -> Result<()> {
    let server = Server::start(&[], places)?;
    for scheme in Scheme::BOTH {
        for threads in THREADS {
            let calls = THREAD_CALLS / threads;
            let run = |client| {
                let taken = taken(places.client(&[], &Run { client, scheme, calls: calls + 1, threads }, &server))?;
                Ok((calls * threads) as f64 / (taken.wall / 1e9))
            };
            let rounds = in_turn(THREAD_ROUNDS, run)?;
            for client in Client::ALL {
                let a_second = median(rounds.iter().map(|round| *of(round, client)).collect())?;
                let of_libcurl =
                    median(rounds.iter().map(|round| of(round, client) / of(round, Client::Curl)).collect())?;
                table.set(&format!("calls_{threads}"), client, scheme, a_second.value);
                table.set(&format!("calls_ratio_{threads}"), client, scheme, of_libcurl);
            }
        }
    }
    Ok(())
}

/// Runs every client in every round, forwards and backwards in turn. Gives each round's results in the clients' order.
fn in_turn<T>(rounds: usize, run: impl Fn(Client) -> Result<T>) -> Result<Vec<Vec<T>>> {
    (0..rounds)
        .map(|round| {
            if round % 2 == 0 {
                Client::ALL.into_iter().map(&run).collect()
            } else {
                let mut backwards: Vec<T> = Client::ALL.into_iter().rev().map(&run).collect::<Result<_>>()?;
                backwards.reverse();
                Ok(backwards)
            }
        })
        .collect()
}

/// A client's result of a round.
fn of<T>(round: &[T], client: Client) -> &T {
    &round[client as usize]
}

fn taken(mut command: Command) -> Result<Taken> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    let [wall, cpu, peak_memory] = crate::numbers(&String::from_utf8(output.stdout)?)?;
    Ok(Taken { wall: wall as f64, cpu: cpu as f64, peak_memory: peak_memory as f64 })
}
