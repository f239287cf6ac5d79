//! Everything that can go wrong on the way to the server and in its answer, for tests/cpp/failures.cpp.

use crate::support::authority::{Authority, for_host};
use crate::support::{self, Scripted, failure, http, json, token};
use crate::tls_server::{Server, answer_once, config};
use oauthapp::ErrorKind;
use rcgen::date_time_ymd;
use std::any::Any;
use std::fs;
use std::iter::repeat_n;
use std::net::TcpListener;
use std::path::Path;

/// One call each.
const CALLS: usize = 10;

/// The cases, and the servers in them, which live as long.
pub struct Cases {
    pub arguments: Vec<String>,
    servers: Vec<Box<dyn Any>>,
}

impl Cases {
    /// Files go into this folder.
    pub fn start(directory: &Path) -> Self {
        let mut cases = Cases { arguments: Vec::new(), servers: Vec::new() };
        cases.the_servers_own_words();
        cases.http_statuses();
        cases.answers_that_can_not_be_understood();
        cases.no_answer();
        cases.no_tls(directory);
        cases
    }

    fn add(&mut self, kind: ErrorKind, settings: &str) {
        self.arguments.push(format!("{} retryable={} {settings}", c_name(kind), kind.retryable()));
    }

    /// A server that gives each call this answer.
    fn scripted(&mut self, kind: ErrorKind, answer: Vec<u8>, settings: &str) {
        let server = Scripted::answering(repeat_n(answer, CALLS));
        self.add(kind, &format!("base_url={} {settings}", server.url));
        self.servers.push(Box::new(server));
    }

    fn the_servers_own_words(&mut self) {
        use ErrorKind::*;
        for (err, kind) in [
            ("不存在的应用", NoSuchApplication),
            ("用户不存在", NoSuchUser),
            ("密码错误", WrongPassword),
            ("账号已存在", AccountExists),
            ("请扫码", QrWaiting),
            ("登陆中...", QrScanned),
            ("二维码失效请刷新", QrExpired),
            ("二维码已失效，请刷新重试", QrExpired),
            ("应用未配置小程序参数", QrNotConfigured),
            ("不存在的用户", UserGone),
            ("密码错误次数过多", Server),
        ] {
            self.scripted(kind, failure(500, err), &format!("status=200 said={err}"));
        }
    }

