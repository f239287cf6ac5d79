//! Connections that break under TLS: what is safe to repeat is repeated, and what may have happened is found out.

use super::server::{Connection, Server, VERSIONS, config, read_request};
use crate::support::authority::Authority;
use crate::support::{end_the_wait, token};
use oauthapp::{Client, ErrorKind, Roots, SignIn, SignUp, Trust};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

fn sign_up() -> SignUp<'static> {
    SignUp::new().user_name("wwww").pwd("123456")
}

/// What comes of a call through something that ends the first connection in the middle of the handshake.
fn breaking_first<T>(server: &Server, call: impl FnOnce(&str) -> T) -> T {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let own = listener.local_addr().unwrap();
    let address = server.url.replace("https://localhost", "127.0.0.1");
    thread::scope(|scope| {
        scope.spawn(move || {
            let (mut first, _) = listener.accept().unwrap();
            assert!(first.read(&mut [0; 16]).unwrap() > 0);
            drop(first);
            let (mut client, _) = listener.accept().unwrap();
            let mut server = TcpStream::connect(address).unwrap();
            let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            scope.spawn(move || {
                let _ = std::io::copy(&mut from_client, &mut to_server);
                let _ = to_server.shutdown(Shutdown::Write);
            });
            let _ = std::io::copy(&mut server, &mut client);
            let _ = client.shutdown(Shutdown::Write);
        });
        let result = call(&format!("https://localhost:{}", own.port()));
        end_the_wait(own);
        result
    })
}

fn builder(authority: &Authority, url: &str) -> oauthapp::ClientBuilder {
    Client::builder(2).base_url(url).trust(Trust::Only(Roots::from_pem(authority.pem.as_bytes()).unwrap()))
}

#[test]
fn a_handshake_that_breaks_is_made_again() {
    let authority = Authority::new("authority");
    for call in [
        (|client: &Client| client.call_raw(&SignIn::new("wwww", "123456"))) as fn(&Client) -> _,
        // Not a byte of it has left.
        |client| client.call_raw(&sign_up()),
    ] {
        let server = Server::of(&authority);
        let result = breaking_first(&server, |url| call(&builder(&authority, url).build().unwrap()));
        assert_eq!(result.unwrap().as_str(), "1");
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let client = builder(&authority, &url).max_retries(0).build().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| drop(listener.accept()));
        let error = client.sign_up(&sign_up()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Tls, true));
        assert!(!error.to_string().contains("may have been done"), "{error}");
    });
}

#[test]
fn a_sign_up_whose_answer_is_lost_in_tls_is_found_out_about() {
    let authority = Authority::new("authority");
    let garbage: [&[u8]; 4] = [
        // A record that nobody can decrypt, an alert in the clear, a record too large, and something else altogether.
        &[
            23, 3, 3, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0,
        ],
        &[21, 3, 3, 0, 2, 2, 40],
        &[23, 3, 3, 0xff, 0xff, 1, 2, 3],
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
    ];
    for version in VERSIONS {
        for bytes in garbage {
            let asked = AtomicUsize::new(0);
            let behaviour = move |stream: &mut Connection| {
                if asked.fetch_add(1, Ordering::SeqCst) == 0 {
                    read_request(stream).unwrap();
                    stream.sock.write_all(bytes).unwrap();
                    return 0;
                }
                read_request(stream).unwrap();
                stream.write_all(&token("a.b.c")).unwrap();
                1
            };
            let server = Server::start(config(authority.identity("localhost"), &[version], None), behaviour);
            let client = server.client_trusting(&authority).build().unwrap();
            assert!(client.sign_up(&sign_up()).unwrap().access_token.expose() == "a.b.c");
            assert_eq!((server.seen().answers, server.seen().answers), (0, 1));
        }
    }
}
