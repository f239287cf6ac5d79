//! What the clients in Rust have in common, as c/client.c for those in C: the command line, the threads, the clocks.

use std::ffi::CString;
use std::mem::MaybeUninit;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// A way to sign in.
pub trait Client: Sync {
    /// What one thread makes its calls with.
    type Caller;

    /// A client of the server at this address, `http://host:port` or `https://host:port`, that believes this certificate
    /// authority, PEM text.
    fn new(url: &str, authority: &str) -> Self;

    /// Called once by every thread.
    fn caller(&self) -> Self::Caller;

    /// Signs in, checks the envelope, and gives `data` as a caller in C gets it.
    fn sign_in(&self, caller: &mut Self::Caller) -> CString;
}

/// Runs a client: `URL CALLS THREADS CA_FILE`. The calls are those of each thread.
///
/// Prints the time of all calls but each thread's first, which connects; then their CPU time, both in nanoseconds; then the
/// most memory that the process has had, in bytes.
///
/// # Panics
/// Where a call fails: there is nothing to measure then.
pub fn run<C: Client>() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, calls, threads, ca_file] = arguments.as_slice() else { panic!("URL CALLS THREADS CA_FILE") };
    let calls: u64 = calls.parse().expect("the number of calls");
    let threads: usize = threads.parse().expect("the number of threads");
    let client = C::new(url, &std::fs::read_to_string(ca_file).expect("the CA file"));

    let (connected, done) = (Barrier::new(threads), Barrier::new(threads));
    let one_thread = || {
        let mut caller = client.caller();
        drop(client.sign_in(&mut caller));
        connected.wait();
        let (start, cpu_start) = (Instant::now(), cpu_time());
        for _ in 1..calls {
            drop(client.sign_in(&mut caller));
        }
        done.wait();
        [start.elapsed(), cpu_time() - cpu_start]
    };
    let spent = thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(one_thread);
        }
        one_thread()
    });
    let [wall, cpu] = spent.map(|time| time.as_nanos());
    println!("{wall} {cpu} {}", peak_memory());
}

/// The process's CPU time, in user space and in the kernel. Their sum is exact; how the system divides it is a guess.
fn cpu_time() -> Duration {
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: getrusage fills the struct, or fails.
    let usage = unsafe {
        assert_eq!(libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()), 0);
        usage.assume_init()
    };
    let times = [usage.ru_utime, usage.ru_stime].map(|time| {
        let part = |number: i64| u64::try_from(number).expect("a time since the start");
        Duration::from_secs(part(time.tv_sec)) + Duration::from_micros(part(time.tv_usec))
    });
    times.iter().sum()
}

/// Not getrusage's ru_maxrss: that begins with the memory of the process which started this one.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux has it");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}
