//! Names to addresses, through the system, within the call's deadline.

use super::current;
use super::timings::Step;
use crate::process::Process;
use crate::signals;
use crate::sync::{Condvar, Mutex, MutexGuard, thread};
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, LazyLock, PoisonError};
use std::time::{Duration, Instant};
use ureq::http::Uri;

/// Looks names up. A clone shares the look-ups.
///
/// The system's look-up can't be interrupted, so it runs in a thread of its own, which a call that is out of time leaves
/// behind; it ends when the system gives up. Calls for the same name wait for the same look-up, unless it may be stuck.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    system: fn(&str, u16) -> io::Result<Vec<SocketAddr>>,
    /// A look-up that has taken this long may never end.
    stuck_after: Duration,
    under_way: Arc<Mutex<OfProcess>>,
}

/// The look-ups of one process. After fork() there are no such threads in the child, and what one of them held locked at that moment
/// stays locked there, so the child begins with none. The threads themselves never hold the lock around this.
#[derive(Debug)]
struct OfProcess {
    process: Process,
    under_way: Arc<Mutex<UnderWay>>,
}

/// The look-ups that have not ended, by host; the latest is the last.
type UnderWay = HashMap<String, Vec<Arc<LookUp>>>;

/// As the connect timeout is, unless set otherwise: the call that has waited in vain begins anew.
const STUCK_AFTER: Duration = Duration::from_secs(10);

/// So many threads look up a name at most.
const MAX_LOOK_UPS: usize = 4;

/// What programs do in a thread that Rust makes for them. Named, because Rust would ask the environment for it.
const STACK_BYTES: usize = 2 * 1024 * 1024;

#[derive(Debug)]
struct LookUp {
    start: Instant,
    found: Mutex<Option<Found>>,
    done: Condvar,
}

/// What a look-up has found; an `io::Error` can't be given to several calls, so its parts are kept.
type Found = Result<Vec<SocketAddr>, (io::ErrorKind, String)>;

impl Resolver {
    /// The one of the process: clients come and go, and shall not leave a thread behind each.
    pub(super) fn system() -> Self {
        static SYSTEM: LazyLock<Resolver> =
            LazyLock::new(|| Resolver::asking(|host, port| Ok((host, port).to_socket_addrs()?.collect())));
        SYSTEM.clone()
    }

    /// A resolver that asks this function where it would ask the system.
    pub(super) fn asking(system: fn(&str, u16) -> io::Result<Vec<SocketAddr>>) -> Self {
        let none = OfProcess { process: Process::current(), under_way: Arc::default() };
        Resolver { system, stuck_after: STUCK_AFTER, under_way: Arc::new(Mutex::new(none)) }
    }

    /// The addresses of a host, in the order in which to try them.
    pub(super) fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, ureq::Error> {
        let found = self.find(host, port);
        current::mark(Step::Dns);
        found
    }

