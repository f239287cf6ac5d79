//! The programs that make the calls.

use crate::Result;
use crate::server::Server;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A client, in the order of the table's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    Floor,
    Curl,
    Naive,
    Best,
    Ours,
}

impl Client {
    pub const ALL: [Client; 5] = [Client::Floor, Client::Curl, Client::Naive, Client::Best, Client::Ours];
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Client::Floor => "floor",
            Client::Curl => "libcurl + cJSON",
            Client::Naive => "naive ureq",
            Client::Best => "ureq at its best",
            Client::Ours => "liboauthapp",
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    Plain,
    Tls,
}

impl Scheme {
    pub const BOTH: [Scheme; 2] = [Scheme::Plain, Scheme::Tls];
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scheme::Plain => "plain",
            Scheme::Tls => "TLS",
        })
    }
}

/// Where everything is. `run.sh` has put it there.
#[derive(Clone)]
pub struct Places {
    /// Cargo's release folder, with the library that ships and the programs in Rust.
    pub release: PathBuf,
    /// The folder with the library that is measured.
    pub library: PathBuf,
    /// The programs in C, and whatever the measurements write.
    pub scratch: PathBuf,
}

impl Places {
    pub fn new() -> Result<Self> {
        let program = std::env::current_exe()?;
        let release = program.parent().ok_or("the program is in a folder")?;
        Ok(Places {
            release: release.to_owned(),
            library: release.to_owned(),
            scratch: release.join("../benches").canonicalize()?,
        })
    }

    /// The same, with the library that has debug information.
    pub fn with_symbols(&self) -> Self {
        Places { library: self.scratch("symbols/release"), ..self.clone() }
    }

    /// A command that starts the client through a tool (`valgrind …`, or none) to make so many calls in each thread.
    pub fn client(&self, tool: &[&str], run: &Run, server: &Server) -> Command {
        let program = match run.client {
            Client::Floor => self.release.join("bench-floor"),
            Client::Naive => self.release.join("bench-naive"),
            Client::Best => self.release.join("bench-ureq"),
            Client::Curl => self.scratch.join("curl"),
            Client::Ours => self.scratch.join("ours"),
        };
        let mut command = match tool {
            [] => Command::new(&program),
            [tool, arguments @ ..] => {
                let mut command = Command::new(tool);
                command.args(arguments).arg(&program);
                command
            }
        };
        command
            .arg(server.url(run.scheme))
            .args([run.calls.to_string(), run.threads.to_string()])
            .arg(&server.authority)
            .env("LD_LIBRARY_PATH", &self.library);
        command
    }

    pub fn scratch(&self, name: impl AsRef<Path>) -> PathBuf {
        self.scratch.join(name)
    }
}

/// One run of a client.
#[derive(Clone, Copy)]
pub struct Run {
    pub client: Client,
    pub scheme: Scheme,
    /// Of each thread.
    pub calls: u64,
    pub threads: u64,
}
