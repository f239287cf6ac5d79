//! What each way of failing becomes: kind, status, the server's own words, whether a retry can help, and a sentence.

mod support;

use oauthapp::{
    Client, Error, ErrorKind, GetProfile, QrCodeSignIn, QrCodeSignUp, SignIn, SignInKey, SignUp, UnionIdSignIn,
    UnionIdSignUp,
};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;
use support::{Scripted, failure, http, json};

fn client(server: &Scripted) -> Client {
    // One attempt: the server has one answer.
    Client::builder(2).base_url(&server.url).max_retries(0).build().unwrap()
}

/// Signs in at a server that answers with these bytes.
fn sign_in_error(answer: Vec<u8>) -> Error {
    let server = Scripted::answering([answer]);
    client(&server).call_raw(&SignIn::new("wwww", "123456")).unwrap_err()
}

#[test]
fn the_servers_messages_have_kinds_and_stay_untouched() {
    use ErrorKind::*;
    for (err, kind, retryable) in [
        ("不存在的应用", NoSuchApplication, false),
        ("用户不存在", NoSuchUser, false),
        ("密码错误", WrongPassword, false),
        ("账号已存在", AccountExists, false),
        ("请扫码", QrWaiting, true),
        ("登陆中...", QrScanned, true),
        ("二维码失效请刷新", QrExpired, false),
        ("二维码已失效，请刷新重试", QrExpired, false),
        ("应用未配置小程序参数", QrNotConfigured, false),
        ("不存在的用户", UserGone, false),
        ("密码错误次数过多", Server, false),
        ("", Server, false),
    ] {
        let error = sign_in_error(failure(500, err));
        assert_eq!(error.kind(), kind, "{err}");
        assert_eq!(error.http_status(), Some(200));
        assert_eq!(error.server_code(), Some(500));
        assert_eq!(error.server_message(), Some(err));
        assert_eq!(error.is_retryable(), retryable, "{err}");
        assert!(error.to_string().contains(err), "{error}");
        assert!(error.to_string().starts_with(kind.sentence()), "{error}");
    }
    let error = sign_in_error(failure(500, " 密码错误 "));
    assert_eq!((error.kind(), error.server_message()), (WrongPassword, Some(" 密码错误 ")));
    let error = sign_in_error(failure(40_301, "boom"));
    assert_eq!((error.kind(), error.server_code()), (Server, Some(40_301)));
}

#[test]
fn a_failure_in_the_envelope_counts_also_with_another_http_status() {
    let body = "{\"code\":500,\"data\":\"\",\"err\":\"密码错误\"}";
    let error = sign_in_error(http("500 Internal Server Error", &["Content-Type: application/json"], body));
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::WrongPassword, Some(500)));
}

#[test]
fn problem_json_gives_each_field_its_messages() {
    let body = r#"{"type":"https://tools.ietf.org/html/rfc7231#section-6.5.1","title":"One or more validation errors occurred.",
        "status":400,"traceId":"00-1-2-00","errors":{"pwd":["The pwd field is required."],
        "$.signInKey":["The JSON value could not be converted.","Path: $.signInKey"]}}"#;
    let error = sign_in_error(http("400 Bad Request", &["Content-Type: application/problem+json"], body));
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::BadRequest, Some(400)));
    let fields: Vec<_> = error.fields().iter().map(|field| (field.field.as_str(), field.messages.len())).collect();
    assert_eq!(fields, [("$.signInKey", 2), ("pwd", 1)]);
    assert_eq!(error.fields()[1].messages, ["The pwd field is required."]);
    assert_eq!(
        error.to_string(),
        "The server did not accept the request. The server said: One or more validation errors occurred. \
         Field $.signInKey: The JSON value could not be converted. Path: $.signInKey. \
         Field pwd: The pwd field is required."
    );
    for body in ["", "<html>", "{\"errors\":5}"] {
        let error = sign_in_error(http("400 Bad Request", &[], body));
        assert_eq!((error.kind(), error.fields().len()), (ErrorKind::BadRequest, 0), "{body}");
    }
}

