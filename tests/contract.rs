//! Every request and every answer of the API's own document, as they stand there (tests/contract): what leaves the client,
//! and what it makes of what comes.

mod support;

use oauthapp::{
    Client, GetProfile, Json, JsonType, QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp, Request, SignIn,
    SignInKey, SignUp, Token, UnionIdSignIn, UnionIdSignUp, UpdateProfile,
};
use std::fs;
use std::time::{Duration, UNIX_EPOCH};
use support::{Scripted, assert_same, json};

/// A file of tests/contract.
fn document(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/contract/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The document's requests are laid out for people; on the wire there is no space between the tokens.
fn compact(text: &str) -> String {
    let mut in_string = false;
    text.chars()
        .filter(|character| {
            in_string ^= *character == '"';
            in_string || !character.is_whitespace()
        })
        .collect()
}

fn client(server: &Scripted) -> Client {
    Client::builder(2).base_url(&server.url).build().unwrap()
}

/// Makes a call in both forms against the document's answer, and checks both requests against the document's.
fn exchange<R: Request>(name: &str, request_line: &str, token: Option<&str>, request: &R) -> (R::Response, Json) {
    let answer = document(&format!("{name}.response"));
    let server = Scripted::answering([json(&answer), json(&answer)]);
    let typed = client(&server).call(request).unwrap();
    let raw = client(&server).call_raw(request).unwrap();
    for _ in 0..2 {
        let sent = server.received();
        assert_eq!(sent.request_line, request_line);
        assert_eq!(sent.header("host"), [server.url.trim_start_matches("http://")]);
        assert_eq!(sent.header("accept"), ["application/json"]);
        assert_eq!(sent.header("user-agent"), [concat!("liboauthapp/", env!("CARGO_PKG_VERSION"))]);
        let authorization = token.map(|token| format!("Bearer {token}")).unwrap_or_default();
        assert_same("authorization", &sent.header("authorization").concat(), &authorization);
        assert_eq!(sent.header("transfer-encoding"), [""; 0]);
        if request_line.starts_with("GET") {
            assert_eq!(sent.header("content-type"), [""; 0]);
            assert_eq!(sent.body, "");
        } else {
            assert_eq!(sent.header("content-type"), ["application/json"]);
            assert_same(name, &sent.body, &compact(&document(&format!("{name}.request"))));
        }
    }
    // The raw form is the very text of the answer's `data`.
    let data = answer.split_once("\"data\":").unwrap().1.trim_start();
    assert!(data.starts_with(raw.as_str()), "{name}");
    (typed, raw)
}

/// What the document says of each token it shows.
struct Expected {
    jti: &'static str,
    nameid: &'static str,
    unique_name: &'static str,
    picture: &'static str,
    email: &'static str,
    mobile: &'static str,
    unionid: &'static str,
    platform: &'static str,
    grant_type: &'static str,
    given_name: &'static str,
    iat: i64,
}

fn check(token: &Token, raw: &Json, expected: &Expected) {
    assert_eq!(token.token_type.as_deref(), Some("Bearer"));
    assert_eq!(token.expires_in, Some(86_400));
    let access_token = raw.get("/access_token").unwrap().to_text().unwrap();
    assert_same("access_token", &access_token, token.access_token.expose());
    let claims = token.claims().unwrap();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(claims.jti, text(expected.jti));
    assert_eq!(claims.tenant_id, text("4"));
    assert_eq!(claims.tenant_name, text("www.oauthapp.com"));
    assert_eq!(claims.appid, text("2"));
    assert_eq!(claims.nameid, text(expected.nameid));
    assert_same("unique_name", claims.unique_name.unwrap().expose(), expected.unique_name);
    assert_eq!(claims.role, text(""));
    assert_eq!(claims.picture, text(expected.picture));
    assert_eq!(claims.email, text(expected.email));
    assert_eq!(claims.mobile, text(expected.mobile));
    assert_same("unionid", claims.unionid.unwrap().expose(), expected.unionid);
    assert_eq!(claims.platform, text(expected.platform));
    assert_eq!(claims.grant_type, text(expected.grant_type));
    assert_eq!(claims.given_name, text(expected.given_name));
    assert_eq!(claims.groupsid, text("app"));
    assert_eq!(claims.permission, text(""));
    assert_eq!(claims.iss, text("https://www.oauthapp.com/"));
    assert_eq!(claims.aud, text("https://www.oauthapp.com/"));
    assert_eq!((claims.nbf, claims.iat), (Some(expected.iat), Some(expected.iat)));
    assert_eq!(claims.exp, Some(expected.iat + 86_400));
    let expiry = UNIX_EPOCH + Duration::from_secs(u64::try_from(expected.iat).unwrap() + 86_400);
    assert_eq!(token.expires_at(UNIX_EPOCH), Some(expiry));
}

#[test]
fn union_id_sign_in() {
    let request = UnionIdSignIn::new("web", "123456");
    let (token, raw) = exchange("union_id_sign_in", "POST /api/AppUsers/2/UnionIDSignIn HTTP/1.1", None, &request);
    check(
        &token,
        &raw,
        &Expected {
            jti: "638126749198830413",
            nameid: "36",
            unique_name: "6ad18bae3408d4d1b655b5c15922ffad",
            picture: "",
            email: "",
            mobile: "",
            unionid: "6ad18bae3408d4d1b655b5c15922ffad",
            platform: "web",
            grant_type: "unionid",
            given_name: "",
            iat: 1_677_049_319,
        },
    );
}

#[test]
fn union_id_sign_up() {
    let request = UnionIdSignUp::new()
        .platform("web")
        .pwd("123456")
        .union_id("laborumUt")
        .avatar("")
        .nick_name("utreprehenderit")
        .email("laborumUt@test.com")
        .phone("111111111")
        .user_name("Duis")
        .data("")
        .email_is_valid(false)
        .phone_is_valid(false);
    let (token, raw) = exchange("union_id_sign_up", "POST /api/AppUsers/2/UnionIDSignUp HTTP/1.1", None, &request);
    check(
        &token,
        &raw,
        &Expected {
            jti: "638126750469132385",
            nameid: "37",
            unique_name: "Duis",
            picture: "",
            email: "laborumUt@test.com",
            mobile: "111111111",
            unionid: "laborumUt",
            platform: "web",
            grant_type: "unionid",
            given_name: "utreprehenderit",
            iat: 1_677_049_446,
        },
    );
}

const WWWW: Expected = Expected {
    jti: "638126760474802972",
    nameid: "38",
    unique_name: "wwww",
    picture: "",
    email: "wwww@test.com",
    mobile: "111111111",
    unionid: "",
    platform: "web",
    grant_type: "account",
    given_name: "wwww",
    iat: 1_677_050_447,
};

#[test]
fn sign_in() {
    let request = SignIn::new("wwww", "123456");
    let (token, raw) = exchange("sign_in", "POST /api/AppUsers/2/SignIn HTTP/1.1", None, &request);
    check(&token, &raw, &WWWW);
}

#[test]
fn sign_up() {
    let request = SignUp::new()
        .nick_name("wwww")
        .platform("web")
        .pwd("123456")
        .user_name("wwww")
        .email("wwww@test.com")
        .phone("111111111")
        .avatar("")
        .data("");
    let (token, raw) = exchange("sign_up", "POST /api/AppUsers/2/SignUp HTTP/1.1", None, &request);
    check(&token, &raw, &Expected { jti: "638126757376795176", iat: 1_677_050_137, ..WWWW });
}

#[test]
fn qr_code_pre_sign_in() {
    let request = QrCodePreSignIn::new().scopes("laboris").remark("ad amet laboris").scheme("app");
    let line = "POST /api/AppUsers/2/QRCodePreSignIn HTTP/1.1";
    let (key, raw) = exchange("qr_code_pre_sign_in", line, None, &request);
    assert!(key == SignInKey::from_number(19));
    assert_same("data", raw.as_str(), "19");
}

#[test]
fn qr_code_sign_in() {
    let request = QrCodeSignIn::new(&SignInKey::from_number(19));
    let (token, raw) = exchange("qr_code_sign_in", "POST /api/AppUsers/2/QRCodeSignIn HTTP/1.1", None, &request);
    check(
        &token,
        &raw,
        &Expected {
            jti: "638126791326012351",
            nameid: "2",
            unique_name: "oKOsq40U1rMJ0CruOArCbEf8aJA8",
            picture: "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwib\
                      cPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132",
            email: "",
            mobile: "",
            unionid: "oKOsq40U1rMJ0CruOArCbEf8aJA8",
            platform: "wxminip",
            grant_type: "unionid",
            given_name: "微信用户",
            iat: 1_677_053_532,
        },
    );
}

#[test]
fn qr_code_scan() {
    let request = QrCodeScan::new(&SignInKey::from_number(20));
    let (application, raw) = exchange("qr_code_scan", "POST /api/AppUsers/2/QRCodeScan HTTP/1.1", None, &request);
    assert_eq!(application.app_id, Some(2));
    assert_eq!(application.name.as_deref(), Some("开发文档"));
    assert_eq!(application.logo.as_deref(), Some("https://blob.oauthapp.com/4/tenant/2/API.png"));
    assert_eq!(application.website.as_deref(), Some("https://web.oauthapp.com/4/docs"));
    assert_eq!((application.description, application.tags), (None, None));
    assert_eq!(application.scopes.as_deref(), Some("openid profile role promission"));
    assert_eq!(application.remark.as_deref(), Some("test"));
    assert_eq!(application.scheme.as_deref(), Some("app"));
    assert_eq!(raw.get("/tags").unwrap().json_type(), JsonType::Null);
}

#[test]
fn qr_code_sign_up() {
    let request = QrCodeSignUp::new(&SignInKey::from_text(""))
        .union_id("")
        .avatar("")
        .platform("wxminip")
        .nick_name("")
        .user_name("")
        .phone("")
        .phone_is_valid(false)
        .email("")
        .email_is_valid(false);
    let (token, raw) = exchange("qr_code_sign_up", "POST /api/AppUsers/2/QRCodeSignUp HTTP/1.1", None, &request);
    check(
        &token,
        &raw,
        &Expected {
            jti: "638126796431738211",
            nameid: "39",
            unique_name: "euadipi",
            picture: "avatar.jpg",
            email: "euadipi@wxminip.com",
            mobile: "1111111111",
            unionid: "euadipi",
            platform: "wxminip",
            grant_type: "unionid",
            given_name: "wwww",
            iat: 1_677_054_043,
        },
    );
}

#[test]
fn get_profile() {
    let request = GetProfile::new().access_token("a.b.c");
    let (profile, raw) = exchange("get_profile", "GET /api/AppUsers/2/Profile HTTP/1.1", Some("a.b.c"), &request);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(profile.app_id, Some(2));
    assert_eq!(profile.platform, text("wxminip"));
    assert_same("unionID", profile.union_id.unwrap().expose(), "euadipi");
    assert_eq!(profile.phone, text("1111111111"));
    assert_eq!(profile.create_date, text("2023-02-22 16:20:43"));
    assert_eq!(profile.user_name, text("euadipi"));
    assert_eq!(profile.phone_is_valid, Some(true));
    assert_eq!(profile.data, None);
    assert_eq!(profile.email, text("euadipi@wxminip.com"));
    assert_eq!(profile.email_is_valid, Some(false));
    assert_eq!(profile.last_update, text("2023-02-22 16:20:43"));
    assert_eq!(profile.nick_name, text("wwww"));
    assert_eq!(profile.id, Some(39));
    assert_eq!(profile.avatar, text("avatar.jpg"));
    assert_eq!(profile.role, text("user"));
    assert_eq!(raw.get("/data").unwrap().json_type(), JsonType::Null);
}

#[test]
fn update_profile() {
    let request = UpdateProfile::new().access_token("a.b.c").avatar("avatar.png").data("自定义数据").nick_name("wwww");
    let line = "PUT /api/AppUsers/2/Profile HTTP/1.1";
    let (updated, raw) = exchange("update_profile", line, Some("a.b.c"), &request);
    assert!(updated);
    assert_eq!(raw.as_str(), "true");
}

#[test]
fn fields_that_are_not_given_are_not_sent() {
    let answer = document("sign_up.response");
    let server =
        Scripted::answering([json(&answer), json(&answer), json(&answer), json("{\"code\":200,\"data\":true}")]);
    let client = client(&server);
    client.sign_up(&SignUp::new()).unwrap();
    client.union_id_sign_up(&UnionIdSignUp::new().email_is_valid(true)).unwrap();
    client.qr_code_sign_up(&QrCodeSignUp::new(&SignInKey::from_number(1))).unwrap();
    client.update_profile(&UpdateProfile::new().access_token("t").nick_name("n")).unwrap();
    let sent: Vec<String> = (0..4).map(|_| server.received().body).collect();
    assert_eq!(sent, ["{}", "{\"emailIsValid\":true}", "{\"signInKey\":1}", "{\"nickName\":\"n\"}"]);
}

#[test]
fn a_key_goes_back_as_it_came_whatever_its_type() {
    for key in ["19", "\"0123456789abcdef0123456789abcdef\"", "18446744073709551616", "\"19\""] {
        let token = document("sign_in.response");
        let server = Scripted::answering([
            json(&format!("{{\"code\":200,\"data\":{key},\"err\":\"\"}}")),
            json(&token),
            json(&document("qr_code_scan.response")),
            json(&token),
        ]);
        let client = client(&server);
        let received = client.qr_code_pre_sign_in(&QrCodePreSignIn::new()).unwrap();
        client.qr_code_sign_in(&QrCodeSignIn::new(&received)).unwrap();
        client.qr_code_scan(&QrCodeScan::new(&received)).unwrap();
        client.qr_code_sign_up(&QrCodeSignUp::new(&received)).unwrap();
        assert_eq!(server.received().body, "{}");
        for _ in 0..3 {
            assert_same("key", &server.received().body, &format!("{{\"signInKey\":{key}}}"));
        }
    }
}

#[test]
fn unknown_fields_and_big_numbers_are_kept_in_the_raw_form_and_do_no_harm_in_the_typed_one() {
    let data = "{ \"id\": \"39\", \"appID\": null, \"new\": {\"n\": 12345678901234567890.10, \"m\": 1e400},\n \"昵称\": \"a\\u0000b\" }";
    let body = format!("{{\"code\":200,\"extra\":[1],\"data\":{data},\"err\":null}}");
    let server = Scripted::answering([json(&body), json(&body)]);
    let request = GetProfile::new().access_token("t");
    let profile = client(&server).get_profile(&request).unwrap();
    assert_eq!((profile.id, profile.app_id, profile.nick_name), (Some(39), None, None));
    let raw = client(&server).call_raw(&request).unwrap();
    assert_eq!(raw.as_str(), data);
    assert_eq!(raw.get("/new/n").unwrap().as_json(), "12345678901234567890.10");
}

#[test]
fn a_byte_order_mark_before_the_answer_is_no_hindrance() {
    let server = Scripted::answering([json("\u{feff}{\"code\":200,\"data\":true,\"err\":\"\"}")]);
    let raw = client(&server).call_raw(&UpdateProfile::new().access_token("t")).unwrap();
    assert_eq!(raw.as_str(), "true");
}

#[test]
fn the_scan_answer_of_2022_lacks_fields() {
    let server = Scripted::answering([json("{\"code\":200,\"data\":{\"appID\":2,\"name\":\"a\"},\"err\":\"\"}")]);
    let application = client(&server).qr_code_scan(&QrCodeScan::new(&SignInKey::from_text("k"))).unwrap();
    assert_eq!((application.app_id, application.scopes), (Some(2), None));
}
