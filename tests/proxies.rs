//! Real proxies: tinyproxy and squid for HTTP, microsocks and dante for SOCKS5. Each listens on 127.0.0.1 only, and is set up
//! or asked to connect to this machine only.

mod support;

use oauthapp::{Client, Error, ErrorKind, Roots, SignIn, Trust};
use oauthapp_emulator::Emulator;
use socket2::{Domain, Socket, Type};
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

/// A proxy that runs; stopped when dropped.
struct Proxy {
    process: Child,
    address: SocketAddr,
    log: PathBuf,
    /// `scheme://`, and what comes before the host where it wants to know who asks.
    scheme: &'static str,
    credentials: &'static str,
    _port: Socket,
}

impl Proxy {
    /// Starts a program. It gets the address on which to listen, and the folder where its files can go.
    fn start(
        name: &str,
        scheme: &'static str,
        credentials: &'static str,
        command: impl FnOnce(SocketAddr, &str) -> Command,
    ) -> Self {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("proxies").join(name);
        fs::create_dir_all(&folder).unwrap();
        // These programs can't tell which port they got, so they are given one.
        let (port, address) = support::reserved_port();
        let log = folder.join("log");
        let output = File::create(&log).unwrap();
        let mut command = command(address, folder.to_str().unwrap());
        command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{name} is installed: {error}"));
        while !takes_connections(address) {
            assert!(process.try_wait().unwrap().is_none(), "{name} runs: {}", fs::read_to_string(&log).unwrap());
            thread::yield_now();
        }
        Proxy { process, address, log, scheme, credentials, _port: port }
    }

    fn tinyproxy(name: &str, credentials: &'static str) -> Self {
        Self::start(name, "http://", credentials, |address, folder| {
            let basic_auth = credentials
                .strip_suffix('@')
                .map_or_else(String::new, |both| format!("BasicAuth {}", both.replace(':', " ")));
            let (configuration, filter) = (format!("{folder}/configuration"), format!("{folder}/filter"));
            fs::write(&filter, "^127\\.\n^localhost$\n").unwrap();
            let settings = format!(
                "Port {}\nListen 127.0.0.1\nAllow 127.0.0.0/8\nMaxClients 20\nLogLevel Connect\n\
                 FilterDefaultDeny Yes\nFilter \"{filter}\"\n{basic_auth}\n",
                address.port()
            );
            fs::write(&configuration, settings).unwrap();
            let mut command = Command::new("tinyproxy");
            command.args(["-d", "-c", &configuration]);
            command
        })
    }

    /// It asks another program who may use it, here one line of sed.
    fn squid(name: &str) -> Self {
        Self::start(name, "http://", "user:p%40ss@", |address, folder| {
            let configuration = format!("{folder}/configuration");
            let settings = format!(
                "http_port {address}\nvisible_hostname localhost\ndns_nameservers 127.0.0.1\n\
                 auth_param basic program /bin/sed -u -e \"s/^user p@ss$/OK/;t\" -e \"s/.*/ERR/\"\n\
                 acl known proxy_auth REQUIRED\nacl here dst 127.0.0.0/8 ::1\nacl forbidden dst 127.0.0.9\n\
                 http_access deny !known\nhttp_access deny forbidden\nhttp_access allow here\nhttp_access deny all\n\
                 cache deny all\naccess_log none\ncache_log /dev/stderr\ncache_store_log none\npid_filename none\n\
                 netdb_filename none\npinger_enable off\nshutdown_lifetime 0 seconds\ncoredump_dir {folder}\n"
            );
            fs::write(&configuration, settings).unwrap();
            let mut command = Command::new("squid");
            // Named for its port: two of one name take each other's shared memory away while they start.
            command.args(["-N", "-n", &format!("squid{}", address.port()), "-f", &configuration]);
            command
        })
    }

    fn microsocks(name: &str) -> Self {
        Self::start(name, "socks5h://", "user:p%40ss@", |address, _| {
            let mut command = Command::new("microsocks");
            command.args(["-i", "127.0.0.1", "-p", &address.port().to_string(), "-u", "user", "-P", "p@ss"]);
            command
        })
    }

    fn dante(name: &str) -> Self {
        Self::start(name, "socks5://", "", |address, folder| {
            let configuration = format!("{folder}/configuration");
            let settings = format!(
                "logoutput: stderr\ninternal: 127.0.0.1 port = {}\nexternal: lo\nclientmethod: none\nsocksmethod: none\n\
                 client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}\n\
                 socks block {{ from: 127.0.0.0/8 to: 127.0.0.9/32 }}\n\
                 socks pass {{ from: 127.0.0.0/8 to: 127.0.0.0/8 }}\n",
                address.port()
            );
            fs::write(&configuration, settings).unwrap();
            let mut command = Command::new("danted");
            command.args(["-f", &configuration]);
            command
        })
    }

    fn url(&self) -> String {
        self.url_with(self.credentials)
    }

