//! How long the steps of an attempt took.

use std::fmt;
use std::time::{Duration, Instant};

/// The steps of an attempt, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Looking up the server's name, or the proxy's.
    Dns,
    Connect,
    Proxy,
    Tls,
    Send,
    /// From the last byte of the request to the first of the answer.
    Wait,
    Receive,
}

const STEPS: [(Step, &str); 7] = [
    (Step::Dns, "dns"),
    (Step::Connect, "connect"),
    (Step::Proxy, "proxy"),
    (Step::Tls, "tls"),
    (Step::Send, "send"),
    (Step::Wait, "wait"),
    (Step::Receive, "receive"),
];

/// Shows as `dns 0.1, connect 0.2, send 0.0, wait 3.1, receive 0.0 ms`, without the steps that there were none of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timings {
    start: Instant,
    last: Instant,
    spent: [Option<Duration>; STEPS.len()],
}

impl Timings {
    pub(super) fn start() -> Self {
        let now = Instant::now();
        Timings { start: now, last: now, spent: [None; STEPS.len()] }
    }

    /// The time since the last mark, or the start, went into this step.
    pub(super) fn mark(&mut self, step: Step) {
        let now = Instant::now();
        let position = STEPS.iter().position(|(known, _)| *known == step);
        if let Some(spent) = position.and_then(|position| self.spent.get_mut(position)) {
            *spent = Some(spent.unwrap_or_default().saturating_add(now.duration_since(self.last)));
        }
        self.last = now;
    }

    /// Whether something went into this step.
    pub(super) fn has(&self, step: Step) -> bool {
        STEPS.iter().zip(self.spent).any(|((known, _), spent)| *known == step && spent.is_some())
    }

    /// The time since the start.
    pub(super) fn total(&self) -> Duration {
        self.start.elapsed()
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for ((_, name), spent) in STEPS.iter().zip(self.spent) {
            if let Some(spent) = spent {
                write!(f, "{separator}{name} {}", Milliseconds(spent))?;
                separator = ", ";
            }
        }
        f.write_str(if separator.is_empty() { "nothing done" } else { " ms" })
    }
}

/// Shows as `12.3`.
pub(super) struct Milliseconds(pub(super) Duration);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0.as_secs_f64() * 1000.0)
    }
}
