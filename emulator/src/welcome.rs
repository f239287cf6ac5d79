//! What the program says when it is ready.

use std::io::{self, Write};
use std::path::Path;

use oauthapp_emulator::Emulator;

use crate::args::Args;

/// The first line is for machines: it goes out before the rest is made.
pub(crate) fn print(emulator: &Emulator, args: &Args) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let url = emulator.url();
    writeln!(out, "listening on {url}")?;
    out.flush()?;

    // Whoever wanted only that line may have gone; the rest is no reason to stop.
    let _ = explain(&mut out, emulator, args);
    Ok(())
}

fn explain(out: &mut impl Write, emulator: &Emulator, args: &Args) -> io::Result<()> {
    let url = emulator.url();
    if !emulator.address().ip().is_loopback() {
        writeln!(
            io::stderr(),
            "warning: everyone who can reach {} gets in: the emulator has users, but keeps nobody out",
            emulator.address()
        )?;
    }
    let trust = if args.https { format!(" --cacert {}", quoted(&args.ca_file)) } else { String::new() };
    if args.https {
        writeln!(out, "certificate authority: {}", args.ca_file.display())?;
    }
    writeln!(
        out,
        "
The page with the applications, the users and the phone: {url}/

To try it, sign a user up and in:

curl{trust} -H 'Content-Type: application/json' -d '{{\"userName\":\"demo\",\"pwd\":\"demo-1234\"}}' {url}/api/AppUsers/2/SignUp
curl{trust} -H 'Content-Type: application/json' -d '{{\"userName\":\"demo\",\"pwd\":\"demo-1234\"}}' {url}/api/AppUsers/2/SignIn
"
    )?;
    out.flush()
}

/// Fit to be pasted into a shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
