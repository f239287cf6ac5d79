use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::client::{Client, start};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn complaints(client: &Client, path: &str, body: &str) -> Value {
    client.send("POST", path, &[JSON], body).complaints()
}

#[test]
fn every_required_field_is_asked_for() {
    let client = start();
    for (action, fields) in [
        ("AppUsers/2/UnionIDSignIn", &["Platform", "UnionID"][..]),
        ("AppUsers/2/UnionIDSignUp", &["Platform", "UnionID"]),
        ("AppUsers/2/SignIn", &["Pwd", "UserName"]),
        ("AppUsers/2/SignUp", &["Pwd", "UserName"]),
        ("AppUsers/2/QRCodeSignIn", &["SignInKey"]),
        ("AppUsers/2/QRCodeScan", &["SignInKey"]),
        ("AppUsers/2/QRCodeSignUp", &["Platform", "SignInKey", "UnionID"]),
        ("AppUsers/2/SendSMSCode", &["Phone", "Type"]),
        ("AppUsers/2/SendEmailCode", &["Email", "Type"]),
        ("AppUsers/2/PhoneSignIn", &["Phone", "VerifyCode"]),
        ("AppUsers/2/EmailSignIn", &["Email", "VerifyCode"]),
        ("AppUsers/2/PhoneSignUp", &["Phone", "PhoneCode", "Pwd"]),
        ("AppUsers/2/EmailSignUp", &["Email", "EmailCode", "Pwd"]),
        ("AppUsers/2/ResetPwd", &["Code", "Pwd"]),
        ("Wechat/2/WXACodeGet", &["Path"]),
        ("Wechat/2/WXACodeGetUnlimited", &["Scene"]),
    ] {
        let expected: serde_json::Map<String, Value> = fields
            .iter()
            .map(|field| ((*field).to_owned(), json!([format!("The {field} field is required.")])))
            .collect();
        assert_eq!(complaints(&client, &format!("/api/{action}"), "{}"), Value::from(expected), "{action}");
    }
}

