use serde_json::json;

use crate::client::{Answer, start};

const ORIGIN: (&str, &str) = ("Origin", "https://shop.example");

fn lets_in(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN.1));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(answer.header("vary"), Some("Origin"));
}

#[test]
fn a_preflight_is_granted() {
    let client = start();
    let asked = [
        ORIGIN,
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "authorization,content-type"),
    ];
    let answer = client.send("OPTIONS", "/api/AppUsers/2/Profile", &asked, "");
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    lets_in(&answer);
    assert_eq!(answer.header("access-control-allow-methods"), Some("PUT"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("authorization,content-type"));
}

#[test]
fn every_answer_lets_the_page_read_it() {
    let client = start();
    let json_type = ("Content-Type", "application/json");
    let body = json!({"userName": "n", "pwd": "p"}).to_string();
    for (status, answer) in [
        (200, client.send("POST", "/api/AppUsers/2/SignUp", &[ORIGIN, json_type], body)),
        (400, client.send("POST", "/api/AppUsers/2/SignUp", &[ORIGIN, json_type], "{}")),
        (401, client.send("GET", "/api/AppUsers/2/Profile", &[ORIGIN], "")),
        (404, client.send("GET", "/api/Nothing", &[ORIGIN], "")),
        (405, client.send("GET", "/api/AppUsers/2/SignUp", &[ORIGIN], "")),
        (415, client.send("POST", "/api/AppUsers/2/SignUp", &[ORIGIN, ("Content-Type", "text/plain")], "{}")),
    ] {
        assert_eq!(answer.status, status);
        lets_in(&answer);
    }
}

#[test]
fn who_is_no_browser_hears_nothing_of_it() {
    let client = start();
    assert_eq!(client.get("/api/Apps/2/Info").header("access-control-allow-origin"), None);
    let answer = client.send("OPTIONS", "/api/Apps/2/Info", &[ORIGIN], "");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")), "not a preflight");
}
