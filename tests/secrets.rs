//! Secrets leave nothing behind: not in memory once their strings are freed and the client is gone, not in an error, not in
//! the log. Known values go through every call and every failure, and are looked for everywhere.
#![cfg(target_os = "linux")]

#[path = "capi/artifacts.rs"]
mod artifacts;
#[path = "secrets/canary.rs"]
mod canary;
#[path = "capi/compile.rs"]
mod compile;
#[path = "secrets/memory.rs"]
mod memory;
#[path = "capi/program.rs"]
mod program;
#[path = "capi/sanitizer.rs"]
mod sanitizer;
#[path = "secrets/server.rs"]
mod server;
mod support;
#[path = "tls/server.rs"]
#[allow(dead_code, reason = "it is for the tests of TLS")]
mod tls_server;

use artifacts::scratch;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use canary::{Canaries, random};
use compile::{Link, compile};
use oauthapp::{
    Client, ClientCertificate, ErrorKind, GetProfile, QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp, Request,
    SignIn, SignInKey, SignUp, UnionIdSignIn, UnionIdSignUp, UpdateProfile,
};
use program::{Said, follow};
use server::{Behaviour, Echo, Server};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use support::authority::Authority;
use support::{failure, http, json};

/// The values, and what the program gets of them.
struct Secrets {
    echo: Echo,
    /// `user:password`
    proxy_user: String,
    authority: Authority,
    certificate: String,
    key: String,
    canaries: Canaries,
}

impl Secrets {
    fn new() -> Self {
        // What JSON and URLs escape stands in the middle; both sides of it are looked for.
        let secret = || format!("{}\"\\/ ☃{}", random(20), random(20));
        let (password, union_id, key) = (secret(), secret(), random(32));
        let claims = [random(20), random(20)];
        let encoded =
            URL_SAFE_NO_PAD.encode(format!("{{\"unionid\":\"{}\",\"unique_name\":\"{}\"}}", claims[0], claims[1]));
        let token = format!("{}.{encoded}.{}", random(20), random(43));
        let proxy_user = format!("{}:{}", random(20), random(20));
        let authority = Authority::new("Secrets");
        let client = authority.identity("client");
        let key_der = client.key.serialize_der();
        // What of the key is secret, and the part of the PEM text that holds nothing else.
        let (scalar, in_pem) = (&key_der[36..68], &STANDARD.encode(&key_der)[48..88]);
        let canaries = Canaries::default()
            .text("password", &password)
            .text("union id", &union_id)
            .text("sign-in key", &key)
            .text("token", &token)
            .text("token", &claims[0])
            .text("token", &claims[1])
            .text("proxy's user and password", &proxy_user)
            .text("client key", in_pem)
            .number("client key", scalar);
        Secrets {
            echo: Echo { password, token, union_id, key },
            proxy_user,
            authority,
            certificate: client.pem(),
            key: client.key.serialize_pem(),
            canaries,
        }
    }

    /// Writes the file that the program reads them from.
    fn write(&self, file: &Path, proxy: &str) {
        let Echo { password, token, union_id, key } = &self.echo;
        let strings = [password, union_id, key, token, proxy, &self.certificate, &self.key, password];
        let mut bytes = strings.map(|text| format!("{text}\0")).concat().into_bytes();
        // The last one is not UTF-8.
        bytes.splice(bytes.len() - 1.., *b"\xff\0");
        fs::write(file, bytes).unwrap();
    }
}

/// As it stands in a JSON string.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

// ---- What the server does ----

fn data(operation: &str, echo: &Echo) -> Vec<u8> {
    let Echo { token, union_id, key, .. } = echo;
    let union_id = escaped(union_id);
    let data = match operation {
        "QRCodePreSignIn" => format!("\"{key}\""),
        "QRCodeScan" => "{\"appID\":2,\"unionID\":null}".to_owned(),
        "Profile" => format!("{{\"unionID\":\"{union_id}\",\"userName\":\"wwww\"}}"),
        _ => format!("{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":86400}}"),
    };
    json(&format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}"))
}

