//! A captive portal: the network answers in the server's place until someone signs in to it in a browser. That is named, is
//! not asked again and again, and costs nobody the session.

mod support;

use oauthapp::{
    Client, Error, ErrorKind, GetProfile, QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp, SignIn, SignInKey,
    SignUp, UnionIdSignIn, UnionIdSignUp, UpdateProfile,
};
use support::{Scripted, http, json};

const TOKEN: &str = "{\"code\":200,\"data\":{\"access_token\":\"a.b.c\"},\"err\":\"\"}";
const PROFILE: &str = "{\"code\":200,\"data\":{\"id\":39},\"err\":\"\"}";
const PAGE: &str = "\r\n<!DOCTYPE html><title>Welcome to our network</title>";

/// The ways in which portals answer: what comes, as what it is named, and what a person reads.
fn portals() -> Vec<(Vec<u8>, ErrorKind, &'static str)> {
    use ErrorKind::*;
    let html = "Content-Type: text/html";
    // "Sign in" in GBK, in which a Chinese network's page may be.
    let gbk = b"\xb5\xc7\xc2\xbc";
    vec![
        (http("200 OK", &[html], PAGE), ResponseNotJson, "in a browser"),
        (http("200 OK", &[], PAGE), ResponseNotJson, "in a browser"),
        (http("200 OK", &["content-type:  Text/HTML; charset=gbk"], gbk), ResponseNotJson, "in a browser"),
        (http("200 OK", &[], [PAGE.as_bytes(), gbk].concat()), ResponseNotJson, "in a browser"),
        (http("200 OK", &[html], "Sign in"), ResponseNotJson, "in a browser"),
        (
            http("302 Found", &["Location: http://portal.example/?from=x", html], PAGE),
            Redirected,
            "http://portal.example,",
        ),
        (http("511 Network Authentication Required", &[html], PAGE), UnexpectedStatus, "in a browser"),
        (http("403 Forbidden", &[html], PAGE), Forbidden, "may not be the OAuthApp server"),
        (http("404 Not Found", &[], PAGE), NotFound, "may not be the OAuthApp server"),
        (http("502 Bad Gateway", &[html], PAGE), ServerFault, "may not be the OAuthApp server"),
    ]
}

type Call = fn(&Client) -> Error;

/// Each of the ten calls, and whether it signs up by something that a sign-in could ask for.
fn calls() -> [(Call, bool); 10] {
    [
        (|client| client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err(), false),
        (|client| client.sign_up(&SignUp::new().user_name("wwww").pwd("123456")).unwrap_err(), true),
        (|client| client.union_id_sign_in(&UnionIdSignIn::new("web", "u")).unwrap_err(), false),
        (|client| client.union_id_sign_up(&UnionIdSignUp::new().platform("web").union_id("u")).unwrap_err(), true),
        (|client| client.qr_code_pre_sign_in(&QrCodePreSignIn::new()).unwrap_err(), false),
        (|client| client.qr_code_sign_in(&QrCodeSignIn::new(&SignInKey::from_number(1))).unwrap_err(), false),
        (|client| client.qr_code_scan(&QrCodeScan::new(&SignInKey::from_number(1))).unwrap_err(), false),
        (|client| client.qr_code_sign_up(&QrCodeSignUp::new(&SignInKey::from_number(1))).unwrap_err(), false),
        (|client| client.get_profile(&GetProfile::new()).unwrap_err(), false),
        (|client| client.update_profile(&UpdateProfile::new().nick_name("n")).unwrap_err(), false),
    ]
}

#[test]
fn a_portal_is_named_asked_once_and_costs_nothing() {
    for (answer, kind, text) in portals() {
        for (number, (call, is_sign_up)) in calls().into_iter().enumerate() {
            let times = match kind {
                // A sign-up that something unknown has answered may have arrived, so it is asked for,
                ErrorKind::ResponseNotJson if is_sign_up => 2,
                // and again where that may pass.
                ErrorKind::ServerFault if is_sign_up => 4,
                _ => 1,
            };
            let mut answers = vec![json(TOKEN)];
            answers.extend(std::iter::repeat_n(answer.clone(), times));
            answers.push(json(PROFILE));
            let server = Scripted::answering(answers);
            let client = Client::builder(2).base_url(&server.url).keep_session(true).build().unwrap();
            client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
            let error = call(&client);
            assert_eq!(error.kind(), kind, "call {number}: {error}");
            assert!(error.to_string().contains(text), "call {number}: {error}");
            // Someone has signed in to the network: the answer that is left is the server's.
            assert!(client.is_signed_in(), "call {number}: {error}");
            client.get_profile(&GetProfile::new()).unwrap_or_else(|error| panic!("call {number}: {error}"));
        }
    }
}

#[test]
fn the_servers_own_word_counts_whatever_its_type() {
    let server = Scripted::answering([http("200 OK", &["Content-Type: text/html"], TOKEN)]);
    let client = Client::builder(2).base_url(&server.url).build().unwrap();
    client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
}
