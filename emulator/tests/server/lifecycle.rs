use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use oauthapp_emulator::Emulator;
use serde_json::json;

use crate::client::{start, with};

#[test]
fn each_has_a_port_and_users_of_its_own() {
    let (one, two) = (start(), start());
    assert_ne!(one.emulator.url(), two.emulator.url());
    assert_eq!(one.emulator.url(), format!("http://{}", one.emulator.address()));
    assert!(one.emulator.address().ip().is_loopback() && one.emulator.address().port() != 0);
    one.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).token();
    assert!(two.emulator.users().is_empty());
}

#[test]
fn a_port_can_be_chosen_and_a_port_that_is_taken_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let emulator = Emulator::builder().port(free).start().unwrap();
    assert_eq!(emulator.url(), format!("http://127.0.0.1:{free}"));
    let error = Emulator::builder().port(free).start().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&free.to_string()), "{error}");
}

#[test]
fn it_listens_on_ipv6_too() {
    // Where there is no IPv6 there is nothing to see.
    if TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let client = with(Emulator::builder().host("::1"));
    assert_eq!(client.emulator.url(), format!("http://[::1]:{}", client.emulator.address().port()));
    client.get("/api/Apps/2/Info").data();
}

#[test]
fn dropping_it_closes_every_socket_even_one_in_use() {
    let client = start();
    let address = client.emulator.address();
    client.get("/api/Apps/2/Info").data();
    let mut idle = TcpStream::connect(address).unwrap();
    // Its connection has been accepted once a later one has been answered.
    client.get("/api/Apps/2/Info").data();
    drop(client.emulator);

    idle.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let end = idle.read_to_end(&mut Vec::new()).map_err(|error| error.kind());
    assert!(!matches!(end, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "the socket is still open");
    assert!(TcpStream::connect(address).is_err());
    TcpListener::bind(address).unwrap();
}

#[test]
fn many_clients_at_once_are_served() {
    const CLIENTS: usize = 64;
    let client = start();
    // All are connected before the first asks.
    let streams: Vec<_> = (0..CLIENTS).map(|_| TcpStream::connect(client.emulator.address()).unwrap()).collect();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let client = &client;
            scope.spawn(move || {
                let account = json!({"userName": format!("n{number}"), "pwd": "p"});
                let token = client.user_call("SignUp", account.clone()).token();
                client.user_call("SignIn", account).token();
                assert_eq!(client.profile(&token).data()["userName"], format!("n{number}"));
            });
        }
    });
    assert_eq!(client.emulator.users().len(), CLIENTS);
    drop(streams);
}

#[test]
fn only_one_of_many_gets_the_name() {
    let client = start();
    let signed_up = thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| client.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).json()["code"] == 200)
            })
            .collect();
        tries.into_iter().filter_map(|one| one.join().unwrap().then_some(())).count()
    });
    assert_eq!((signed_up, client.emulator.users().len()), (1, 1));
}

#[test]
fn requests_are_recorded_as_they_came() {
    let client = start();
    client.post("/api/appUsers/2/QRCodeSignIn?x=1", json!({"signInKey": "019"}));
    client.get("/emulator/state");
    let requests = client.emulator.requests();
    assert_eq!(requests.len(), 1, "the page's own are not recorded");
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/api/appUsers/2/QRCodeSignIn"));
    assert_eq!(request.header("content-TYPE"), Some("application/json"));
    assert_eq!(request.body, br#"{"signInKey":"019"}"#);
    client.emulator.clear_requests();
    assert!(client.emulator.requests().is_empty());

    let client = with(Emulator::builder().record_requests(false));
    client.get("/api/Apps/2/Info").data();
    assert!(client.emulator.requests().is_empty());
}

#[test]
fn no_secret_is_in_a_debug_print() {
    let client = start();
    let user = json!({"platform": "web", "unionID": "secret-u", "pwd": "secret-p", "userName": "secret-n"});
    let token = client.user_call("UnionIDSignUp", user).token();
    client.profile(&token);
    let key = client.user_call("QRCodePreSignIn", json!({})).data();
    let emulator = &client.emulator;
    let printed = format!("{emulator:?} {:?} {:?} {:?}", emulator.requests(), emulator.users(), emulator.qr_codes());
    assert!(!printed.contains("secret") && !printed.contains(&token), "{printed}");
    assert!(!format!("{:?}", emulator.qr_codes()).contains(&key.to_string()));
}
