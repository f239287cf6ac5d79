//! By how much a call outlasts its deadline, and how long a cancelled one goes on, in every phase in which a server can
//! leave it hanging. Prints the medians and the maxima, quiet and with all cores busy. Given an argument, only the phases
//! that have it in their name are tried.

mod phases;
mod servers;

use oauthapp::CancelToken;
use phases::Phase;
use std::collections::BTreeMap;
use std::ffi::{c_char, c_int, c_void};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// Milliseconds.
const CANCELLED_AFTER: Range<u64> = 20..200;

/// A cancelled call's own deadline does not come to its help.
const FAR: Duration = Duration::from_secs(60);

/// How many calls are under way at a time. They sleep, so it is no load; starting them is, and those with short deadlines start
/// often.
const AT_ONCE: usize = 8;
const AT_ONCE_IF_LONG: usize = 64;

/// What is promised, in milliseconds.
const BOUND: f64 = 100.0;

/// The milliseconds by which the calls of a phase were late; below zero where they came back early.
#[derive(Default)]
struct Measured {
    deadline: Vec<f64>,
    cancel: Vec<f64>,
    outcomes: BTreeMap<&'static str, usize>,
}

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let phases = phases::all();
    println!(
        "Milliseconds, median / maximum; cancelled after {CANCELLED_AFTER:?} ms.\n\n\
         | | deadlines | calls | after the deadline, quiet | busy | after being cancelled, quiet | busy |\n\
         |---|---:|---:|---:|---:|---:|---:|"
    );
    let mut late = Vec::new();
    let mut outcomes = Vec::new();
    let mut show = |name: &str, deadlines: &Range<u64>, calls, quiet: &Measured, busy: &Measured| {
        let cells: Vec<String> = [&quiet.deadline, &busy.deadline, &quiet.cancel, &busy.cancel]
            .into_iter()
            .map(|values| {
                let (median, maximum) = median_and_maximum(values);
                if maximum > BOUND {
                    late.push(format!("{name}: {maximum:.1} ms"));
                }
                format!("{median:.1} / {maximum:.1}")
            })
            .collect();
        println!("| {name} | {deadlines:?} | {calls} | {} |", cells.join(" | "));
        outcomes.push(format!("- {name}: quiet {:?}, busy {:?}", quiet.outcomes, busy.outcomes));
    };
    let machine = || measure(phases::ROUNDS, AT_ONCE, || oversleep(phases::DEADLINES), wake);
    show("no call: a sleep, a thread woken", &phases::DEADLINES, phases::ROUNDS, &machine(), &while_busy(machine));
    for phase in phases.iter().filter(|phase| phase.name.contains(&wanted)) {
        let at_once = if phase.deadlines.end > 1_000 { AT_ONCE_IF_LONG } else { AT_ONCE };
        let calls = || measure(phase.rounds, at_once, || run_out_of_time(phase), || cancel(phase));
        show(&phase.name, &phase.deadlines, phase.rounds, &calls(), &while_busy(calls));
    }
    println!("\nHow the calls ended:\n\n{}", outcomes.join("\n"));
    println!("\nMore than {BOUND} ms late: {}", if late.is_empty() { "none".to_owned() } else { late.join("; ") });
}

/// How late a call was, in milliseconds, and how it ended.
type Late = (f64, &'static str);

/// Lets calls run out of time, and as many others be cancelled.
fn measure(
    rounds: usize,
    at_once: usize,
    run_out_of_time: impl Fn() -> Late + Sync,
    cancel: impl Fn() -> Late + Sync,
) -> Measured {
    let measured = Mutex::new(Measured::default());
    let begun = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while begun.fetch_add(1, Relaxed) < rounds {
                    let (after_deadline, timed_out) = run_out_of_time();
                    let (after_cancel, cancelled) = cancel();
                    let mut measured = measured.lock().expect("nobody panics");
                    measured.deadline.push(after_deadline);
                    measured.cancel.push(after_cancel);
                    for outcome in [timed_out, cancelled] {
                        *measured.outcomes.entry(outcome).or_default() += 1;
                    }
                }
            });
        }
    });
    measured.into_inner().expect("nobody panics")
}

fn run_out_of_time(phase: &Phase) -> Late {
    let timeout = random(phase.deadlines.clone());
    let client = phase.client.with_timeout(timeout).expect("a sound timeout");
    let start = Instant::now();
    let result = phase.call(&client);
    (late(Instant::now(), start + timeout), outcome(result))
}

fn cancel(phase: &Phase) -> Late {
    let token = CancelToken::new();
    let client = phase.client.with_timeout(FAR).expect("a sound timeout").with_cancel(&token);
    let client = client.with_connect_timeout(FAR).expect("a sound timeout");
    later(|| token.cancel(), || outcome(phase.call(&client)))
}

/// What the machine itself is late by, without a call: a sleep.
fn oversleep(deadlines: Range<u64>) -> Late {
    let duration = random(deadlines);
    let start = Instant::now();
    thread::sleep(duration);
    (late(Instant::now(), start + duration), "slept")
}

/// And a thread that another one wakes.
fn wake() -> Late {
    let (sender, receiver) = channel();
    later(
        || sender.send(()).expect("somebody waits"),
        || {
            receiver.recv().expect("it is sent");
            "woken"
        },
    )
}

/// Runs something that another thread ends after a while, and measures from then on.
fn later(end: impl FnOnce() + Send, run: impl FnOnce() -> &'static str) -> Late {
    thread::scope(|scope| {
        let ended = scope.spawn(|| {
            thread::sleep(random(CANCELLED_AFTER));
            let now = Instant::now();
            end();
            now
        });
        let outcome = run();
        let returned = Instant::now();
        (late(returned, ended.join().expect("it does not panic")), outcome)
    })
}

fn late(returned: Instant, due: Instant) -> f64 {
    let seconds = match returned.checked_duration_since(due) {
        Some(late) => late.as_secs_f64(),
        None => -due.duration_since(returned).as_secs_f64(),
    };
    seconds * 1e3
}

fn outcome(result: oauthapp::Result<()>) -> &'static str {
    result.map_or_else(|error| error.kind().name(), |()| "success")
}

/// Runs something while as many threads spin as there are cores.
fn while_busy<T>(run: impl FnOnce() -> T) -> T {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(|| {
                while !stop.load(Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let result = run();
        stop.store(true, Relaxed);
        result
    })
}

fn median_and_maximum(values: &[f64]) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
    (median, sorted.last().copied().unwrap_or(f64::NAN))
}

/// The standard library's hash keys are random, which is all that is wanted here.
fn random(milliseconds: Range<u64>) -> Duration {
    let random = RandomState::new().hash_one(()) % (milliseconds.end - milliseconds.start);
    Duration::from_millis(milliseconds.start + random)
}

/// The system's name look-up, replaced for this program: it answers after everybody has gone. Only the phase that is about it
/// uses names.
///
/// # Safety
/// None of the pointers is used.
#[unsafe(no_mangle)]
unsafe extern "C" fn getaddrinfo(_: *const c_char, _: *const c_char, _: *const c_void, _: *mut *mut c_void) -> c_int {
    thread::sleep(FAR);
    libc::EAI_AGAIN
}