#[test]
fn an_odd_part_of_a_problem_document_costs_no_other() {
    let body =
        r#"{"title":["?"],"detail":5,"errors":{"":null,"pwd":"Too short.","a":[1,{},"b"],"c":{"d":"e"},"f":1e400}}"#;
    let error = sign_in_error(http("400 Bad Request", &["Content-Type: application/problem+json"], body));
    let fields: Vec<_> = error.fields().iter().map(|field| (field.field.as_str(), field.messages.join("|"))).collect();
    assert_eq!(
        fields.iter().map(|(name, messages)| (*name, messages.as_str())).collect::<Vec<_>>(),
        [("", ""), ("a", "1|b"), ("c", ""), ("f", ""), ("pwd", "Too short."),]
    );
    assert_eq!(
        error.to_string(),
        "The server did not accept the request. The server said: 5. Field a: 1 b. Field c. Field f. Field pwd: Too short."
    );
}

#[test]
fn a_401_tells_expired_from_malformed_from_missing() {
    let expired = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token expired at '02/23/2023 07:01:59'\"";
    let malformed = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The signature is invalid\"";
    for (headers, kind) in [
        (vec!["WWW-Authenticate: Bearer"], ErrorKind::Unauthorized),
        (vec![], ErrorKind::Unauthorized),
        (vec![expired], ErrorKind::TokenExpired),
        (vec![malformed], ErrorKind::TokenRejected),
        (vec!["WWW-Authenticate: Negotiate", expired], ErrorKind::TokenExpired),
    ] {
        let server = Scripted::answering([http("401 Unauthorized", &headers, "")]);
        let error = client(&server).get_profile(&GetProfile::new().access_token("a.b.c")).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (kind, Some(401)), "{headers:?}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn other_statuses_are_named_whatever_their_body() {
    use ErrorKind::*;
    for (status, kind, retryable) in [
        ("403 Forbidden", Forbidden, false),
        ("404 Not Found", NotFound, false),
        ("405 Method Not Allowed", MethodNotAllowed, false),
        ("407 Proxy Authentication Required", Proxy, false),
        ("413 Payload Too Large", RequestTooLarge, false),
        ("415 Unsupported Media Type", UnsupportedMediaType, false),
        ("418 I'm a teapot", UnexpectedStatus, false),
        ("429 Too Many Requests", TooManyRequests, true),
        ("500 Internal Server Error", ServerFault, true),
        ("502 Bad Gateway", ServerFault, true),
        ("503 Service Unavailable", ServiceUnavailable, true),
        ("504 Gateway Timeout", ServiceUnavailable, true),
    ] {
        let number = status[..3].parse().ok();
        for body in [&b""[..], b"<html>no</html>", b"{\"title\":\"x\"}", b"\xff\xfe", b"{\"code\":200,\"data\":{}}"] {
            let error = sign_in_error(http(status, &[], body));
            assert_eq!((error.kind(), error.http_status()), (kind, number), "{status}");
            assert_eq!(error.is_retryable(), retryable, "{status}");
        }
        // The page breaks off; the status stands.
        let error = sign_in_error(format!("HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\n<html>").into_bytes());
        assert_eq!((error.kind(), error.http_status()), (kind, number), "{status}");
    }
}

#[test]
fn retry_after_is_passed_on() {
    let error = sign_in_error(http("503 Service Unavailable", &["Retry-After: 7"], ""));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(sign_in_error(http("503 Service Unavailable", &[], "")).retry_after(), None);
    // A date is one of the server's clock, whatever this machine's says.
    let dates = ["Date: Wed, 22 Feb 2023 08:00:00 GMT", "Retry-After: Wed, 22 Feb 2023 09:00:00 GMT"];
    let error = sign_in_error(http("503 Service Unavailable", &dates, ""));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[test]
fn a_redirect_is_not_followed_and_says_what_to_change() {
    let elsewhere = Scripted::answering([json("{\"code\":200,\"data\":{},\"err\":\"\"}")]);
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let location = format!("Location: {}/api/AppUsers/2/SignIn?secret=x", elsewhere.url);
        let error = sign_in_error(http(status, &[&location], ""));
        assert_eq!(error.kind(), ErrorKind::Redirected, "{status}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(elsewhere.received_nothing());
    let error =
        sign_in_error(http("307 Temporary Redirect", &["Location: https://127.0.0.1/api/AppUsers/2/SignIn"], ""));
    assert!(error.to_string().contains("Set the base URL to https://127.0.0.1."), "{error}");
    let error = sign_in_error(http("302 Found", &["Location: https://127.0.0.1:8443/login"], ""));
    assert!(error.to_string().contains("Set the base URL to https://127.0.0.1:8443."), "{error}");
    let error = sign_in_error(http("302 Found", &["Location: http://portal.example/login"], ""));
    assert!(error.to_string().contains("http://portal.example, which may be a network's sign-in page"), "{error}");
    let error = sign_in_error(http("302 Found", &["Location: /login"], ""));
    assert!(error.to_string().contains("HTTP status 302"), "{error}");
}

#[test]
fn bodies_that_are_not_the_envelope_are_named() {
    use ErrorKind::*;
    for (body, kind) in [
        (&b""[..], EmptyResponse),
        (b" \r\n", EmptyResponse),
        (b"<!DOCTYPE html><title>Sign in to the network</title>", ResponseNotJson),
        (b"It works!", ResponseNotJson),
        (b"{\"code\":200,\"data\":{}", TruncatedResponse),
        (b"{\"code\":200,\"data\":\"\xff\",\"err\":\"\"}", ResponseNotUtf8),
        (b"[]", UnexpectedResponse),
        (b"[200,{},\"\"]", UnexpectedResponse),
        (b" \n[200,{},\"\"]", UnexpectedResponse),
        (b"null", UnexpectedResponse),
        (b"{}", UnexpectedResponse),
        (b"{\"code\":\"200\",\"data\":1}", UnexpectedResponse),
        (b"{\"code\":200.5,\"data\":1}", UnexpectedResponse),
        (b"{\"code\":200}", UnexpectedResponse),
        (b"{\"code\":200,\"data\":1,\"data\":2}", UnexpectedResponse),
        (b"{\"code\":200,\"data\":1} x", ResponseNotJson),
        (b"{\"code\":200,\"data\":nul}", ResponseNotJson),
        (b"{\"code\":200,\"data\":\"\x00\"}", ResponseNotJson),
    ] {
        let error = sign_in_error(http("200 OK", &[], body));
        assert_eq!((error.kind(), error.http_status()), (kind, Some(200)), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn data_of_another_type_is_an_error_in_the_typed_form_only() {
    let request = SignIn::new("wwww", "123456");
    for data in ["\"\"", "null", "{}", "[\"a.b.c\"]", "{\"access_token\":1}"] {
        let answer = json(&format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}"));
        let server = Scripted::answering([answer.clone(), answer]);
        let error = client(&server).sign_in(&request).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::UnexpectedResponse, Some(200)), "{data}");
        assert_eq!(client(&server).call_raw(&request).unwrap().as_str(), data);
    }
}

#[test]
fn an_answer_is_limited_in_size() {
    let body = format!("{{\"code\":200,\"data\":\"{}\",\"err\":\"\"}}", "x".repeat(1000));
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let to_the_end = format!("HTTP/1.1 200 OK\r\n\r\n{body}");
    for answer in [json(&body), chunked.into_bytes(), to_the_end.into_bytes()] {
        for (limit, allowed) in [(body.len(), true), (body.len() - 1, false)] {
            let server = Scripted::answering([answer.clone()]);
            let builder = Client::builder(2).base_url(&server.url).max_response_bytes(limit.try_into().unwrap());
            let result = builder.build().unwrap().call_raw(&SignIn::new("wwww", "123456"));
            let expected = if allowed { None } else { Some(ErrorKind::ResponseTooLarge) };
            assert_eq!(result.err().map(|error| error.kind()), expected);
        }
    }
    let large = format!("{{\"code\":200,\"data\":\"{}\",\"err\":\"\"}}", "x".repeat(1024 * 1024));
    assert_eq!(sign_in_error(json(&large)).kind(), ErrorKind::ResponseTooLarge);
}

#[test]
fn an_answer_that_breaks_off_is_named_by_where_it_does() {
    use ErrorKind::*;
    for (answer, kind) in [
        ("", ConnectionLost),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", ConnectionLost),
        ("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"code\":200", TruncatedResponse),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"code\":200", TruncatedResponse),
        ("HTTP/1.1 200 OK\r\n\r\n{\"code\":200", TruncatedResponse),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", NotHttp),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", NotHttp),
        ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", NotHttp),
    ] {
        assert_eq!(sign_in_error(answer.into()).kind(), kind, "{answer:?}");
    }
    let endless_head = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    assert_eq!(sign_in_error(endless_head.into_bytes()).kind(), NotHttp);
}

#[test]
fn what_is_no_http_is_told_without_a_part_of_the_answer() {
    for (answer, what) in [
        ("HTTP/1.1 200 OK\r\nServer: a\r\n b\r\nContent-Length: 0\r\n\r\n", "What is wrong: invalid header name"),
        ("HTTP/1.1 2x0 OK\r\n\r\n", "What is wrong: invalid response status"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "What is wrong: chunk length"),
    ] {
        let error = sign_in_error(answer.into());
        assert_eq!(error.kind(), ErrorKind::NotHttp);
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let sign_in = |base_url: &str| {
        let client = Client::builder(2).base_url(base_url).build().unwrap();
        client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err()
    };
    let (_port, closed) = support::reserved_port();
    let error = sign_in(&format!("http://{closed}"));
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Connect, true));
}

#[test]
fn a_server_that_speaks_no_tls_is_named() {
    let server = Scripted::answering([http("400 Bad Request", &[], "")]);
    let client = Client::builder(2).base_url(server.url.replace("http://", "https://")).build().unwrap();
    let error = client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::NotTls, None));
    assert!(error.to_string().contains("network's sign-in page"), "{error}");
}