    fn find(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, ureq::Error> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        if host.eq_ignore_ascii_case("localhost") {
            // RFC 6761: always this machine, whatever a name server says.
            return Ok(vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]);
        }
        let look_up = self.look_up(host, port);
        let mut found = lock(&look_up.found);
        loop {
            match &*found {
                // It may have been begun for another port.
                Some(Ok(addresses)) => {
                    let mut addresses = addresses.clone();
                    addresses.iter_mut().for_each(|address| address.set_port(port));
                    return Ok(addresses);
                }
                Some(Err((kind, text))) => return Err(io::Error::new(*kind, text.clone()).into()),
                None => {}
            }
            let wait = current::until_next_look()?;
            found = look_up.done.wait_timeout(found, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn under_way(&self) -> Arc<Mutex<UnderWay>> {
        let mut of_process = lock(&self.under_way);
        if !of_process.process.is_current() {
            *of_process = OfProcess { process: Process::current(), under_way: Arc::default() };
        }
        Arc::clone(&of_process.under_way)
    }

    /// Joins the look-up that is under way for this name, or begins one.
    fn look_up(&self, host: &str, port: u16) -> Arc<LookUp> {
        let name = host.to_owned();
        let all = self.under_way();
        let look_up = {
            let mut under_way = lock(&all);
            let look_ups = under_way.entry(name.clone()).or_default();
            let joined = look_ups
                .last()
                .filter(|last| last.start.elapsed() < self.stuck_after || look_ups.len() >= MAX_LOOK_UPS);
            if let Some(joined) = joined {
                return Arc::clone(joined);
            }
            let start = Instant::now();
            let look_up = Arc::new(LookUp { start, found: Mutex::default(), done: Condvar::default() });
            look_ups.push(Arc::clone(&look_up));
            look_up
        };
        let thread = thread::Builder::new().name("oauthapp-dns".to_owned()).stack_size(STACK_BYTES);
        let (of_thread, name_of_thread, all_of_thread) = (Arc::clone(&look_up), name.clone(), Arc::clone(&all));
        let system = self.system;
        let spawned = signals::withheld(|| {
            thread.spawn(move || {
                let found = system(&name_of_thread, port);
                end(&all_of_thread, &name_of_thread, &of_thread, found);
            })
        });
        if let Err(error) = spawned {
            end(&all, &name, &look_up, Err(error));
        }
        look_up
    }
}

/// Gives everyone who waits for a look-up what it has found, and addresses also those who have begun another for the same name
/// meanwhile.
fn end(all: &Mutex<UnderWay>, name: &str, look_up: &Arc<LookUp>, found: io::Result<Vec<SocketAddr>>) {
    let found = match found {
        Ok(addresses) if addresses.is_empty() => Err((io::ErrorKind::NotFound, "the name has no address".to_owned())),
        found => found.map_err(|error| (error.kind(), error.to_string())),
    };
    let mut under_way = lock(all);
    let mut others = Vec::new();
    if let Some(look_ups) = under_way.get_mut(name) {
        look_ups.retain(|other| !Arc::ptr_eq(other, look_up));
        if found.is_ok() {
            others.clone_from(look_ups);
        }
        if look_ups.is_empty() {
            under_way.remove(name);
        }
    }
    drop(under_way);
    for waited_for in others.iter().chain([look_up]) {
        // What another look-up has found stands, also where this one fails.
        lock(&waited_for.found).get_or_insert_with(|| found.clone());
        waited_for.done.notify_all();
    }
}

/// What a panic can interrupt here is replaced as a whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What ureq asks in place of the system: nothing, since the connector looks names up itself, when it has to.
#[derive(Debug)]
pub(super) struct NoResolver;

impl ureq::unversioned::resolver::Resolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &ureq::config::Config,
        _: ureq::unversioned::transport::NextTimeout,
    ) -> Result<ureq::unversioned::resolver::ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base_url::host_and_port;
    use crate::cancel::CancelToken;
    use crate::transport::current::{Limits, run};
    use std::collections::HashSet;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, RwLock};

    const PORT: u16 = 8443;

    #[test]
    fn a_look_up_that_hangs_is_left_behind_and_joined_by_the_next_call() {
        static HANGING: RwLock<()> = RwLock::new(());
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let resolver = Resolver::asking(|_, port| {
            STARTED.fetch_add(1, Ordering::SeqCst);
            drop(HANGING.read());
            Ok(vec![(Ipv4Addr::LOCALHOST, port).into()])
        });
        let hang = HANGING.write().unwrap();
        for _ in 0..3 {
            let error = run(&Limits { timeout: Duration::from_millis(20), ..Limits::patient() }, || {
                resolver.resolve("name.example", PORT)
            })
            .unwrap_err();
            assert!(matches!(error, ureq::Error::Timeout(_)), "{error:?}");
        }
        let token = CancelToken::new();
        let (waiting, cancel) = (Barrier::new(2), token.clone());
        thread::scope(|scope| {
            scope.spawn(|| {
                waiting.wait();
                cancel.cancel();
            });
            let result = run(&Limits { cancel: Some(&token), ..Limits::patient() }, || {
                waiting.wait();
                resolver.resolve("name.example", PORT)
            });
            assert!(result.is_err());
        });
        drop(hang);
        let found = run(&Limits::patient(), || resolver.resolve("name.example", PORT + 1)).unwrap();
        assert_eq!(found, [(Ipv4Addr::LOCALHOST, PORT + 1).into()]);
        // The last one may have come after the first look-up's end, and begun another.
        assert!((1..=2).contains(&STARTED.load(Ordering::SeqCst)));
    }

    #[test]
    fn a_name_without_addresses_is_not_found() {
        let resolver = Resolver::asking(|_, _| Ok(Vec::new()));
        let found = run(&Limits::patient(), || resolver.resolve("name.example", PORT));
        assert!(found.unwrap_err().to_string().contains("no address"));
    }

    #[test]
    fn a_look_up_that_may_be_stuck_is_not_waited_for_by_later_calls() {
        static HANGING: RwLock<()> = RwLock::new(());
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let resolver = Resolver::asking(|_, _| {
            STARTED.fetch_add(1, Ordering::SeqCst);
            drop(HANGING.read());
            Ok(Vec::new())
        });
        let resolver = Resolver { stuck_after: Duration::ZERO, ..resolver };
        let hang = HANGING.write().unwrap();
        let ports = PORT..;
        let look_ups: Vec<_> =
            ports.take(MAX_LOOK_UPS + 2).map(|port| resolver.look_up("name.example", port)).collect();
        let kinds: HashSet<_> = look_ups.iter().map(Arc::as_ptr).collect();
        assert_eq!(kinds.len(), MAX_LOOK_UPS);
        drop(hang);
        for look_up in look_ups {
            drop(look_up.done.wait_while(lock(&look_up.found), |found| found.is_none()).unwrap());
        }
        assert_eq!(STARTED.load(Ordering::SeqCst), MAX_LOOK_UPS);
        assert!(lock(&resolver.under_way()).is_empty());
    }

    #[test]
    fn the_answer_of_a_look_up_that_seemed_stuck_is_for_later_calls_too() {
        static HANGING: RwLock<()> = RwLock::new(());
        static LATER_ONE_HANGING: RwLock<()> = RwLock::new(());
        let resolver = Resolver::asking(|_, port| {
            drop(if port == PORT { HANGING.read() } else { LATER_ONE_HANGING.read() });
            Ok(vec![(Ipv4Addr::LOCALHOST, port).into()])
        });
        let resolver = Resolver { stuck_after: Duration::ZERO, ..resolver };
        let (hang, _hang) = (HANGING.write().unwrap(), LATER_ONE_HANGING.write().unwrap());
        let first = resolver.look_up("name.example", PORT);
        let second = resolver.look_up("name.example", PORT + 1);
        assert!(!Arc::ptr_eq(&first, &second));
        drop(hang);
        let minute = Duration::from_secs(60);
        let found = second.done.wait_timeout_while(lock(&second.found), minute, |found| found.is_none()).unwrap().0;
        let expected = Some(Ok(vec![(Ipv4Addr::LOCALHOST, PORT).into()]));
        assert_eq!(*found, expected);
        drop(found);
        end(&resolver.under_way(), "name.example", &second, Err(io::ErrorKind::TimedOut.into()));
        assert_eq!(*lock(&second.found), expected);
    }

    #[test]
    fn what_a_parents_look_ups_have_locked_does_not_hold_up_its_child() {
        let resolver = Resolver::asking(|_, port| Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]));
        let of_parent = resolver.under_way();
        let _locked = lock(&of_parent);
        lock(&resolver.under_way).process = Process::other();
        let found = run(&Limits::patient(), || resolver.resolve("name.example", PORT)).unwrap();
        assert_eq!(found, [(Ipv4Addr::LOCALHOST, PORT).into()]);
    }

    #[test]
    fn a_name_that_is_not_found_is_looked_up_anew_the_next_time() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let resolver = Resolver::asking(|_, _| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Err(io::ErrorKind::NotFound.into())
        });
        for _ in 0..2 {
            run(&Limits::patient(), || resolver.resolve("name.example", PORT)).unwrap_err();
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn addresses_and_this_machine_are_not_looked_up() {
        let resolver = Resolver::asking(|_, _| panic!("nobody should ask"));
        for (url, first) in [
            ("http://127.0.0.1/", "127.0.0.1:80"),
            ("https://[::1]/", "[::1]:443"),
            ("https://10.1.2.3:99/", "10.1.2.3:99"),
            ("http://LocalHost:5000/", "127.0.0.1:5000"),
        ] {
            let uri: Uri = url.parse().unwrap();
            let (host, port) = host_and_port(&uri);
            let found = run(&Limits::patient(), || resolver.resolve(host, port)).unwrap();
            assert_eq!(found.first().map(SocketAddr::to_string).as_deref(), Some(first), "{url}");
        }
    }

    #[test]
    fn a_look_up_is_joined_also_where_an_older_one_may_be_stuck() {
        static HANGING: RwLock<()> = RwLock::new(());
        let resolver = Resolver::asking(|_, _| {
            drop(HANGING.read());
            Ok(Vec::new())
        });
        let hang = HANGING.write().unwrap();
        drop(resolver.look_up("name.example", PORT));
        let long_ago = Instant::now().checked_sub(STUCK_AFTER * 2).unwrap();
        let (found, done) = (Mutex::default(), Condvar::default());
        let stuck = Arc::new(LookUp { start: long_ago, found, done });
        lock(&resolver.under_way()).get_mut("name.example").unwrap()[0] = Arc::clone(&stuck);
        let second = resolver.look_up("name.example", PORT);
        assert!(!Arc::ptr_eq(&second, &stuck));
        assert!(Arc::ptr_eq(&second, &resolver.look_up("name.example", PORT)), "the one that is not stuck is joined");
        end(&resolver.under_way(), "name.example", &stuck, Ok(Vec::new()));
        assert!(Arc::ptr_eq(&second, &resolver.look_up("name.example", PORT)), "also when the other has ended");
        drop(hang);
    }
}

#[cfg(all(test, shuttle))]
mod schedules {
    use super::*;

    /// Every caller gets an answer, whether it joins a look-up or begins one, and none is left under way.
    #[test]
    fn a_look_up_that_is_joined_in_its_last_moment_gives_its_answer() {
        shuttle::check_random(
            || {
                let resolver = Resolver::asking(|_, port| Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]));
                let callers = [(); 3].map(|()| {
                    let resolver = resolver.clone();
                    thread::spawn(move || {
                        let look_up = resolver.look_up("name.example", 1);
                        let mut found = lock(&look_up.found);
                        while found.is_none() {
                            found = look_up.done.wait(found).unwrap();
                        }
                        assert!(matches!(&*found, Some(Ok(addresses)) if addresses.len() == 1));
                    })
                });
                callers.into_iter().for_each(|caller| caller.join().unwrap());
                assert!(lock(&resolver.under_way()).is_empty());
            },
            20_000,
        );
    }
}
