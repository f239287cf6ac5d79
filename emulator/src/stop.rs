//! What ends the program: a signal, or the end of standard input.

use std::io::{self, Read};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Prepared before the server starts, so that no signal finds the program unprepared.
pub(crate) struct Stop {
    runtime: Runtime,
    reasons: Receiver<()>,
}

impl Stop {
    pub(crate) fn prepare(until_stdin_closes: bool) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let (reason, reasons) = mpsc::channel(1);
        let inside = runtime.enter();
        on_signals(&reason)?;
        drop(inside);
        if until_stdin_closes {
            thread::Builder::new().name("stdin".to_owned()).spawn(move || {
                // A read that fails is an end too.
                let _ = io::copy(&mut io::stdin().lock().by_ref(), &mut io::sink());
                let _ = reason.blocking_send(());
            })?;
        }
        Ok(Self { runtime, reasons })
    }

    /// Returns when there is a reason to stop.
    pub(crate) fn wait(mut self) {
        self.runtime.block_on(self.reasons.recv());
    }
}

#[cfg(unix)]
fn on_signals(reason: &Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind)?;
        let reason = reason.clone();
        tokio::spawn(async move {
            signal.recv().await;
            let _ = reason.send(()).await;
        });
    }
    Ok(())
}

#[cfg(not(unix))]
fn on_signals(reason: &Sender<()>) -> io::Result<()> {
    let reason = reason.clone();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        let _ = reason.send(()).await;
    });
    Ok(())
}