#[test]
fn a_proxy_that_refuses_is_named_as_the_proxy() {
    for (answer, text, retryable) in [
        (http("407 Proxy Authentication Required", &[], ""), "The proxy wants a user name and a password", false),
        (http("403 Forbidden", &[], "<html>"), "The proxy answered with HTTP status 403", false),
        // Asked again, and then gone.
        (Vec::new(), "", true),
    ] {
        let proxy = Scripted::answering([answer]);
        let client = Client::builder(2).base_url("https://oauthapp.invalid").proxy(&proxy.url).build().unwrap();
        let error = client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::Proxy, None), "{error}");
        assert!(error.is_retryable() == retryable && error.to_string().contains(text), "{error}");
        // The name goes to the proxy and is not looked up here; the password does not go there.
        let asked = proxy.received();
        assert_eq!(asked.request_line, "CONNECT oauthapp.invalid:443 HTTP/1.1");
        assert_eq!(asked.body, "");
    }
}

#[test]
fn a_deadline_ends_a_call_that_nobody_answers() {
    // Connections are made by the system and never taken up.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(2).base_url(&url).timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, true));
    let patient = Client::builder(2).base_url(&url).build().unwrap();
    let hurried = patient.with_timeout(Duration::from_millis(50)).unwrap();
    assert_eq!(hurried.sign_in(&SignIn::new("wwww", "123456")).unwrap_err().kind(), ErrorKind::Timeout);
}

