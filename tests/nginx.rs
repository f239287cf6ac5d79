//! A real server in front: nginx closes kept-alive connections early and often, and no call is lost by it.

use oauthapp::{Client, ErrorKind, SignIn};
use oauthapp_emulator::Emulator;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;

/// nginx in front of a server, with these settings for kept-alive connections; stopped when dropped.
struct Nginx {
    process: Child,
    url: String,
}

impl Nginx {
    fn before(upstream: &str, name: &str, settings: &str) -> Self {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("nginx").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        // nginx can't tell which port it got, so one that was free a moment ago has to do.
        let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr notice;
             events {{ worker_connections 1024; }}
             http {{
                 access_log off;
                 client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                 uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                 {settings}
                 upstream emulator {{ server {upstream}; keepalive 32; }}
                 server {{
                     listen {address};
                     location / {{
                         proxy_pass http://emulator;
                         proxy_http_version 1.1;
                         proxy_set_header Connection \"\";
                     }}
                 }}
             }}"
        );
        std::fs::write(folder.join("nginx.conf"), configuration).unwrap();
        let mut process = Command::new("nginx")
            .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
            .arg(&folder)
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
        Nginx { process, url: format!("http://{address}") }
    }
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