    fn url_with(&self, credentials: &str) -> String {
        format!("{}{credentials}{}", self.scheme, self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Asked, not killed: squid would leave its shared memory behind.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// From another address of this machine: a connection to a port that nobody listens on can happen to get this very port for
/// its own end, and then connects to itself.
fn takes_connections(address: SocketAddr) -> bool {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 2], 0)).into()).unwrap();
    socket.connect(&address.into()).is_ok()
}

/// Every proxy that there is, in tests that run side by side.
fn proxies(test: &str) -> [Proxy; 5] {
    let name = |proxy: &str| format!("{test}-{proxy}");
    [
        Proxy::tinyproxy(&name("tinyproxy-open"), ""),
        Proxy::tinyproxy(&name("tinyproxy"), "user:pass1@"),
        Proxy::squid(&name("squid")),
        Proxy::microsocks(&name("microsocks")),
        Proxy::dante(&name("dante")),
    ]
}

/// What a sign-in of a user whom nobody knows fails with at this server, over this proxy.
fn sign_in(base_url: &str, proxy: String) -> Error {
    let client =
        Client::builder(2).base_url(base_url).allow_plain_http(true).proxy(proxy).max_retries(0).build().unwrap();
    client.sign_in(&SignIn::new("nobody", "123456")).unwrap_err()
}

#[test]
#[ignore = "needs tinyproxy, squid, microsocks and dante; .ci/run runs it"]
fn calls_go_through_every_proxy() {
    let (plain, https) = (Emulator::start().unwrap(), Emulator::builder().https().start().unwrap());
    let roots = || Trust::Only(Roots::from_pem(https.ca_certificate_pem().unwrap().as_bytes()).unwrap());
    for proxy in proxies("calls") {
        for emulator in [&plain, &https] {
            emulator.clear_requests();
            // By its address, and by a name that dante is told the addresses of and the others look up.
            let by_name = emulator.url().replace("127.0.0.1", "localhost");
            for url in [emulator.url(), &by_name] {
                let client = Client::builder(2)
                    .base_url(url)
                    .allow_plain_http(true)
                    .trust(roots())
                    .proxy(proxy.url())
                    .build()
                    .unwrap();
                for _ in 0..3 {
                    let error = client.sign_in(&SignIn::new("nobody", "123456")).unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::NoSuchUser, "{} {url}: {error}", proxy.scheme);
                }
            }
            let requests = emulator.requests();
            assert_eq!(requests.len(), 6);
            assert!(requests.iter().all(|request| request.header("proxy-authorization").is_none()), "the proxy's only");
        }
        if proxy.scheme == "http://" && proxy.credentials != "user:p%40ss@" {
            // tinyproxy says how often it was asked: once for each of the four clients.
            let log = fs::read_to_string(&proxy.log).unwrap();
            assert_eq!(log.matches(": CONNECT ").count(), 4, "{log}");
        }
    }
}

#[test]
#[ignore = "needs tinyproxy, squid, microsocks and dante; .ci/run runs it"]
fn a_proxy_that_does_not_know_who_asks_is_named() {
    let emulator = Emulator::start().unwrap();
    for proxy in proxies("credentials") {
        let (none, wrong) =
            (sign_in(emulator.url(), proxy.url_with("")), sign_in(emulator.url(), proxy.url_with("user:canary@")));
        if proxy.credentials.is_empty() {
            // One that does not ask does not mind.
            assert_eq!((none.kind(), wrong.kind()), (ErrorKind::NoSuchUser, ErrorKind::NoSuchUser), "{none} {wrong}");
            continue;
        }
        for (error, text) in [(none, "wants a user name and a password"), (wrong, "does not accept the user name")] {
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, false), "{error}");
            assert!(error.to_string().contains(text) && !error.to_string().contains("canary"), "{error}");
        }
    }
    assert_eq!(emulator.requests().len(), 4);
}

#[test]
#[ignore = "needs tinyproxy, squid, microsocks and dante; .ci/run runs it"]
fn a_server_that_a_proxy_cannot_or_may_not_reach_is_named_as_the_proxys_failure() {
    let (_port, closed) = support::reserved_port();
    let closed = format!("http://{closed}");
    for proxy in proxies("unreachable") {
        let error = sign_in(&closed, proxy.url());
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, true), "{} {error}", proxy.scheme);
        assert!(
            error.to_string().contains(if proxy.scheme == "http://" { "HTTP status 50" } else { "was refused" }),
            "{error}"
        );
    }
    // Forbidden is what each one's rules forbid; microsocks has none.
    let (closed, filtered) = ("http://127.0.0.9", "http://oauthapp.invalid");
    for (proxy, url, text) in [
        (Proxy::tinyproxy("rules-tinyproxy", ""), filtered, "HTTP status 403"),
        (Proxy::squid("rules-squid"), closed, "HTTP status 403"),
        (Proxy::dante("rules-dante"), closed, "rules don't allow"),
    ] {
        let error = sign_in(url, proxy.url());
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, false), "{error}");
        assert!(error.to_string().contains(text), "{error}");
    }
}
