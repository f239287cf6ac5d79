//! The types that calls answer: what is written in the JSON is what is in them, and what is secret doesn't show.

use super::object::Object;
use crate::json::read_no_array;
use crate::model::{ApplicationInfo, Profile, SignInKey};
use crate::secret::Secret;
use crate::token::{Claims, Token};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;

/// Reads a JSON text as each of them.
pub(super) fn check(json: &str) {
    check_key(json);
    check_bool(json);
    hides::<Token>(json, &["access_token"]);
    hides::<Profile>(json, &["unionID"]);
    let Some(object) = Object::read(json) else {
        assert!(read_no_array::<Token>(json).is_err() && read_no_array::<Profile>(json).is_err());
        return;
    };
    let Ok(value) = serde_json::from_str::<Value>(json) else { return };
    let once = !object.has_a_name_twice();
    if let Ok(token) = read_no_array::<Token>(json) {
        assert!(value["access_token"].as_str() == Some(token.access_token.expose()));
        assert_eq!(value["token_type"].as_str(), token.token_type.as_deref());
        integer(&value["expires_in"], token.expires_in);
    } else {
        let is_token = value["access_token"].is_string() && value.get("token_type").is_none_or(Value::is_string);
        assert!(!(once && is_token), "a token is refused");
    }
    if let Ok(profile) = read_no_array::<Profile>(json) {
        let secret = profile.union_id.as_ref().map(Secret::expose);
        for (name, read) in [
            ("platform", profile.platform.as_deref()),
            ("unionID", secret),
            ("phone", profile.phone.as_deref()),
            ("createDate", profile.create_date.as_deref()),
            ("userName", profile.user_name.as_deref()),
            ("data", profile.data.as_deref()),
            ("email", profile.email.as_deref()),
            ("lastUpdate", profile.last_update.as_deref()),
            ("nickName", profile.nick_name.as_deref()),
            ("avatar", profile.avatar.as_deref()),
            ("role", profile.role.as_deref()),
        ] {
            text(&value[name], read);
        }
        integer(&value["appID"], profile.app_id);
        integer(&value["id"], profile.id);
        boolean(&value["phoneIsValid"], profile.phone_is_valid);
        boolean(&value["emailIsValid"], profile.email_is_valid);
    } else {
        assert!(!once, "an odd field costs the whole profile");
    }
    if let Ok(info) = read_no_array::<ApplicationInfo>(json) {
        integer(&value["appID"], info.app_id);
        for (name, read) in [
            ("name", info.name.as_deref()),
            ("logo", info.logo.as_deref()),
            ("website", info.website.as_deref()),
            ("description", info.description.as_deref()),
            ("tags", info.tags.as_deref()),
            ("scopes", info.scopes.as_deref()),
            ("remark", info.remark.as_deref()),
            ("scheme", info.scheme.as_deref()),
        ] {
            text(&value[name], read);
        }
    } else {
        assert!(!once, "an odd field costs the whole application");
    }
}

/// The claims of a token, which are an object.
pub(super) fn check_claims(json: &str) {
    hides::<Claims>(json, &["unionid", "unique_name"]);
    let (Some(object), Ok(value)) = (Object::read(json), serde_json::from_str::<Value>(json)) else { return };
    if let Ok(claims) = serde_json::from_str::<Claims>(json) {
        text(&value["nameid"], claims.nameid.as_deref());
        text(&value["unionid"], claims.unionid.as_ref().map(Secret::expose));
        text(&value["unique_name"], claims.unique_name.as_ref().map(Secret::expose));
        text(&value["email"], claims.email.as_deref());
        integer(&value["exp"], claims.exp);
        integer(&value["iat"], claims.iat);
    } else {
        assert!(object.has_a_name_twice(), "an odd claim costs all of them");
    }
}

/// A string is read as it is, and what has no text gives none.
fn text(written: &Value, read: Option<&str>) {
    match written {
        Value::String(text) => assert!(read == Some(text), "another text than the one that came"),
        Value::Bool(value) => assert_eq!(read, Some(value.to_string().as_str())),
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            assert_eq!(read, Some(number.to_string().as_str()));
        }
        Value::Number(_) => assert!(read.is_some()),
        Value::Null | Value::Array(_) | Value::Object(_) => assert!(read.is_none()),
    }
}

fn integer(written: &Value, read: Option<i64>) {
    match written {
        Value::Number(number) if number.as_i64().is_some() => assert_eq!(read, number.as_i64()),
        Value::Number(number) if number.is_u64() => assert_eq!(read, None, "beyond 64 bits"),
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            assert!(read.is_none_or(|read| (read as f64 - number).abs() < 1.0), "{number} became {read:?}");
        }
        Value::String(text) => assert_eq!(read, text.trim().parse().ok()),
        _ => assert_eq!(read, None),
    }
}

fn boolean(written: &Value, read: Option<bool>) {
    match written {
        Value::Bool(value) => assert_eq!(read, Some(*value)),
        Value::String(text) => {
            assert_eq!(read.is_some(), matches!(text.trim().to_lowercase().as_str(), "true" | "false"))
        }
        _ => assert_eq!(read, None),
    }
}

/// What `Debug` shows doesn't depend on the secrets: with others in their place it shows the same.
fn hides<T: DeserializeOwned + Debug>(json: &str, secrets: &[&str]) {
    let with = |secret: &str| {
        let mut value: Value = serde_json::from_str(json).ok()?;
        let object = value.as_object_mut()?;
        for name in secrets {
            object.entry(*name).and_modify(|field| *field = secret.into());
        }
        serde_json::from_str::<T>(&value.to_string()).ok().map(|read| format!("{read:?}"))
    };
    assert!(with("one") == with("another secret"), "Debug shows a secret");
}

/// A key is sent as it was received, whatever it is.
fn check_key(json: &str) {
    let scalar = matches!(json.as_bytes().first(), Some(b'"' | b'-' | b'0'..=b'9'));
    let key = serde_json::from_str::<SignInKey>(json);
    assert_eq!(key.is_ok(), scalar, "numbers and strings are keys, and nothing else is");
    let Ok(key) = key else { return };
    assert!(serde_json::to_string(&key).unwrap() == json && key.as_json() == json);
    assert_eq!(format!("{key:?}"), "<REDACTED>");
    let text: Option<String> = serde_json::from_str(json).ok();
    assert!(*key.to_text() == text.unwrap_or_else(|| json.to_owned()));
    // What a program got as text, it can give back as text.
    assert!(SignInKey::from_json_or_text(json) == key || json.len() == 32);
}

fn check_bool(json: &str) {
    assert_eq!(read_no_array::<bool>(json).ok(), json.parse().ok());
}
