//! `/emulator/…`: what the page's buttons do. It is no part of the OAuthApp user API.
//!
//! Other sites in the same browser must not get at it: it answers only to names that are this machine's own, so that a
//! foreign name that was pointed here (DNS rebinding) fails, and takes only JSON, which a foreign page can't send
//! without asking first; and unlike the API it lets nobody in by CORS.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, ORIGIN};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::api::mini_program_path;
use crate::application::Application;
use crate::clock::china_date;
use crate::phone::{self, Refused};
use crate::picture::Picture;
use crate::reply::{self, Reply};
use crate::service::Service;

/// How many users, keys and codes the page shows.
const SHOWN: i64 = 50;

pub(crate) fn answer(service: &Service, request: &Request<Bytes>, action: &str, local: SocketAddr) -> Reply {
    if !is_own(request.headers(), &service.settings.host, local.ip()) {
        return refuse(StatusCode::FORBIDDEN, "this host name is not the emulator's own");
    }
    let mut reply = match (action, request.method()) {
        ("state", &Method::GET) => state(service),
        ("picture", &Method::GET) => picture(service, request.uri().query().unwrap_or_default()),
        ("state" | "picture", _) => allow("GET"),
        (_, &Method::POST) => act(service, request, action),
        _ if ACTIONS.contains(&action) => allow("POST"),
        _ => refuse(StatusCode::NOT_FOUND, "no such action"),
    };
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// Whether the request names this machine, and does not come from a page of another one.
fn is_own(headers: &HeaderMap, bound: &str, local: IpAddr) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(host) = text(HOST) else { return false };
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    let name = name.trim_matches(['[', ']']);
    let is_ours = match name.parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || ip == local,
        Err(_) => name.eq_ignore_ascii_case("localhost") || name.eq_ignore_ascii_case(bound),
    };
    let same_origin = text(ORIGIN).is_none_or(|origin| origin.split_once("://").is_some_and(|(_, site)| site == host));
    is_ours && same_origin
}

const ACTIONS: [&str; 6] = ["scan", "confirm", "expire", "delete-user", "advance-clock", "application"];

fn act(service: &Service, request: &Request<Bytes>, action: &str) -> Reply {
    if !ACTIONS.contains(&action) {
        return refuse(StatusCode::NOT_FOUND, "no such action");
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the request must be application/json");
    }
    let Ok(asked) = serde_json::from_slice::<Value>(request.body()) else {
        return refuse(StatusCode::BAD_REQUEST, "the request is not JSON");
    };
    match perform(service, action, &asked) {
        Some(Ok(())) => reply::json(StatusCode::OK, r#"{"ok":true}"#),
        Some(Err(message)) => refuse(StatusCode::CONFLICT, &message),
        None => refuse(StatusCode::BAD_REQUEST, "a field is missing or of the wrong type"),
    }
}

/// `None` if the request lacks something.
fn perform(service: &Service, action: &str, asked: &Value) -> Option<Result<(), String>> {
    let said = |refused: Refused| refused.to_string();
    let key = || match &asked["key"] {
        Value::String(key) => Some(key.clone()),
        Value::Number(key) => Some(key.to_string()),
        _ => None,
    };
    Some(match action {
        "scan" => phone::scan_code(service, &key()?).map(drop).map_err(said),
        "confirm" => {
            let (owner, owner_name) = phone::OWNER;
            let union_id = asked["unionID"].as_str().filter(|id| !id.is_empty()).unwrap_or(owner);
            let nick_name = asked["nickName"].as_str().unwrap_or(owner_name);
            phone::confirm_code(service, &key()?, union_id, nick_name).map(drop).map_err(said)
        }
        "expire" => done(phone::expire_code(service, &key()?), "no such valid key"),
        "delete-user" => done(service.store().delete_user(asked["id"].as_i64()?), "no such user"),
        "advance-clock" => {
            service.clock.advance(Duration::from_secs(asked["seconds"].as_u64()?));
            Ok(())
        }
        _ => {
            let now = service.now();
            done(service.store().put_application(&application(asked)?, now).map(|()| true), "")
        }
    })
}

fn done(result: crate::store::Result<bool>, if_not: &str) -> Result<(), String> {
    match result {
        Ok(true) => Ok(()),
        Ok(false) => Err(if_not.to_owned()),
        Err(_) => Err("the emulator's store is broken".to_owned()),
    }
}

fn application(asked: &Value) -> Option<Application> {
    let text = |name: &str| asked[name].as_str().map(str::to_owned);
    let flag = |name: &str, otherwise| asked[name].as_bool().unwrap_or(otherwise);
    Some(Application {
        id: asked["id"].as_i64()?,
        name: text("name")?,
        logo: text("logo"),
        website: text("website"),
        description: text("description"),
        tags: text("tags"),
        mini_program: flag("miniProgram", true),
        verified_contacts: flag("verifiedContacts", false),
    })
}

/// All that the page shows. There is no password in it, not even a hash.
fn state(service: &Service) -> Reply {
    match read_state(service) {
        Ok(state) => reply::json(StatusCode::OK, state.to_string()),
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the emulator's store is broken"),
    }
}

fn read_state(service: &Service) -> crate::store::Result<Value> {
    let store = service.store();
    let applications: Vec<Value> = store
        .applications()?
        .into_iter()
        .map(|app| {
            json!({
                "id": app.id, "name": app.name, "website": app.website, "description": app.description,
                "miniProgram": app.mini_program, "verifiedContacts": app.verified_contacts,
            })
        })
        .collect();
    let users: Vec<Value> = store
        .users(SHOWN)?
        .into_iter()
        .map(|user| {
            json!({
                "id": user.id, "appId": user.app_id, "userName": user.user_name, "platform": user.platform,
                "unionID": user.union_id, "nickName": user.nick_name, "email": user.email, "phone": user.phone,
                "hasPassword": user.password.is_some(), "createDate": china_date(user.created),
            })
        })
        .collect();
    let keys: Vec<Value> = store
        .keys(SHOWN)?
        .into_iter()
        .map(|key| {
            json!({
                "key": key.code.key, "appId": key.code.app_id, "state": key.code.state.name(),
                "userId": key.code.user_id, "scopes": key.wish.scopes, "remark": key.wish.remark,
                "scheme": key.wish.scheme, "createDate": china_date(key.created),
            })
        })
        .collect();
    let codes: Vec<Value> = store
        .sent_codes(SHOWN)?
        .into_iter()
        .map(|sent| json!({"appId": sent.app_id, "contact": sent.contact, "purpose": sent.purpose, "code": sent.code}))
        .collect();
    Ok(json!({
        "applications": applications, "users": users, "keys": keys, "codes": codes,
        "clockAdvancedBy": service.clock.advanced().as_secs(),
    }))
}

/// The picture of a key's code, which opens the mini-program.
fn picture(service: &Service, query: &str) -> Reply {
    let key = query.strip_prefix("key=").unwrap_or_default();
    let Ok(Some(found)) = service.store().valid_key(key) else {
        return refuse(StatusCode::NOT_FOUND, "no such valid key");
    };
    let picture = Picture::of(&mini_program_path(found.code.app_id, key), 280).expect("so short a path fits");
    reply::body(StatusCode::OK, "image/png", picture.png())
}

fn refuse(status: StatusCode, message: &str) -> Reply {
    reply::json(status, json!({"error": message}).to_string())
}

fn allow(methods: &'static str) -> Reply {
    let mut reply = reply::empty(StatusCode::METHOD_NOT_ALLOWED);
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    reply
}
