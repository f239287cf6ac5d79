//! Clients in the wild differ in letter case and send fields that are not documented.

use serde_json::json;

use crate::client::start;

#[test]
fn paths_are_matched_without_case() {
    let client = start();
    client.post("/api/appUsers/2/SignUp", json!({"userName": "n", "pwd": "p"})).token();
    let token = client.post("/API/APPUSERS/2/SIGNIN", json!({"userName": "n", "pwd": "p"})).token();
    let authorization = format!("Bearer {token}");
    client.send("GET", "/api/appusers/2/profile/", &[("Authorization", &authorization)], "").data();
    client.get("/api/apps/2/Info").data();
    client.get("/api/Apps/2/info?x=1").data();
    assert_eq!(client.post("/api/wechat/2/wxacodeget", json!({"path": "p"})).status, 200);
}

#[test]
fn fields_are_matched_without_case_and_unknown_ones_are_ignored() {
    let client = start();
    let user = json!({
        "AppID": 2, "UnionID": "u", "Platform": "web", "Pwd": "p", "UserName": "n", "NickName": "nn",
        "PHONEISVALID": true, "unknown": {"deep": [1, 2, {"unionID": 3}]},
    });
    let token = client.user_call("UnionIDSignUp", user).token();
    let profile = client.profile(&token).data();
    assert_eq!(json!([profile["nickName"], profile["phoneIsValid"]]), json!(["nn", true]));
    client.user_call("UnionIDSignIn", json!({"UnionID": "u", "Platform": "web", "AppID": "2"})).token();
    client.user_call("SignIn", json!({"UserName": "n", "Pwd": "p"})).token();
    let key = client.user_call("QRCodePreSignIn", json!({"AppID": 2, "Scheme": "app"})).data();
    client.user_call("QRCodeScan", json!({"SigninKey": key})).data();
}

#[test]
fn a_token_where_none_is_wanted_is_ignored() {
    let client = start();
    let headers = [("Content-Type", "application/json"), ("Authorization", "Bearer access_token")];
    let body = json!({"userName": "n", "pwd": "p"}).to_string();
    client.send("POST", "/api/AppUsers/2/SignUp", &headers, body).token();
}