#[test]
fn a_sign_up_whose_answer_got_lost_is_not_to_be_repeated_blindly() {
    for (answer, retryable) in [
        (Vec::new(), false),
        (http("502 Bad Gateway", &[], ""), false),
        (http("200 OK", &[], "<html>"), false),
        (http("200 OK", &[], ""), false),
        (http("200 OK", &[], b"\xff"), false),
        (http("200 OK", &[], "{\"code\":200}"), false),
        (http("200 OK", &[], "x".repeat(1024 * 1024 + 1)), false),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec(), false),
        (http("503 Service Unavailable", &[], ""), false),
        (http("429 Too Many Requests", &[], ""), true),
    ] {
        let server = Scripted::answering([answer]);
        let error = client(&server).sign_up(&SignUp::new().user_name("wwww").pwd("123456")).unwrap_err();
        assert_eq!(error.is_retryable(), retryable, "{error:?}");
        assert_eq!(error.to_string().contains("may have been done"), !retryable, "{error}");
    }
}

#[test]
fn an_answer_without_a_length_is_not_whole_when_the_connection_is_reset() {
    let answer = b"HTTP/1.1 200 OK\r\n\r\n{\"code\":200,\"data\":1,\"err\":\"\"}";
    for _ in 0..50 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder(2).base_url(url).max_retries(0).build().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || {
                let (mut connection, _) = listener.accept().unwrap();
                assert!(connection.read(&mut [0; 4096]).unwrap() > 0);
                connection.write_all(answer).unwrap();
                // A close without lingering is a reset.
                socket2::SockRef::from(&connection).set_linger(Some(Duration::ZERO)).unwrap();
            });
            let kind = client.call_raw(&SignIn::new("wwww", "123456")).unwrap_err().kind();
            // The reset may overtake what was written before it.
            assert!(matches!(kind, ErrorKind::TruncatedResponse | ErrorKind::ConnectionLost), "{kind:?}");
        });
    }
}

