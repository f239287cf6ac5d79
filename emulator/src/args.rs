//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use oauthapp_emulator::{Application, KeyStyle};

pub(crate) const HELP: &str = "\
A local OAuthApp server, for development and tests.

Usage: oauthapp-emulator [OPTIONS]

Options:
  --host HOST               listen at this name or address [127.0.0.1]
  --port PORT               listen at this port; 0 takes one that is free [8742]
  --https                   speak https, with a certificate authority made at start
  --ca-file PATH            write the authority's certificate here
                            [oauthapp-emulator-ca.pem in the folder for temporary files]
  --database PATH           keep applications and users in this SQLite file [in memory]
  --app ID=NAME             add this application; may be repeated [2=开发文档 is there]
  --key-style number|hex    the signInKey is a number, or 32 hexadecimal digits [number]
  --token-lifetime SECONDS  how long a token is valid [86400]
  --until-stdin-closes      stop when standard input ends
  --help                    print this
  --version                 print the version

The first line printed is `listening on URL`. Ctrl-C or SIGTERM stops it.
";

/// What the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Run(Box<Args>),
    Help,
    Version,
}

#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) https: bool,
    pub(crate) ca_file: PathBuf,
    pub(crate) database: Option<PathBuf>,
    pub(crate) applications: Vec<Application>,
    pub(crate) key_style: KeyStyle,
    pub(crate) token_lifetime: Duration,
    pub(crate) until_stdin_closes: bool,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8742,
            https: false,
            ca_file: std::env::temp_dir().join("oauthapp-emulator-ca.pem"),
            database: None,
            applications: Vec::new(),
            key_style: KeyStyle::Number,
            token_lifetime: Duration::from_secs(86_400),
            until_stdin_closes: false,
        }
    }
}

/// Both `--port 0` and `--port=0` will do. The error says what is wrong.
pub(crate) fn parse(mut given: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut args = Args::default();
    while let Some(argument) = given.next() {
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            _ => (argument, None),
        };
        if let Some(switch) = switch(&mut args, &flag) {
            if inline.is_some() {
                return Err(format!("{flag} takes no value"));
            }
            match switch {
                Some(command) => return Ok(command),
                None => continue,
            }
        }
        let setting = setting(&flag).ok_or_else(|| format!("unknown argument {flag}"))?;
        let value = inline.or_else(|| given.next()).ok_or_else(|| format!("{flag} wants a value"))?;
        setting(&mut args, &value).map_err(|wanted| format!("{flag} wants {wanted}, not {value:?}"))?;
    }
    Ok(Command::Run(Box::new(args)))
}

/// Does what a flag without a value says; some ask for something else than to run.
fn switch(args: &mut Args, flag: &str) -> Option<Option<Command>> {
    match flag {
        "--help" | "-h" => return Some(Some(Command::Help)),
        "--version" | "-V" => return Some(Some(Command::Version)),
        "--https" => args.https = true,
        "--until-stdin-closes" => args.until_stdin_closes = true,
        _ => return None,
    }
    Some(None)
}

/// Takes a value over, or says what it wants instead.
type Setting = fn(&mut Args, &str) -> Result<(), &'static str>;

fn setting(flag: &str) -> Option<Setting> {
    Some(match flag {
        "--host" => |args, value| set(&mut args.host, Some(value.to_owned()), "a name or an address"),
        "--port" => |args, value| set(&mut args.port, value.parse().ok(), "a number from 0 to 65535"),
        "--ca-file" => |args, value| set(&mut args.ca_file, path(value), "a path"),
        "--database" => |args, value| set(&mut args.database, path(value).map(Some), "a path"),
        "--app" => |args, value| {
            let (id, name) = value.split_once('=').ok_or(APP)?;
            args.applications.push(Application::new(id.parse().map_err(|_| APP)?, name));
            Ok(())
        },
        "--key-style" => |args, value| {
            let style = match value {
                "number" => Some(KeyStyle::Number),
                "hex" => Some(KeyStyle::Hex),
                _ => None,
            };
            set(&mut args.key_style, style, "number or hex")
        },
        "--token-lifetime" => |args, value| {
            let seconds = value.parse::<u32>().ok().map(|seconds| Duration::from_secs(seconds.into()));
            set(&mut args.token_lifetime, seconds, "a number of seconds")
        },
        _ => return None,
    })
}

const APP: &str = "ID=NAME with a whole number as ID";

fn set<T>(target: &mut T, value: Option<T>, wanted: &'static str) -> Result<(), &'static str> {
    *target = value.ok_or(wanted)?;
    Ok(())
}

fn path(value: &str) -> Option<PathBuf> {
    (!value.is_empty()).then(|| value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn every_flag_is_taken_over() {
        let line = "--host ::1 --port=0 --https --ca-file ca.pem --database d.sqlite --app 7=Shop --app=8=a=b \
                    --key-style hex --token-lifetime 60 --until-stdin-closes";
        let Ok(Command::Run(args)) = of(line) else { panic!() };
        assert_eq!((args.host.as_str(), args.port, args.https, args.until_stdin_closes), ("::1", 0, true, true));
        assert_eq!(args.ca_file.to_str(), Some("ca.pem"));
        assert_eq!(args.database.unwrap().to_str(), Some("d.sqlite"));
        let apps: Vec<_> = args.applications.iter().map(|app| (app.id(), app.name())).collect();
        assert_eq!(apps, [(7, "Shop"), (8, "a=b")]);
        assert_eq!((args.key_style, args.token_lifetime.as_secs()), (KeyStyle::Hex, 60));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, error) in [
            ("--prot 1", "unknown argument --prot"),
            ("serve", "unknown argument serve"),
            ("--port", "--port wants a value"),
            ("--port 99999", "--port wants a number from 0 to 65535, not \"99999\""),
            ("--https=yes", "--https takes no value"),
            ("--app Shop", "--app wants ID=NAME with a whole number as ID, not \"Shop\""),
            ("--key-style octal", "--key-style wants number or hex, not \"octal\""),
            ("--token-lifetime -1", "--token-lifetime wants a number of seconds, not \"-1\""),
        ] {
            assert_eq!(of(line).unwrap_err(), error);
        }
    }
}
