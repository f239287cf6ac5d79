//! Handshakes and answers that break off.

use super::server::{Connection, Server, VERSIONS, answer_once, call, config, read_request};
use crate::support::authority::{Authority, for_host};
use oauthapp::{Client, Error, ErrorKind, Roots, Trust};
use rcgen::{KeyPair, PKCS_ED25519};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Makes a call through a relay that closes after so many bytes of the server's. Gives what came of it, and how many bytes
/// were let through.
fn call_through(server: &Server, authority: &Authority, limit: usize) -> (Result<(), Error>, usize) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let client = server.client_trusting(authority).base_url(url).build().unwrap();
    let address = server.url.replace("https://localhost", "127.0.0.1");
    thread::scope(|scope| {
        let relay = scope.spawn(move || {
            let (mut client, _) = listener.accept().unwrap();
            let mut server = TcpStream::connect(address).unwrap();
            let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::scope(|scope| {
                scope.spawn(move || {
                    let _ = std::io::copy(&mut from_client, &mut to_server);
                    let _ = to_server.shutdown(Shutdown::Write);
                });
                let mut passed = 0;
                while passed < limit {
                    let mut part = [0; 4096];
                    let wanted = part.len().min(limit - passed);
                    let count = server.read(&mut part[..wanted]).unwrap_or(0);
                    if count == 0 || client.write_all(&part[..count]).is_err() {
                        break;
                    }
                    passed += count;
                }
                let _ = client.shutdown(Shutdown::Write);
                let _ = std::io::copy(&mut server, &mut std::io::sink());
                passed
            })
        });
        let result = call(&client);
        drop(client);
        (result, relay.join().unwrap())
    })
}

#[test]
fn a_handshake_cut_at_any_byte_is_named() {
    let authority = Authority::new("authority");
    thread::scope(|scope| {
        for version in VERSIONS {
            let authority = &authority;
            scope.spawn(move || {
                // The signatures of Ed25519 are all of one length, and with them the handshakes.
                let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
                let identity = authority.sign_key(&for_host("localhost"), key);
                let server = Server::start(config(identity, &[version], None), answer_once);
                let (result, whole) = call_through(&server, authority, usize::MAX);
                result.unwrap();
                let mut kinds = Vec::new();
                for limit in 0..=whole {
                    let (result, _) = call_through(&server, authority, limit);
                    let text = result.as_ref().err().map(Error::to_string).unwrap_or_default();
                    let kind = result.err().map(|error| error.kind());
                    if kind == Some(ErrorKind::Tls) {
                        assert!(text.contains("closed the connection"), "{limit}: {text}");
                    }
                    if kinds.last() != Some(&kind) {
                        kinds.push(kind);
                    }
                }
                // The server's last bytes say that it has nothing more to say, and are not waited for.
                assert_eq!(kinds, [Some(ErrorKind::Tls), Some(ErrorKind::ConnectionLost), None], "{version:?}");
            });
        }
    });
}

#[test]
fn an_answer_without_a_length_that_does_not_end_as_tls_prescribes_is_truncated() {
    fn without_length(stream: &mut Connection) -> usize {
        super::server::read_request(stream).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"code\":200,\"data\":1,\"err\":\"\"}").unwrap();
        1
    }
    fn cut(stream: &mut Connection) -> usize {
        let answers = without_length(stream);
        stream.sock.shutdown(Shutdown::Write).unwrap();
        answers
    }
    let authority = Authority::new("authority");
    for version in VERSIONS {
        let config = || config(authority.identity("localhost"), &[version], None);
        let client = |server: &Server| server.client_trusting(&authority).build().unwrap();
        call(&client(&Server::start(config(), without_length))).unwrap();
        let error = call(&client(&Server::start(config(), cut))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TruncatedResponse);
        assert!(error.to_string().contains("closed the connection"), "{error}");
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_named() {
    for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-OpenSSH_9.2\r\n", b"\r\n\r\n\r\n\r\n"] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let client = Client::builder(2).base_url(url).build().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || {
                let (mut connection, _) = listener.accept().unwrap();
                assert!(connection.read(&mut [0; 4096]).unwrap() > 0, "the hello has arrived");
                connection.write_all(answer).unwrap();
            });
            let error = call(&client).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotTls, "{error}");
        });
    }
}

#[test]
#[ignore = "needs openssl; .ci/run runs it"]
fn a_server_that_wants_to_begin_tls_anew_during_a_call_is_told_no() {
    let directory = concat!(env!("CARGO_TARGET_TMPDIR"), "/openssl");
    fs::create_dir_all(directory).unwrap();
    let authority = Authority::new("authority");
    let identity = authority.identity("localhost");
    let (chain, key) = (format!("{directory}/chain.pem"), format!("{directory}/key.pem"));
    fs::write(&chain, identity.pem()).unwrap();
    fs::write(&key, identity.key.serialize_pem()).unwrap();
    let mut openssl = Command::new("openssl")
        .args(["s_server", "-tls1_2", "-accept", "127.0.0.1:0", "-cert", &chain, "-key", &key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(openssl.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned)).unwrap();
    let (_, port) = address.rsplit_once(':').unwrap();
    let trust = Trust::Only(Roots::from_pem(authority.pem.as_bytes()).unwrap());
    let client = Client::builder(2).base_url(format!("https://localhost:{port}")).trust(trust).max_retries(0);
    let client = client.build().unwrap();
    let calling = thread::spawn(move || call(&client));
    // It prints what it reads.
    assert!(lines.any(|line| line.starts_with("POST ")));
    // It ends with its input.
    let mut input = openssl.stdin.take().unwrap();
    input.write_all(b"R\n").unwrap();
    let error = calling.join().unwrap().unwrap_err();
    openssl.kill().unwrap();
    openssl.wait().unwrap();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
}

#[test]
fn a_kept_connection_whose_tls_breaks_at_the_next_request_is_made_anew() {
    let authority = Authority::new("authority");
    for version in VERSIONS {
        let connections = AtomicUsize::new(0);
        let server = Server::start(config(authority.identity("localhost"), &[version], None), move |stream| {
            if connections.fetch_add(1, Ordering::SeqCst) > 0 {
                return answer_once(stream);
            }
            let answers = answer_once(stream);
            read_request(stream).unwrap();
            // No record of TLS.
            stream.sock.write_all(b"the server is restarting\r\n").unwrap();
            answers
        });
        let client = server.client_trusting(&authority).build().unwrap();
        call(&client).unwrap();
        call(&client).unwrap();
        assert_eq!([server.seen().answers, server.seen().answers], [1, 1]);
    }
}