    fn http_statuses(&mut self) {
        use ErrorKind::*;
        let problem = r#"{"title":"One or more validation errors occurred.","status":400,"errors":{"密码\"":["不能\n为空"],
            "empty":[""],"nul":["\u0000"],"$.signInKey":["The JSON value could not be converted.","Path: \"[1]\\"]}}"#;
        let problem = http("400 Bad Request", &["Content-Type: application/problem+json"], problem);
        self.scripted(BadRequest, problem, "status=400 fields=yes");
        let expired = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token expired\"";
        let malformed =
            "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The signature is invalid\"";
        for (status, header, kind, settings) in [
            ("400 Bad Request", "", BadRequest, ""),
            ("401 Unauthorized", "", Unauthorized, ""),
            ("401 Unauthorized", expired, TokenExpired, ""),
            ("401 Unauthorized", malformed, TokenRejected, ""),
            ("403 Forbidden", "", Forbidden, ""),
            ("404 Not Found", "", NotFound, ""),
            ("405 Method Not Allowed", "", MethodNotAllowed, ""),
            ("413 Payload Too Large", "", RequestTooLarge, ""),
            ("415 Unsupported Media Type", "", UnsupportedMediaType, ""),
            ("418 I'm a teapot", "", UnexpectedStatus, ""),
            ("429 Too Many Requests", "Retry-After: 7", TooManyRequests, "wait=7000"),
            ("302 Found", "Location: http://portal.example/login", Redirected, ""),
            ("500 Internal Server Error", "", ServerFault, ""),
            ("503 Service Unavailable", "Retry-After: 0", ServiceUnavailable, "wait=0"),
            ("504 Gateway Timeout", "", ServiceUnavailable, ""),
        ] {
            let headers: Vec<&str> = [header].into_iter().filter(|header| !header.is_empty()).collect();
            self.scripted(kind, http(status, &headers, ""), &format!("status={} {settings}", &status[..3]));
        }
    }

    fn answers_that_can_not_be_understood(&mut self) {
        use ErrorKind::*;
        for (body, kind) in [
            (&b""[..], EmptyResponse),
            (b"<!DOCTYPE html><title>Sign in to the network</title>", ResponseNotJson),
            (b"{\"code\":200,\"data\":{}", TruncatedResponse),
            (b"{\"code\":200,\"data\":\"\xff\",\"err\":\"\"}", ResponseNotUtf8),
            (b"[]", UnexpectedResponse),
        ] {
            self.scripted(kind, http("200 OK", &[], body), "status=200");
        }
        let large = json("{\"code\":200,\"data\":\"12345678901234567890\",\"err\":\"\"}");
        self.scripted(ResponseTooLarge, large, "status=200 max_response_bytes=10");
        self.scripted(NotHttp, b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec(), "");
        self.scripted(ConnectionLost, Vec::new(), "");
    }

    fn no_answer(&mut self) {
        use ErrorKind::*;
        let (port, address) = support::reserved_port();
        self.add(Connect, &format!("base_url=http://{address}"));
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        self.add(Timeout, &format!("base_url=http://{} timeout=50", silent.local_addr().unwrap()));
        self.servers.push(Box::new((port, silent)));
        // The program itself says that it has no address.
        self.add(Dns, "base_url=https://no-such-host.invalid");
        let proxy = Scripted::answering(repeat_n(http("407 Proxy Authentication Required", &[], ""), CALLS));
        self.add(Proxy, &format!("base_url=https://oauthapp.invalid proxy={} retryable=false", proxy.url));
        self.servers.push(Box::new(proxy));
    }

    fn no_tls(&mut self, directory: &Path) {
        use ErrorKind::{
            CertificateExpired, CertificateNotPinned, CertificateUntrusted, CertificateWrongHost,
            ClientCertificateRejected, ClientCertificateRequired, NotTls, Tls,
        };
        for (kind, answer) in [(NotTls, http("400 Bad Request", &[], "")), (Tls, Vec::new())] {
            let plain = Scripted::answering(repeat_n(answer, CALLS));
            self.add(kind, &format!("base_url={}", plain.url.replace("http://", "https://")));
            self.servers.push(Box::new(plain));
        }

        let (authority, stranger) = (Authority::new("authority"), Authority::new("stranger"));
        let file = |name: &str, text: String| {
            let path = directory.join(name);
            fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let roots = format!("trusted_roots_file={}", file("roots.pem", authority.pem.clone()));
        let identity = stranger.identity("client.example");
        let pem = identity.pem() + &support::authority::pem("PRIVATE KEY", identity.key_der().secret_der());
        let unknown = format!("client_file={}", file("client.pem", pem));
        let mut expired = for_host("localhost");
        (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        let pin = format!("pins={}", stranger.pin);
        let good = || authority.identity("localhost");
        for (kind, identity, clients, settings) in [
            (CertificateUntrusted, stranger.identity("localhost"), None, ""),
            (CertificateWrongHost, authority.identity("other.example"), None, ""),
            (CertificateExpired, authority.sign(&expired), None, ""),
            (CertificateNotPinned, good(), None, pin.as_str()),
            (ClientCertificateRequired, good(), Some(&authority), ""),
            (ClientCertificateRejected, good(), Some(&authority), unknown.as_str()),
        ] {
            let server = Server::start(config(identity, rustls::ALL_VERSIONS, clients), answer_once);
            self.add(kind, &format!("base_url={} {roots} {settings}", server.url));
            self.servers.push(Box::new(server));
        }
    }
}

/// `WrongPassword` is `WRONG_PASSWORD`.
fn c_name(kind: ErrorKind) -> String {
    let mut name = String::new();
    for letter in kind.name().chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// What tests/cpp/answers.cpp gets, in its order: the `data` of each answer.
pub fn odd_answers() -> Vec<Vec<u8>> {
    [
        r#"{"appID":"2","platform":5,"unionID":7,"phone":13800000000,"phoneIsValid":"True","emailIsValid":" false ","id":" 36 ",
            "nickName":true,"avatar":1.50,"userName":12345678901234567890123,
            "createDate":"2023-02-22 16:20:43","lastUpdate":20230223,"new":{"field":"kept"}}"#,
        r#"{"appID":[2],"id":"36a","phoneIsValid":1,"emailIsValid":"no","platform":{},"phone":["1"],"nickName":null,
            "userName":"\u0000","role":"user"}"#,
        r#"{"appID":2.9,"id":9007199254740994.0}"#,
        "{}",
        "\"\"",
        "null",
        "[]",
        "true",
        r#"{"appID":7.0,"name":"Shop","tags":{}}"#,
        "[]",
        r#"{"access_token":"a.b.c"}"#,
        r#"{"access_token":"a.b.c","token_type":null,"expires_in":"1646000000","level":3}"#,
        "\"\"",
        "{}",
        "[\"a.b.c\"]",
        r#"{"access_token":1}"#,
        r#"{"access_token":"a","token_type":1}"#,
        r#"{"access_token":null}"#,
        "123456789012345678901234567890",
        "\"3f\"",
        "null",
        "{}",
        "false",
        "\"true\"",
    ]
    .map(|data| json(&format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}")))
    .into_iter()
    .chain([failure((1 << 32) + 200, "no"), json(""), token("a.b.c"), token("a.b.c"), json("")])
    .collect()
}

/// What tests/cpp/values.cpp gets, more often than it asks: messages that repeat its password and its union id.
pub fn refusals() -> impl Iterator<Item = Vec<u8>> {
    let problem = r#"{"errors":{"Zebra-Quilt-91":["Zebra-Quilt-91",""],"pwd":["Zebra-Quilt-91",
        "a secret that must be gone when its memory is","Not \"a secret that must be gone when its memory is\"!"]}}"#;
    repeat_n(http("400 Bad Request", &["Content-Type: application/problem+json"], problem), 200)
}