#[test]
fn no_secret_is_in_an_error_even_when_the_server_repeats_it() {
    const CANARY: &str = "canary-4711";
    let key = SignInKey::from_text(CANARY);
    let echo = format!("Bad {CANARY}!");
    let answers = || {
        [
            failure(500, &echo),
            http("400 Bad Request", &[], format!("{{\"title\":\"{echo}\",\"errors\":{{\"{echo}\":[\"{echo}\"]}}}}")),
            http(
                "401 Unauthorized",
                &[&format!("WWW-Authenticate: Bearer error=\"{CANARY}\", error_description=\"{echo}\"")],
                "",
            ),
            http("302 Found", &[&format!("Location: http://{CANARY}@{CANARY}.example/{CANARY}")], ""),
            http("404 Not Found", &[], &echo),
            http("200 OK", &[], &echo),
            http("200 OK", &[], format!("{{\"code\":200,\"data\":\"{CANARY}")),
            format!("HTTP/1.1 {CANARY}\r\n\r\n").into_bytes(),
        ]
    };
    let calls: [&dyn Fn(&Client) -> Error; 5] = [
        &|client| client.sign_in(&SignIn::new("wwww", CANARY)).unwrap_err(),
        &|client| client.sign_up(&SignUp::new().pwd(CANARY)).unwrap_err(),
        &|client| client.union_id_sign_in(&UnionIdSignIn::new("web", CANARY)).unwrap_err(),
        &|client| client.qr_code_sign_in(&QrCodeSignIn::new(&key)).unwrap_err(),
        &|client| client.get_profile(&GetProfile::new().access_token(CANARY)).unwrap_err(),
    ];
    for call in calls {
        for answer in answers() {
            let server = Scripted::answering([answer.clone()]);
            let error = call(&client(&server));
            // The host in a Location is not the request's; what the other server calls itself is shown.
            let shown = format!("{error} {error:?} {error:#?}").replace(&format!("http://{CANARY}.example"), "");
            assert!(!shown.contains(CANARY), "{:?} shows the secret", error.kind());
        }
    }
    let confirm = QrCodeSignUp::new(&key).union_id(CANARY);
    for shown in [
        format!("{:?}", SignIn::new("wwww", CANARY)),
        format!("{:?}", SignUp::new().pwd(CANARY)),
        format!("{confirm:?}"),
        format!("{:?}", GetProfile::new().access_token(CANARY)),
    ] {
        assert!(shown.contains("<REDACTED>") && !shown.contains(CANARY));
    }
}

#[test]
fn a_broken_answer_has_its_http_status() {
    let server = Scripted::answering([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()]);
    let client = Client::builder(2).base_url(&server.url).max_retries(0).build().unwrap();
    let error = client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::TruncatedResponse, Some(200)));
}

#[test]
fn a_union_id_is_not_shown() {
    let answer = http("400 Bad Request", &[], r#"{"title":"no other-4242 canary-pwd"}"#);
    let server = Scripted::answering([answer.clone(), answer]);
    let client = Client::builder(2).base_url(&server.url).max_retries(0).build().unwrap();
    let sign_up = UnionIdSignUp::new().platform("p").union_id("other-4242").pwd("canary-pwd");
    let sign_in = UnionIdSignIn::new("p", "other-4242");
    let first = client.union_id_sign_up(&sign_up).unwrap_err().to_string();
    assert!(first.contains("no <REDACTED>") && !first.contains("4242"), "{first}");
    let second = client.union_id_sign_in(&sign_in).unwrap_err().to_string();
    assert!(!second.contains("other-4242"), "{second}");
}
