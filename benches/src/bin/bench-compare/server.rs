//! The server that the clients call, in a process of its own.

use crate::Result;
use crate::program::{Places, Scheme};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The running server; it ends when this is dropped.
pub struct Server {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    urls: [String; 2],
    /// Its certificate authority.
    pub authority: PathBuf,
}

/// How many servers were started.
static STARTED: AtomicU32 = AtomicU32::new(0);

impl Server {
    /// Starts it, through a tool (`taskset …`, or none).
    pub fn start(tool: &[&str], places: &Places) -> Result<Self> {
        let authority = places.scratch(format!("authority.{}.pem", STARTED.fetch_add(1, Relaxed)));
        let words: Vec<_> = tool.iter().map(Into::into).chain([places.release.join("bench-server")]).collect();
        let (program, arguments) = words.split_first().ok_or("a program")?;
        let mut process = Command::new(program)
            .args(arguments)
            .arg(&authority)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().ok_or("a pipe")?);
        let mut server = Server { process, questions, answers, urls: Default::default(), authority };
        let line = server.read_line()?;
        let (plain, tls) = line.split_once(' ').ok_or("the server did not start")?;
        server.urls = [plain.to_owned(), tls.to_owned()];
        Ok(server)
    }

    pub fn url(&self, scheme: Scheme) -> &str {
        let [plain, tls] = &self.urls;
        match scheme {
            Scheme::Plain => plain,
            Scheme::Tls => tls,
        }
    }

    /// How many bytes it has received and sent so far.
    pub fn bytes(&mut self) -> Result<[u64; 2]> {
        self.questions.as_mut().ok_or("the server runs")?.write_all(b"\n")?;
        crate::numbers(&self.read_line()?)
    }

    fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends when its standard input closes.
        self.questions = None;
        let _ = self.process.wait();
    }
}
