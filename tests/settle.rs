//! A sign-up whose answer got lost: what has become of it is found out by signing in.

mod support;

use oauthapp::{CancelToken, Client, ErrorKind, GetProfile, QrCodeSignUp, SignInKey, SignUp, UnionIdSignUp};
use std::io::Read;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;
use support::{Scripted, failure, http, json, token};

fn client(server: &Scripted) -> Client {
    Client::builder(2).base_url(&server.url).max_retries(0).keep_session(true).build().unwrap()
}

fn sign_up() -> SignUp<'static> {
    SignUp::new().user_name("wwww").pwd("123456").nick_name("n")
}

#[test]
fn the_sign_ins_token_is_the_answer_where_the_account_exists() {
    for lost in [
        Vec::new(),
        http("502 Bad Gateway", &[], ""),
        http("504 Gateway Timeout", &[], "{\"code\":504,\"msg\":\"gateway timeout\"}"),
        http("200 OK", &[], "{\"code\":200,\"da"),
        http("303 See Other", &["Location: /welcome"], ""),
    ] {
        let server = Scripted::answering([lost.clone(), token("a.b.c"), json("{\"code\":200,\"data\":{\"id\":1}}")]);
        let client = client(&server);
        let answer = client.sign_up(&sign_up()).unwrap();
        assert!(answer.access_token.expose() == "a.b.c");
        assert!(client.is_signed_in());
        client.get_profile(&GetProfile::new()).unwrap();
        assert!(server.received().request_line.ends_with("/SignUp HTTP/1.1"));
        let asked = server.received();
        assert!(asked.request_line.ends_with("/SignIn HTTP/1.1"));
        assert!(asked.body == "{\"pwd\":\"123456\",\"userName\":\"wwww\"}");

        let server = Scripted::answering([lost, token("a.b.c")]);
        let request = UnionIdSignUp::new().platform("web").union_id("u").nick_name("n");
        self::client(&server).union_id_sign_up(&request).unwrap();
        server.received();
        let asked = server.received();
        assert!(asked.request_line.ends_with("/UnionIDSignIn HTTP/1.1"));
        assert!(asked.body == "{\"platform\":\"web\",\"unionID\":\"u\"}");
    }
}

#[test]
fn where_there_is_no_account_the_sign_up_says_so() {
    let server = Scripted::answering([Vec::new(), failure(500, "用户不存在")]);
    let error = client(&server).sign_up(&sign_up()).unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::ConnectionLost, false));
    assert!(error.to_string().contains("no such account"), "{error}");
}

/// What stands before the server may give up on it while it is still at work.
#[test]
fn it_is_asked_again_whether_there_is_an_account_as_often_as_calls_are_repeated() {
    let none = failure(500, "用户不存在");
    let client = |server: &Scripted| Client::builder(2).base_url(&server.url).max_retries(1).build().unwrap();
    let server = Scripted::answering([http("504 Gateway Timeout", &[], ""), none.clone(), token("a.b.c")]);
    assert!(client(&server).sign_up(&sign_up()).unwrap().access_token.expose() == "a.b.c");

    let server = Scripted::answering([http("504 Gateway Timeout", &[], ""), none.clone(), none, token("a.b.c")]);
    let error = client(&server).sign_up(&sign_up()).unwrap_err();
    assert!(error.to_string().contains("no such account"), "{error}");
    for asked in ["/SignUp HTTP/1.1", "/SignIn HTTP/1.1", "/SignIn HTTP/1.1"] {
        assert!(server.received().request_line.ends_with(asked));
    }
    assert!(server.received_nothing());
}

#[test]
fn a_server_that_wants_to_be_left_alone_for_longer_than_the_call_may_take_is_not_asked() {
    let busy = http("503 Service Unavailable", &["Retry-After: 600"], "");
    let server = Scripted::answering([busy.clone(), token("a.b.c")]);
    let error = client(&server).sign_up(&sign_up()).unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::ServiceUnavailable, Some(Duration::from_secs(600))));
    assert!(error.to_string().contains("may have been done"), "{error}");
    server.received();
    assert!(server.received_nothing());

    let server = Scripted::answering([Vec::new(), busy, token("a.b.c")]);
    let client = Client::builder(2).base_url(&server.url).max_retries(1).build().unwrap();
    let error = client.sign_up(&sign_up()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(error.to_string().contains("may have been done"), "{error}");
    server.received();
    server.received();
    assert!(server.received_nothing());
}

#[test]
fn an_account_with_another_password_is_not_the_sign_ups() {
    let server = Scripted::answering([Vec::new(), failure(500, "密码错误")]);
    let error = client(&server).sign_up(&sign_up()).unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::AccountExists, false));
    assert!(error.to_string().contains("another password"), "{error}");
}

