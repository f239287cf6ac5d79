//! The answer to every sign-in.

use serde_json::Value;

use crate::envelope::object;
use crate::jwt;
use crate::service::Service;
use crate::store::User;
use crate::style::ExpiresIn;

const SERVER: &str = "https://www.oauthapp.com/";

/// How the user showed who it is.
#[derive(Clone, Copy)]
pub(crate) enum Grant {
    UnionId,
    Account,
}

/// `data` of a sign-in: a fresh token of this user.
pub(crate) fn token(service: &Service, user: &User, grant: Grant) -> String {
    let now = service.clock.now();
    let issued = now.seconds();
    let lifetime = i64::try_from(service.settings.token_lifetime.as_secs()).unwrap_or(i64::MAX);
    let text = |value: &Option<String>| Value::from(value.as_deref().unwrap_or_default());
    let claims = object([
        ("jti", now.china_ticks().to_string().into()),
        ("tenant_id", "4".into()),
        ("tenant_name", "www.oauthapp.com".into()),
        ("appid", user.app_id.to_string().into()),
        ("nameid", user.id.to_string().into()),
        ("unique_name", unique_name(user).into()),
        // The profile says "user"; the documented tokens say nothing.
        ("role", "".into()),
        ("picture", text(&user.avatar)),
        ("email", text(&user.email)),
        ("mobile", text(&user.phone)),
        ("unionid", text(&user.union_id)),
        ("platform", text(&user.platform)),
        ("grant_type", grant_type(grant).into()),
        ("given_name", text(&user.nick_name)),
        ("groupsid", "app".into()),
        ("permission", "".into()),
        ("nbf", issued.into()),
        ("exp", issued.saturating_add(lifetime).into()),
        ("iat", issued.into()),
        ("iss", SERVER.into()),
        ("aud", SERVER.into()),
    ]);
    let expires_in = match service.settings.expires_in {
        ExpiresIn::Seconds => lifetime,
        ExpiresIn::IssueTime => issued,
    };
    object([
        ("access_token", jwt::sign(&service.signing_key, &claims).into()),
        ("token_type", "Bearer".into()),
        ("expires_in", expires_in.into()),
    ])
}

/// The user name, or, of a user who has none, the union id.
fn unique_name(user: &User) -> &str {
    [&user.user_name, &user.union_id].into_iter().flatten().find(|name| !name.is_empty()).map_or("", String::as_str)
}

fn grant_type(grant: Grant) -> &'static str {
    match grant {
        Grant::UnionId => "unionid",
        Grant::Account => "account",
    }
}
