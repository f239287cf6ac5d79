//! The emulator as a program: `oauthapp-emulator --help` tells how to use it.

mod args;
mod stop;
mod welcome;

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use args::{Args, Command};
use oauthapp_emulator::{Builder, Emulator};

fn main() -> ExitCode {
    match args::parse(std::env::args().skip(1)) {
        Ok(Command::Run(args)) => match run(&args) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                say_error(&error.to_string());
                ExitCode::FAILURE
            }
        },
        Ok(Command::Help) => say(args::HELP),
        Ok(Command::Version) => say(concat!("oauthapp-emulator ", env!("CARGO_PKG_VERSION"), "\n")),
        Err(wrong) => {
            say_error(&format!("{wrong}\nTry oauthapp-emulator --help."));
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> io::Result<()> {
    let stop = stop::Stop::prepare(args.until_stdin_closes)?;
    let emulator = builder(args).start()?;
    if let Some(certificate) = emulator.ca_certificate_pem() {
        let explain = |error| io::Error::other(format!("can't write {}: {error}", args.ca_file.display()));
        fs::write(&args.ca_file, certificate).map_err(explain)?;
    }
    welcome::print(&emulator, args)?;
    stop.wait();
    Ok(())
}

fn builder(args: &Args) -> Builder {
    let mut builder = Emulator::builder()
        .host(&args.host)
        .port(args.port)
        .key_style(args.key_style)
        .token_lifetime(args.token_lifetime)
        // It may run for weeks, and nobody asks.
        .record_requests(false);
    if args.https {
        builder = builder.https();
    }
    if let Some(path) = &args.database {
        builder = builder.database(path);
    }
    args.applications.iter().cloned().fold(builder, Builder::application)
}

fn say(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn say_error(text: &str) {
    // Nothing is left to do if this fails too.
    let _ = writeln!(io::stderr(), "oauthapp-emulator: {text}");
}