#[test]
fn where_it_cannot_be_found_out_the_sign_up_is_not_to_be_repeated() {
    let no_token = token("");
    for answer in [Vec::new(), http("500 Internal Server Error", &[], ""), no_token] {
        let server = Scripted::answering([Vec::new(), answer]);
        let error = client(&server).sign_up(&sign_up()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::ConnectionLost, false));
        assert!(error.to_string().contains("may have been done"), "{error}");
    }
}

#[test]
fn nothing_is_asked_where_it_is_switched_off_or_there_is_nothing_to_ask_with() {
    let server = Scripted::answering([Vec::new(), token("a.b.c")]);
    let off = Client::builder(2).base_url(&server.url).max_retries(0).settle_sign_ups(false).build().unwrap();
    assert_eq!(off.sign_up(&sign_up()).unwrap_err().kind(), ErrorKind::ConnectionLost);
    server.received();
    assert!(server.received_nothing());
    for call in [
        |client: &Client| client.call_raw(&SignUp::new().user_name("wwww")),
        |client: &Client| client.call_raw(&QrCodeSignUp::new(&SignInKey::from_number(1)).union_id("u").platform("web")),
    ] {
        let server = Scripted::answering([Vec::new(), token("a.b.c")]);
        assert!(!call(&client(&server)).unwrap_err().is_retryable());
        server.received();
        assert!(server.received_nothing());
    }
}

#[test]
fn a_sign_up_of_which_nothing_has_left_has_created_nothing() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let client = |url: String| Client::builder(2).base_url(url).max_retries(0);
    let token = CancelToken::new();
    token.cancel();
    let cancelled = client(format!("http://{address}")).build().unwrap().with_cancel(&token);
    let soon = Duration::from_millis(50);
    let no_hello = client(format!("https://{address}")).timeout(soon).build().unwrap();
    let silent_proxy = client("https://oauthapp.invalid".to_owned()).proxy(format!("http://{address}"));
    for (client, kind) in [
        (cancelled, ErrorKind::Cancelled),
        (no_hello, ErrorKind::Timeout),
        (silent_proxy.timeout(soon).build().unwrap(), ErrorKind::Timeout),
    ] {
        let error = client.sign_up(&sign_up()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (kind, kind.retryable()), "{error}");
        assert!(!error.to_string().contains("may have been done"), "{error}");
    }
}

#[test]
fn a_clear_answer_is_not_questioned() {
    for (answer, kind) in [
        (failure(500, "账号已存在"), ErrorKind::AccountExists),
        (http("302 Found", &["Location: /sign-in"], ""), ErrorKind::Redirected),
    ] {
        let server = Scripted::answering([answer, token("a.b.c")]);
        assert_eq!(client(&server).sign_up(&sign_up()).unwrap_err().kind(), kind);
        server.received();
        assert!(server.received_nothing());
    }
}

#[test]
fn a_call_that_is_cancelled_while_it_finds_out_is_cancelled() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let token = CancelToken::new();
    let client = Client::builder(2).base_url(url).max_retries(0).build().unwrap().with_cancel(&token);
    thread::scope(|scope| {
        scope.spawn(|| {
            // The sign-up's, and its answer is lost.
            let (mut connection, _) = listener.accept().unwrap();
            assert!(connection.read(&mut [0; 4096]).unwrap() > 0);
            drop(connection);
            let (mut connection, _) = listener.accept().unwrap();
            assert!(connection.read(&mut [0; 4096]).unwrap() > 0);
            token.cancel();
            let _ = connection.read_to_end(&mut Vec::new());
        });
        let error = client.sign_up(&sign_up()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Cancelled, false));
        assert!(error.to_string().contains("may have been done"), "{error}");
    });
}

#[test]
fn finding_out_has_no_more_time_than_the_call() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let soon = Duration::from_millis(40);
    let client = Client::builder(2).base_url(url).max_retries(0).timeout(soon).build().unwrap();
    // Nobody answers the sign-up, and when its time is over there is none to ask in.
    let error = client.sign_up(&sign_up()).unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, false));
    listener.set_nonblocking(true).unwrap();
    assert!(std::iter::from_fn(|| listener.accept().ok()).count() <= 1, "nothing is asked");
}

#[test]
fn a_call_whose_time_runs_out_while_it_finds_out_has_timed_out() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(2).base_url(url).max_retries(0).timeout(Duration::from_millis(200)).build().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            // The sign-up's, and its answer is lost. Nobody takes up what comes after it.
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.read(&mut [0; 4096]);
        });
        let error = client.sign_up(&sign_up()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, false));
        assert!(error.to_string().contains("may have been done"), "{error}");
    });
}