#[test]
fn a_mistyped_field_is_named_by_its_json_path() {
    let client = start();
    let path = "/api/AppUsers/2/UnionIDSignUp";
    for (body, field) in [
        (r#"{"platform":"web","unionID":1}"#, "$.unionID"),
        (r#"{"platform":"web","unionID":"u","emailIsValid":"true"}"#, "$.emailIsValid"),
        (r#"{"platform":"web","unionID":"u","phoneIsValid":null}"#, "$.phoneIsValid"),
        (r#"{"platform":"web","unionID":"u","NickName":[]}"#, "$.NickName"),
    ] {
        let complaints = complaints(&client, path, body);
        let message = complaints[field][0].as_str().unwrap();
        assert!(message.starts_with("The JSON value could not be converted to System."), "{message}");
        assert_eq!(complaints.as_object().unwrap().len(), 1);
    }
    assert!(client.emulator.users().is_empty());
    assert!(complaints(&client, "/api/AppUsers/2/QRCodeSignIn", r#"{"signInKey":true}"#).get("$.signInKey").is_some());
}

#[test]
fn what_is_no_json_is_refused() {
    let client = start();
    for body in ["{", "nonsense", "[]", "\"x\"", "{\"userName\":\"n\",}", "{\"a\":1}x"] {
        assert!(complaints(&client, "/api/AppUsers/2/SignIn", body).get("$").is_some(), "{body}");
    }
    for body in ["", "null"] {
        let complaints = complaints(&client, "/api/AppUsers/2/SignIn", body);
        assert_eq!(complaints[""][0], "A non-empty request body is required.");
    }
    let not_text = client.send("POST", "/api/AppUsers/2/SignIn", &[JSON], b"{\"userName\":\"\xff\"}".to_vec());
    assert_eq!(not_text.status, 400);
}

#[test]
fn a_body_must_say_that_it_is_json() {
    let client = start();
    let body = json!({"userName": "n", "pwd": "p"}).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let answer = client.send("POST", "/api/AppUsers/2/SignUp", &[("Content-Type", kind)], body.clone());
        assert_eq!(answer.header("content-type"), Some("application/problem+json; charset=utf-8"));
        assert_eq!((answer.status, &answer.json()["title"]), (415, &"Unsupported Media Type".into()));
    }
    let kinds = ["application/json", "Application/JSON; charset=UTF-8", "text/json", "application/vnd.api+json"];
    for (number, kind) in kinds.into_iter().enumerate() {
        let body = json!({"userName": number.to_string(), "pwd": "p"}).to_string();
        client.send("POST", "/api/AppUsers/2/SignUp", &[("Content-Type", kind)], body).token();
    }
}

#[test]
fn a_method_that_is_not_there_is_told_which_are() {
    let client = start();
    for (method, path, allow) in [
        ("GET", "/api/AppUsers/2/SignIn", "POST"),
        ("HEAD", "/api/AppUsers/2/SignIn", "POST"),
        ("DELETE", "/api/AppUsers/2/Profile", "GET, PUT"),
        ("HEAD", "/api/AppUsers/2/Profile", "GET, PUT"),
        ("POST", "/api/Apps/2/Info", "GET"),
        ("POST", "/", "GET, HEAD"),
    ] {
        let answer = client.send(method, path, &[], "");
        assert_eq!(
            (answer.status, answer.body.len(), answer.header("allow")),
            (405, 0, Some(allow)),
            "{method} {path}"
        );
    }
}

#[test]
fn an_unknown_path_is_not_found() {
    let client = start();
    for path in [
        "/nothing",
        "/api",
        "/api/AppUsers/2",
        "/api/AppUsers/2/Nothing",
        "/api/AppUsers/2/SignIn/x",
        "//",
        "/api/AppUsers//SignIn",
        "/api/Apps/2/SignIn",
    ] {
        let answer = client.send("POST", path, &[JSON], "{}");
        assert_eq!((answer.status, answer.body.len()), (404, 0), "{path}");
    }
}

#[test]
fn an_application_number_that_is_none_is_named() {
    let client = start();
    for app in [":appId", "two", "2.0", "9223372036854775808"] {
        let complaints = complaints(&client, &format!("/api/AppUsers/{app}/SignIn"), "{}");
        assert_eq!(complaints, json!({"appId": [format!("The value '{app}' is not valid.")]}));
    }
    let answer = client.get("/api/AppUsers/two/Profile");
    assert_eq!(answer.status, 401, "who asks comes first");
}

#[test]
fn too_large_a_body_is_refused_and_the_connection_lives_on() {
    let client = start();
    let body = |length: usize| json!({"userName": "n", "pwd": "p", "data": "x".repeat(length)}).to_string();
    let answer = client.send("POST", "/api/AppUsers/2/SignUp", &[JSON], body(2 << 20));
    assert_eq!((answer.status, answer.body.len()), (413, 0));
    let answer = client.send("POST", "/api/AppUsers/2/SignUp", &[JSON], body(1 << 19));
    answer.token();
}

#[test]
fn one_connection_carries_many_requests() {
    let client = start();
    let request = "GET /api/Apps/2/Info HTTP/1.1\r\nHost: x\r\n\r\n";
    let last = "GET /api/Apps/2/Info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answers = exchange(&client, format!("{request}{request}{last}").as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
}

#[test]
fn what_is_no_http_does_no_harm() {
    let client = start();
    for nonsense in [
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "\u{16}\u{3}\u{1}",
        "GET / HTTP/9.9\r\n\r\n",
    ] {
        let answer = exchange(&client, nonsense.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    exchange(&client, b"POST /api/AppUsers/2/SignIn HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    client.get("/api/Apps/2/Info").data();
}

/// Sends these bytes and no more, and reads to the end.
fn exchange(client: &Client, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(client.emulator.address()).unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
