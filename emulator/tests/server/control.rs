//! The page, and the control API behind its buttons.

use std::time::Duration;

use oauthapp_emulator::Emulator;
use serde_json::json;

use crate::client::{Client, start, with};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn key(client: &Client) -> i64 {
    client.user_call("QRCodePreSignIn", json!({"remark": "r"})).data().as_i64().unwrap()
}

#[test]
fn the_page_is_one_file_that_runs_no_script_but_its_own() {
    let client = start();
    let page = client.get("/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    for rule in ["default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'", "connect-src 'self'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!page.text().contains("http://") && !page.text().contains("https://"), "nothing from elsewhere");
    assert_eq!(client.send("HEAD", "/", &[], "").status, 200);
}

#[test]
fn the_buttons_play_the_phone() {
    let client = start();
    let key = key(&client);
    let poll = || client.user_call("QRCodeSignIn", json!({"signInKey": key}));
    let press = |action: &str, body| client.post(&format!("/emulator/{action}"), body);

    assert_eq!(press("scan", json!({"key": key.to_string()})).json(), json!({"ok": true}));
    assert_eq!(poll().err(), "登陆中...");
    assert_eq!(press("confirm", json!({"key": key, "unionID": "u", "nickName": "n"})).status, 200);
    assert_eq!(json!([poll().claims()["unionid"], poll().claims()["given_name"]]), json!(["u", "n"]));
    assert_eq!(press("expire", json!({"key": key})).status, 200);
    assert_eq!(poll().err(), "二维码失效请刷新");

    let again = press("scan", json!({"key": key}));
    assert_eq!((again.status, &again.json()["error"]), (409, &"二维码已失效，请刷新重试".into()));
}

#[test]
fn the_other_buttons() {
    let client = start();
    let token = client.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).token();
    let press = |action: &str, body| client.post(&format!("/emulator/{action}"), body).status;
    assert_eq!(press("application", json!({"id": 7, "name": "Shop", "miniProgram": false})), 200);
    assert_eq!(client.post("/api/AppUsers/7/QRCodePreSignIn", json!({})).err(), "应用未配置小程序参数");
    assert_eq!(press("delete-user", json!({"id": 1})), 200);
    assert_eq!(press("delete-user", json!({"id": 1})), 409);
    assert_eq!(client.profile(&token).err(), "不存在的用户");
    assert_eq!(press("advance-clock", json!({"seconds": 86_400})), 200);
    assert_eq!(client.profile(&token).status, 401);

    assert_eq!(press("scan", json!({})), 400);
    assert_eq!(press("advance-clock", json!({"seconds": -1})), 400);
    assert_eq!(press("explode", json!({})), 404);
    assert_eq!(client.get("/emulator/scan").status, 405);
    assert_eq!(client.send("POST", "/emulator/scan", &[JSON], "{").status, 400);
}

#[test]
fn the_state_has_all_that_is_shown_and_no_secret_of_a_user() {
    let client = start();
    let token = client.user_call("SignUp", json!({"userName": "<script>", "pwd": "secret-password"})).token();
    client.user_call("SendSMSCode", json!({"phone": "138", "type": "signup"})).data();
    let key = key(&client);
    client.emulator.advance_clock(Duration::from_secs(60));

    let answer = client.get("/emulator/state");
    let state = answer.json();
    assert_eq!(state["applications"][0]["name"], "开发文档");
    assert_eq!(state["users"][0]["userName"], "<script>");
    assert_eq!(json!([state["keys"][0]["key"], state["keys"][0]["state"]]), json!([key.to_string(), "PreSignIn"]));
    assert_eq!(state["codes"][0]["code"].as_str(), client.emulator.code_sent_to("138").as_deref());
    assert_eq!(state["clockAdvancedBy"], 60);
    assert!(!answer.text().contains("secret-password") && !answer.text().contains(&token));

    assert_eq!(client.get(&format!("/emulator/picture?key={key}")).header("content-type"), Some("image/png"));
    assert_eq!(client.get("/emulator/picture?key=1").status, 404);
}

#[test]
fn other_sites_are_kept_out() {
    let client = start();
    let body = json!({"key": key(&client)}).to_string();
    let port = client.emulator.address().port();
    let scan = |headers: &[(&str, &str)]| client.send("POST", "/emulator/scan", headers, body.clone());

    // A foreign name that was pointed at this machine.
    for host in ["evil.example", "127.0.0.1.evil.example", "192.0.2.1", "localhost.evil.example:80", ""] {
        assert_eq!(scan(&[JSON, ("Host", host)]).status, 403, "{host}");
        assert_eq!(client.send("GET", "/emulator/state", &[("Host", host)], "").status, 403, "{host}");
    }
    // A foreign page that posts what it can post without asking.
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        assert_eq!(scan(&[("Content-Type", kind)]).status, 415, "{kind}");
    }
    // A foreign page that asks, or does not.
    let ends_like_it = format!("http://evil-{}", client.emulator.address());
    for origin in ["https://evil.example", "null", "http://localhost:1", &ends_like_it] {
        let answer = scan(&[JSON, ("Origin", origin)]);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None), "{origin}");
        let asked = [("Origin", origin), ("Access-Control-Request-Method", "POST")];
        let answer = client.send("OPTIONS", "/emulator/scan", &asked, "");
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (403, None));
    }
    assert_eq!(client.emulator.qr_codes()[0].state, oauthapp_emulator::QrState::PreSignIn);

    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), "LOCALHOST".into(), format!("[::1]:{port}")]
    {
        let origin = format!("http://{host}");
        assert_eq!(scan(&[JSON, ("Host", &host), ("Origin", &origin)]).status, 200, "{host}");
    }
}

#[test]
fn the_name_that_it_was_bound_to_is_its_own() {
    let client = with(Emulator::builder().host("localhost"));
    assert_eq!(client.send("GET", "/emulator/state", &[("Host", "localhost")], "").status, 200);
}
