//! What a program can hear of the calls that it makes.

use std::fmt;
use std::sync::Arc;

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LogLevel {
    /// An attempt failed, or was answered with an HTTP status from 300 on.
    Warn,
    /// An attempt went well, or was cancelled.
    Debug,
}

/// Where the lines go.
#[derive(Clone)]
pub(crate) struct Logger(Arc<LogFn>);

type LogFn = dyn Fn(LogLevel, &str, &str) + Send + Sync;

impl Logger {
    pub(crate) fn new(log: impl Fn(LogLevel, &str, &str) + Send + Sync + 'static) -> Self {
        Logger(Arc::new(log))
    }

    pub(crate) fn log(&self, level: LogLevel, target: &str, message: &str) {
        (self.0)(level, target, message);
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Logger")
    }
}
