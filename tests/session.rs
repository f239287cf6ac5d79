//! The session that a client holds when it is told to: taken up by a sign-in, and lost only when the server says so.

mod support;

use oauthapp::{Client, ErrorKind, GetProfile, SignIn, SignUp};
use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;
use support::{Scripted, assert_same, failure, http, json, read_request, token};

const TOKEN: &str =
    "{\"code\":200,\"data\":{\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\",\"expires_in\":86400},\"err\":\"\"}";
const PROFILE: &str = "{\"code\":200,\"data\":{\"id\":39},\"err\":\"\"}";

fn client(server: &Scripted) -> Client {
    Client::builder(2).base_url(&server.url).keep_session(true).max_retries(0).build().unwrap()
}

#[test]
fn a_sign_in_is_remembered_and_used() {
    let server = Scripted::answering([TOKEN, PROFILE, PROFILE].map(json));
    let client = client(&server);
    assert!(!client.is_signed_in());
    assert_eq!(client.get_profile(&GetProfile::new()).unwrap_err().kind(), ErrorKind::NotSignedIn);
    client.call_raw(&SignUp::new().user_name("wwww").pwd("123456")).unwrap();
    assert!(client.is_signed_in());
    assert!(client.clone().is_signed_in(), "clones share the session");
    client.get_profile(&GetProfile::new()).unwrap();
    client.get_profile(&GetProfile::new().access_token("x.y.z")).unwrap();
    server.received();
    assert_same("held", &server.received().header("authorization").concat(), "Bearer a.b.c");
    assert_same("given", &server.received().header("authorization").concat(), "Bearer x.y.z");
    client.sign_out();
    assert!(!client.is_signed_in());
    assert_eq!(client.get_profile(&GetProfile::new()).unwrap_err().kind(), ErrorKind::NotSignedIn);
}

#[test]
fn nothing_is_remembered_unless_asked() {
    let server = Scripted::answering([json(TOKEN)]);
    let client = Client::builder(2).base_url(&server.url).build().unwrap();
    client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
    assert!(!client.is_signed_in());
    assert_eq!(client.get_profile(&GetProfile::new()).unwrap_err().kind(), ErrorKind::NotSignedIn);
}

#[test]
fn only_the_servers_word_ends_a_session() {
    let expired = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token expired at 'x'\"";
    let rejected = "WWW-Authenticate: Bearer error=\"invalid_token\"";
    for (answer, goes_on) in [
        (Vec::new(), true),
        (http("200 OK", &[], "<html>portal</html>"), true),
        (http("302 Found", &["Location: http://portal.example"], ""), true),
        (http("401 Unauthorized", &[], "<html>proxy</html>"), true),
        (http("500 Internal Server Error", &[], ""), true),
        (http("503 Service Unavailable", &[], ""), true),
        (failure(500, "未知错误"), true),
        (http("401 Unauthorized", &[expired], ""), false),
        (http("401 Unauthorized", &[rejected], ""), false),
        (failure(500, "不存在的用户"), false),
    ] {
        let server = Scripted::answering([json(TOKEN), answer]);
        let client = client(&server);
        client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
        let error = client.get_profile(&GetProfile::new()).unwrap_err();
        assert_eq!(client.is_signed_in(), goes_on, "{error:?}");
    }
}

#[test]
fn a_session_ends_with_its_token_also_where_that_was_given_to_the_call() {
    let expired = http("401 Unauthorized", &["WWW-Authenticate: Bearer error=\"invalid_token\""], "");
    for (given, goes_on) in [("a.b.c", false), ("d.e.f", true)] {
        let server = Scripted::answering([token("a.b.c"), expired.clone()]);
        let client = client(&server);
        client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
        client.get_profile(&GetProfile::new().access_token(given)).unwrap_err();
        assert_eq!(client.is_signed_in(), goes_on);
    }
}

#[test]
fn nobody_goes_on_as_who_was_signed_in_before() {
    let long = format!("{{\"access_token\":\"{}\"}}", "x".repeat(16 * 1024 + 1));
    for data in [
        "\"\"",
        "null",
        "\"a.b.c\"",
        "{\"accessToken\":\"x\"}",
        "{\"access_token\":5}",
        "[{\"access_token\":\"x\"}]",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"a b\"}",
        &long,
    ] {
        let answer = format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}");
        let server = Scripted::answering([json(TOKEN), json(&answer)]);
        let client = client(&server);
        client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
        let received = client.call_raw(&SignIn::new("other", "123456")).unwrap();
        assert_same("nothing is lost", received.as_str(), data);
        assert!(!client.is_signed_in(), "{data}");
    }
}

#[test]
fn a_failure_with_a_token_that_is_given_leaves_the_session_alone() {
    let server = Scripted::answering([json(TOKEN), failure(500, "不存在的用户")]);
    let client = client(&server);
    client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
    client.get_profile(&GetProfile::new().access_token("x.y.z")).unwrap_err();
    assert!(client.is_signed_in());
}

#[test]
fn a_failed_sign_in_leaves_the_session_alone() {
    let server = Scripted::answering([json(TOKEN), failure(500, "密码错误")]);
    let client = client(&server);
    client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
    client.sign_in(&SignIn::new("wwww", "wrong")).unwrap_err();
    assert!(client.is_signed_in());
}

#[test]
fn the_end_of_an_old_session_that_comes_late_leaves_a_newer_one_alone() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(2).base_url(url).keep_session(true).max_retries(0).build().unwrap();
    let rejected = http("401 Unauthorized", &["WWW-Authenticate: Bearer error=\"invalid_token\""], "");
    let (arrived, has_arrived) = channel();
    let (go_on, may_go_on) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut first = BufReader::new(listener.accept().unwrap().0);
            read_request(&mut first).unwrap();
            first.get_mut().write_all(&token("old")).unwrap();
            // The profile, on the same connection; its answer is kept back.
            read_request(&mut first).unwrap();
            arrived.send(()).unwrap();
            let mut second = BufReader::new(listener.accept().unwrap().0);
            read_request(&mut second).unwrap();
            second.get_mut().write_all(&token("new")).unwrap();
            may_go_on.recv().unwrap();
            first.get_mut().write_all(&rejected).unwrap();
        });
        client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
        let profile = scope.spawn(|| client.get_profile(&GetProfile::new()).unwrap_err().kind());
        has_arrived.recv().unwrap();
        client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
        go_on.send(()).unwrap();
        assert_eq!(profile.join().unwrap(), ErrorKind::TokenRejected);
    });
    assert!(client.is_signed_in());
}
