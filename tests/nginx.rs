//! A real server in front: nginx closes kept-alive connections early and often, and no call is lost by it; and it speaks TLS
//! as OpenSSL does.

mod support;

use oauthapp::{Client, ClientCertificate, Error, ErrorKind, Roots, SignIn, Trust};
use oauthapp_emulator::Emulator;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use support::authority::{Authority, Identity};

/// nginx, stopped when dropped.
struct Nginx {
    process: Child,
    url: String,
}

impl Nginx {
    /// In front of a server, with these settings for kept-alive connections.
    fn before(upstream: &str, name: &str, settings: &str) -> Self {
        let server = |address| {
            format!(
                "{settings}
                 upstream emulator {{ server {upstream}; keepalive 32; }}
                 server {{
                     listen {address};
                     location / {{
                         proxy_pass http://emulator;
                         proxy_http_version 1.1;
                         proxy_set_header Connection \"\";
                     }}
                 }}"
            )
        };
        Nginx::start(&folder(name), "http", server)
    }

    /// As a server over TLS that answers each call on a connection of its own: with the version that is spoken, `r` for a
    /// session that was resumed or `.`, and what it thinks of the client's certificate.
    fn over_tls(name: &str, identity: &Identity, settings: &str) -> Self {
        let folder = folder(name);
        std::fs::write(folder.join("server.pem"), identity.pem()).unwrap();
        std::fs::write(folder.join("server.key"), identity.key.serialize_pem()).unwrap();
        let server = |address| {
            format!(
                "keepalive_timeout 0;
                 default_type application/json;
                 server {{
                     listen {address} ssl;
                     ssl_certificate server.pem;
                     ssl_certificate_key server.key;
                     {settings}
                     location / {{
                         return 200 '{{\"code\":200,\"data\":\"$ssl_protocol $ssl_session_reused $ssl_client_verify\",\"err\":\"\"}}';
                     }}
                 }}"
            )
        };
        Nginx::start(&folder, "https", server)
    }

    fn start(folder: &Path, scheme: &str, server: impl FnOnce(SocketAddr) -> String) -> Self {
        // nginx can't tell which port it got, so one that was free a moment ago has to do.
        let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr notice;
             events {{ worker_connections 1024; }}
             http {{
                 access_log off;
                 client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                 uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                 {}
             }}",
            server(address)
        );
        std::fs::write(folder.join("nginx.conf"), configuration).unwrap();
        let mut process = Command::new("nginx")
            .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
            .arg(folder)
            .stderr(Stdio::piped())
            .spawn()
            .expect("nginx is installed");
        // It says so when it has the port and takes connections.
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("start worker processes") && !line.contains("OS: ") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "nginx has started");
        }
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Nginx { process, url: format!("{scheme}://localhost:{}", address.port()) }
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nginx").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn ten_thousand_calls_survive_nginx_closing_connections() {
    const CALLS: usize = 10_000;
    const THREADS: usize = 4;
    let emulator = Emulator::builder().record_requests(false).start().unwrap();
    let upstream = emulator.url().trim_start_matches("http://");
    let settings = [
        "keepalive_requests 1;",
        "keepalive_requests 2;",
        "keepalive_requests 3;",
        "keepalive_timeout 1ms;",
        "keepalive_timeout 2ms;",
    ];
    for (number, setting) in settings.into_iter().enumerate() {
        let nginx = Nginx::before(upstream, &number.to_string(), setting);
        // Without retries: an old connection that is no good is no failure of the call.
        let client = Client::builder(2).base_url(&nginx.url).max_retries(0).build().unwrap();
        let call = || match client.sign_in(&SignIn::new("nobody", "123456")) {
            Err(error) if error.kind() == ErrorKind::NoSuchUser => None,
            other => Some(other.map(|_| ())),
        };
        let calls = CALLS / settings.len() / THREADS;
        let lost: Vec<_> = thread::scope(|scope| {
            let caller = || (0..calls).filter_map(|_| call()).collect::<Vec<_>>();
            let callers: Vec<_> = (0..THREADS).map(|_| scope.spawn(caller)).collect();
            callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
        });
        assert!(lost.is_empty(), "{setting} {lost:?}");
    }
}

/// What nginx says of a call.
fn said(client: &Client) -> Result<String, Error> {
    client.call_raw(&SignIn::new("nobody", "123456")).map(|data| data.as_str().trim_matches('"').to_owned())
}

#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn sessions_are_resumed_with_nginx_and_openssl_in_every_way_they_know() {
    let authority = Authority::new("authority");
    let identity = authority.identity("localhost");
    let roots = Roots::from_pem(authority.pem.as_bytes()).unwrap();
    for version in ["TLSv1.2", "TLSv1.3"] {
        for (name, sessions) in [
            ("tickets", "ssl_session_tickets on; ssl_session_cache off;"),
            ("cache", "ssl_session_tickets off; ssl_session_cache shared:sessions:1m;"),
        ] {
            let settings = format!("ssl_protocols {version}; {sessions}");
            let nginx = Nginx::over_tls(&format!("{version}-{name}"), &identity, &settings);
            let client = Client::builder(2).base_url(&nginx.url).max_retries(0).trust(Trust::Only(roots.clone()));
            let client = client.pin(identity.pin().parse().unwrap()).build().unwrap();
            assert_eq!(said(&client).unwrap(), format!("{version} . NONE"), "{name}");
            for _ in 0..20 {
                assert_eq!(said(&client).unwrap(), format!("{version} r NONE"), "{name}");
            }
        }
    }
}

#[test]
#[ignore = "needs nginx; .ci/run runs it"]
fn nginx_gets_the_client_certificate_that_it_wants() {
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let roots = Roots::from_pem(authority.pem.as_bytes()).unwrap();
    let certificate = |issuer: &Authority| {
        let identity = issuer.identity("client.example");
        ClientCertificate::from_pem(identity.pem().as_bytes(), identity.key.serialize_pem().as_bytes()).unwrap()
    };
    for version in ["TLSv1.2", "TLSv1.3"] {
        let name = format!("{version}-clients");
        std::fs::write(folder(&name).join("clients.pem"), &clients.pem).unwrap();
        let settings = format!("ssl_protocols {version}; ssl_verify_client on; ssl_client_certificate clients.pem;");
        let nginx = Nginx::over_tls(&name, &authority.identity("localhost"), &settings);
        let client = || Client::builder(2).base_url(&nginx.url).max_retries(0).trust(Trust::Only(roots.clone()));
        let known = client().client_certificate(certificate(&clients)).build().unwrap();
        assert_eq!(said(&known).unwrap(), format!("{version} . SUCCESS"));
        // nginx takes any client at first, and says no in HTTP.
        let stranger = client().client_certificate(certificate(&Authority::new("stranger"))).build().unwrap();
        for client in [client().build().unwrap(), stranger] {
            assert_eq!(said(&client).unwrap_err().http_status(), Some(400));
        }
    }
}