type Round = (&'static str, Behaviour);

fn answers() -> Round {
    ("answers", Behaviour::Answer(Arc::new(data)))
}

/// A round in which every request is answered like this, out of the secrets that it carries, with JSON's escapes.
fn all(name: &'static str, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Round {
    (name, Behaviour::Last(Arc::new(move |operation, echo| answer(&escaped(&echo.of(operation))))))
}

/// `{}` stands for the secrets.
fn status(line: &'static str, headers: &'static [&'static str]) -> Round {
    all(line, move |secrets| {
        let headers: Vec<String> = headers.iter().map(|header| header.replace("{}", secrets)).collect();
        http(line, &headers.iter().map(String::as_str).collect::<Vec<_>>(), secrets)
    })
}

/// A server that fails in every way, and repeats what it was sent whenever it can.
fn failures() -> Vec<Round> {
    const BEARER: &str = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"{}\"";
    const EXPIRED: &str =
        "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token expired {}\"";
    let problem = |secrets: &str| {
        let fields = format!("{{\"title\":\"{secrets}\",\"errors\":{{\"{secrets}\":[\"{secrets}\"]}}}}");
        http("400 Bad Request", &["Content-Type: application/problem+json"], fields)
    };
    let mut rounds = vec![
        answers(),
        all("a refusal", |secrets| failure(500, secrets)),
        all("problem+json", problem),
        status("400 Bad Request", &[]),
        status("401 Unauthorized", &[]),
        status("401 Rejected", &[BEARER]),
        status("401 Expired", &[EXPIRED]),
        status("302 Found", &["Location: https://elsewhere.example/{}"]),
        all("not HTTP", |secrets| secrets.as_bytes().to_vec()),
        all("empty", |_| http("200 OK", &[], "")),
        all("truncated", |secrets| format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{secrets}").into_bytes()),
        all("too large", |secrets| http("200 OK", &[], secrets.repeat(1000))),
        all("not UTF-8", |secrets| http("200 OK", &[], [secrets.as_bytes(), b"\xff"].concat())),
        all("a page", |secrets| http("200 OK", &["Content-Type: text/html"], format!("<html>{secrets}"))),
        all("no data", |secrets| json(&format!("{{\"code\":200,\"err\":\"{secrets}\"}}"))),
        all("an array", |secrets| json(&format!("[200,\"{secrets}\"]"))),
        ("nothing", Behaviour::Nothing),
    ];
    for line in
        ["403 {}", "404 {}", "405 {}", "407 {}", "413 {}", "415 {}", "418 {}", "429 {}", "500 {}", "503 {}", "511 {}"]
    {
        rounds.push(all(line, move |secrets| http(&line.replace("{}", secrets), &["X-Echo: {}"], secrets)));
    }
    for message in [
        "不存在的应用",
        "用户不存在",
        "密码错误",
        "账号已存在",
        "请扫码",
        "登陆中...",
        "二维码失效请刷新",
        "应用未配置小程序参数",
        "不存在的用户",
    ] {
        rounds.push(all(message, move |_| failure(500, message)));
    }
    rounds
}

// ---- The program, and the look into its memory ----

struct Run<'a> {
    name: &'a str,
    secrets: &'a Secrets,
    /// Whether the client speaks TLS, and the server does.
    https: (bool, bool),
    /// `http://`, `socks5://` or nothing.
    proxy: &'a str,
    /// Whom the client trusts.
    authority: &'a Authority,
    timeout_ms: u32,
}

impl<'a> Run<'a> {
    fn new(name: &'a str, secrets: &'a Secrets, https: bool) -> Self {
        let authority = &secrets.authority;
        Run { name, secrets, https: (https, https), proxy: "", authority, timeout_ms: 30_000 }
    }

    /// Has the program make all of the calls in all of these rounds, and looks for the secrets in all that it says, and in
    /// its memory. Gives the kinds of failures that there were.
    fn rounds(&self, rounds: &[Round]) -> BTreeSet<String> {
        let directory = scratch(&format!("secrets-{}", self.name));
        let program = compile("secrets", Link::Shared, &directory);
        let config = self.https.1.then(|| server::config(&self.secrets.authority));
        let server = Server::start(config, &self.secrets.echo);
        let file = directory.join("canaries");
        let proxy = match self.proxy {
            "" => String::new(),
            scheme => format!("{scheme}{}@{}", self.secrets.proxy_user, server.address),
        };
        self.secrets.write(&file, &proxy);
        let scheme = if self.https.0 { "https" } else { "http" };
        let mut command = Command::new(&program);
        // A function that is bound at its first call gets the registers put on the stack, with what the program's own strlen
        // has just read of the file.
        command.env("LD_BIND_NOW", "1");
        command.arg(format!("{scheme}://{}", server.address)).arg(&file);
        command.args([rounds.len().to_string(), self.timeout_ms.to_string()]);
        if self.https.0 {
            let roots = directory.join("roots.pem");
            fs::write(&roots, &self.authority.pem).unwrap();
            command.arg(roots);
        }
        // Then secrets in the wrong places, and panics.
        let further = [("misplaced", answers().1), ("panics", answers().1)];
        let mut rounds = rounds.iter().chain(&further);
        let (mut round, mut kinds) = ("", BTreeSet::new());
        follow(&mut command, |said| match said {
            Said::Ask("begin a round", _) => {
                let (name, behaviour) = rounds.next().unwrap();
                server.behave(behaviour);
                round = name;
            }
            // The proxy, the certificate and a session are the client's to keep. And as long as a connection is open, the TLS
            // library has the last answer on it in its buffer, the profile's union id.
            Said::Ask("search beside the client", process) => {
                let kept = ["proxy's user and password", "client key", "token"];
                let of_tls = ["union id"].iter().filter(|_| self.https.0);
                let kept: Vec<_> = kept.iter().chain(of_tls).collect();
                let found = memory::search(process, &self.secrets.canaries);
                let found: Vec<_> = found.iter().filter(|found| !kept.contains(&&found.secret)).collect();
                assert!(found.is_empty(), "{}, {round}, beside the client: {found:?}", self.name);
            }
            Said::Ask(_, process) => {
                let found = memory::search(process, &self.secrets.canaries);
                assert!(found.is_empty(), "{}, {round}: {found:?}", self.name);
            }
            Said::Check(line) => {
                let shown = self.secrets.canaries.find(line.as_bytes()).next();
                assert!(shown.is_none(), "{}, {round}: a line shows the {}", self.name, shown.unwrap().1);
                let kind = line.split_once(" gives ").and_then(|(_, rest)| rest.split_once(':'));
                kinds.extend(kind.map(|(kind, _)| kind.to_owned()));
            }
        });
        assert!(rounds.next().is_none());
        kinds
    }
}

#[test]
fn what_is_left_in_memory_is_found_in_every_form() {
    let secrets = Secrets::new();
    let directory = scratch("secrets-left");
    let program = compile("secrets", Link::Shared, &directory);
    let file = directory.join("canaries");
    secrets.write(&file, "");
    for form in ["plain", "percent-encoded", "JSON-escaped", "base64"] {
        let mut looked = false;
        follow(Command::new(&program).arg("-").arg(&file).arg(form), |said| {
            if let Said::Ask(_, process) = said {
                let found = memory::search(process, &secrets.canaries);
                assert!(found.iter().any(|found| found.secret == "password" && found.region == "[heap]"), "{form}");
                looked = true;
            }
        });
        assert!(looked);
    }
}

#[test]
fn nothing_stays_in_memory_after_the_ten_calls() {
    let secrets = Secrets::new();
    for https in [false, true] {
        let kinds = Run::new(if https { "https" } else { "http" }, &secrets, https).rounds(&[answers()]);
        // The calls went well, and the panics did happen.
        assert!(kinds.contains("OAUTHAPP_OK") && kinds.contains("OAUTHAPP_ERROR_INTERNAL"), "{kinds:?}");
    }
}

/// Those that need what these programs don't have; before most of them nothing secret is sent.
const NOT_PROVOKED: &[ErrorKind] = &[
    // A name server.
    ErrorKind::Dns,
    // Certificates with other faults: tests/tls.
    ErrorKind::CertificateWrongHost,
    ErrorKind::CertificateExpired,
    ErrorKind::CertificateRevoked,
    ErrorKind::CertificateNotPinned,
    ErrorKind::ClientCertificateRequired,
    ErrorKind::ClientCertificateRejected,
    ErrorKind::VerificationRequired,
    ErrorKind::InsecureBaseUrl,
    // tests/torture.rs.
    ErrorKind::Connect,
    ErrorKind::Tls,
    ErrorKind::OutOfMemory,
];

// ---- What Rust shows ----

/// Everything that a program can print of a call and of what comes of it.
fn shown<R: Request + Debug>(client: &Client, request: &R) -> String
where
    R::Response: Debug,
{
    let answer = client.call(request);
    let failure = answer.as_ref().err().map(ToString::to_string);
    let raw = client.call_raw(request);
    let part = raw.as_ref().ok().and_then(|raw| raw.get("").ok());
    format!("{request:?} {request:#?} {answer:?} {answer:#?} {failure:?} {raw:?} {raw:#?} {part:?}")
}

#[test]
fn nothing_that_rust_prints_shows_a_secret() {
    let secrets = Secrets::new();
    let Echo { password, token, union_id, key } = &secrets.echo;
    let server = Server::start(None, &secrets.echo);
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let log = Arc::clone(&lines);
    let builder = Client::builder(2)
        .base_url(format!("http://{}", server.address))
        .allow_plain_http(true)
        .proxy(format!("http://{}@{}", secrets.proxy_user, server.address))
        .max_retries(0)
        .keep_session(true)
        .settle_sign_ups(false)
        .log(move |_, _, message| log.lock().unwrap().push(message.to_owned()));
    let builder_shown = format!("{builder:?} {builder:#?}");
    let client = builder.build().unwrap();
    let certificate = ClientCertificate::from_pem(secrets.certificate.as_bytes(), secrets.key.as_bytes()).unwrap();
    let sign_in_key = SignInKey::from_text(key);
    let mut all = vec![builder_shown, format!("{client:?} {certificate:?} {sign_in_key:?} {sign_in_key:#?}")];
    let claims = oauthapp::Claims::read(token).unwrap();
    all.push(format!("{claims:?} {:?}", oauthapp::Secret::new(password.as_str())));
    for (_, behaviour) in failures() {
        server.behave(&behaviour);
        all.extend([
            shown(&client, &SignIn::new("wwww", password)),
            shown(&client, &SignUp::new().user_name("wwww").pwd(password)),
            shown(&client, &UnionIdSignIn::new("web", union_id)),
            shown(&client, &UnionIdSignUp::new().platform("web").union_id(union_id).pwd(password)),
            shown(&client, &QrCodePreSignIn::new()),
            shown(&client, &QrCodeSignIn::new(&sign_in_key)),
            shown(&client, &QrCodeScan::new(&sign_in_key)),
            shown(&client, &QrCodeSignUp::new(&sign_in_key).union_id(union_id)),
            shown(&client, &GetProfile::new().access_token(token)),
            shown(&client, &UpdateProfile::new().access_token(token).nick_name("nick")),
        ]);
    }
    all.append(&mut lines.lock().unwrap());
    assert!(all.len() > 600, "each call was told of: {}", all.len());
    for text in &all {
        let shown = secrets.canaries.find(text.as_bytes()).next();
        assert!(shown.is_none(), "the {} is shown", shown.unwrap().1);
    }
}

#[test]
#[ignore = "takes a minute; .ci/run runs it"]
fn nothing_stays_in_memory_or_is_told_after_any_failure() {
    let secrets = Secrets::new();
    let mut kinds = thread::scope(|scope| {
        let schemes = [false, true].map(|https| {
            let secrets = &secrets;
            scope.spawn(move || fail_in_every_way(secrets, https))
        });
        schemes.into_iter().flat_map(|kinds| kinds.join().unwrap()).collect::<BTreeSet<_>>()
    });
    let stranger = Authority::new("Stranger");
    let distrustful = Run { authority: &stranger, ..Run::new("distrustful", &secrets, true) };
    kinds.append(&mut distrustful.rounds(&[answers()]));
    let without_tls = Run { https: (true, false), ..Run::new("without-tls", &secrets, true) };
    kinds.append(&mut without_tls.rounds(&[answers()]));

    let name = |kind: &ErrorKind| format!("OAUTHAPP_ERROR_{}", screaming(kind.name()));
    let missing: Vec<_> =
        ErrorKind::ALL.iter().filter(|kind| !NOT_PROVOKED.contains(kind) && !kinds.contains(&name(kind))).collect();
    assert!(missing.is_empty(), "not provoked: {missing:?}");
}

fn fail_in_every_way(secrets: &Secrets, https: bool) -> BTreeSet<String> {
    let name = |what: &str| format!("{what}-{}", if https { "https" } else { "http" });
    let mut kinds = Run::new(&name("failures"), secrets, https).rounds(&failures());
    let name_of_silence = name("silence");
    let silence = Run { timeout_ms: 50, ..Run::new(&name_of_silence, secrets, https) };
    kinds.append(&mut silence.rounds(&[("silence", Behaviour::Silence)]));
    for proxy in ["http", "socks5", "socks5h"] {
        let (scheme, name) = (format!("{proxy}://"), name(proxy));
        let run = Run { proxy: &scheme, ..Run::new(&name, secrets, https) };
        kinds.append(&mut run.rounds(&[answers(), ("no way", Behaviour::NoWay), ("nothing", Behaviour::Nothing)]));
    }
    kinds
}

/// `WrongPassword` as `WRONG_PASSWORD`.
fn screaming(name: &str) -> String {
    name.char_indices().fold(String::new(), |mut text, (at, character)| {
        if at > 0 && character.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(character.to_ascii_uppercase());
        text
    })
}
