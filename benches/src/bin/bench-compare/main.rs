//! Measures the clients and prints the table. `run.sh` builds everything and starts it.

mod counts;
mod profile;
mod program;
mod server;

use counts::Counts;
use program::{Client, Places, Scheme};
use server::Server;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let places = Places::new()?;
    let mut server = Server::start(&[], &places)?;
    for scheme in Scheme::BOTH {
        for client in Client::ALL {
            let counts = Counts::of(client, scheme, &places, &mut server)?;
            println!(
                "{client:16} {scheme:5}: {:>8.0} instructions, {:>5.2} system calls, {:>5.2} allocations of {:>6.0} bytes, \
                 {:.0} bytes out, {:.0} in; {:?}",
                counts.instructions,
                counts.all_system_calls(),
                counts.allocations,
                counts.allocated_bytes,
                counts.sent_bytes,
                counts.received_bytes,
                counts.system_calls
            );
        }
    }
    for scheme in Scheme::BOTH {
        let profile = profile::profile(scheme, &places, &server)?;
        println!("{scheme}");
        for (place, costs) in &profile {
            println!("{place:30} {:8.0} {costs:8.0?}", costs.iter().sum::<f64>());
        }
    }
    Ok(())
}

/// The numbers of a line, with spaces between them.
fn numbers<const N: usize>(line: &str) -> Result<[u64; N]> {
    let numbers: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    numbers.try_into().map_err(|_| format!("{N} numbers, not: {line}").into())
}
