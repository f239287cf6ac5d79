//! The access token: a JSON Web Token, read but not verified (HS256 has no public key), and when it runs out.

use crate::answer::Data;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{JsonType, JsonValue};
use crate::model::lenient;
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// How long an access token may be. Servers limit the whole head of a request to 16 or 32 KiB.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// What a sign-in or sign-up answers.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Token {
    /// The JSON Web Token to send with the profile calls.
    pub access_token: Secret,
    /// `Bearer`.
    #[serde(default)]
    pub token_type: Option<String>,
    /// Seconds until the token runs out, or, from a server of 2022, the Unix time of issue. See [`Token::expires_at`].
    #[serde(default, deserialize_with = "lenient::integer")]
    pub expires_in: Option<i64>,
}

/// An `expires_in` above this is not a lifetime in seconds; the server of 2022 put a Unix time there.
const MAX_LIFETIME_SECONDS: i64 = 10 * 366 * 86_400;

impl Token {
    /// The claims of the token.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidToken`] if the token is not a JSON Web Token.
    pub fn claims(&self) -> Result<Claims> {
        Claims::read(self.access_token.expose())
    }

    /// When the token runs out, by the server's clock: its `exp` claim, or else `received_at` + `expires_in`, where that
    /// is a believable lifetime. `None` where neither says.
    ///
    /// The device's own clock may be wrong, so this is for display and for asking again in good time; whether a token is
    /// still good is the server's to say.
    #[must_use]
    pub fn expires_at(&self, received_at: SystemTime) -> Option<SystemTime> {
        if let Some(at) = self.claims().ok().and_then(|claims| claims.expires_at()) {
            return Some(at);
        }
        let seconds = self.expires_in.filter(|seconds| (1..=MAX_LIFETIME_SECONDS).contains(seconds))?;
        received_at.checked_add(Duration::from_secs(seconds.unsigned_abs()))
    }
}

/// What a token says. A client can't verify it, so take it as a note, never as proof of who someone is.
///
/// Every field may be missing. A claim of a type that is not foreseen reads as `None` here, and is in [`claims_json`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Claims {
    /// Id of the token.
    #[serde(deserialize_with = "lenient::text")]
    pub jti: Option<String>,
    /// Id of the tenant that owns the application.
    #[serde(deserialize_with = "lenient::text")]
    pub tenant_id: Option<String>,
    /// Name of the tenant.
    #[serde(deserialize_with = "lenient::text")]
    pub tenant_name: Option<String>,
    /// Id of the application.
    #[serde(deserialize_with = "lenient::text")]
    pub appid: Option<String>,
    /// Id of the user.
    #[serde(deserialize_with = "lenient::text")]
    pub nameid: Option<String>,
    /// Name of the account; the union id for a user without one, hence a secret.
    #[serde(deserialize_with = "lenient::secret")]
    pub unique_name: Option<Secret>,
    /// Role of the user.
    #[serde(deserialize_with = "lenient::text")]
    pub role: Option<String>,
    /// Address of the user's picture.
    #[serde(deserialize_with = "lenient::text")]
    pub picture: Option<String>,
    /// E-mail address.
    #[serde(deserialize_with = "lenient::text")]
    pub email: Option<String>,
    /// Phone number.
    #[serde(deserialize_with = "lenient::text")]
    pub mobile: Option<String>,
    /// Union id. Whoever knows it can sign in, so it is kept as a secret.
    #[serde(deserialize_with = "lenient::secret")]
    pub unionid: Option<Secret>,
    /// Platform, for example `web` or `wxminip`.
    #[serde(deserialize_with = "lenient::text")]
    pub platform: Option<String>,
    /// `unionid` or `account`.
    #[serde(deserialize_with = "lenient::text")]
    pub grant_type: Option<String>,
    /// Display name.
    #[serde(deserialize_with = "lenient::text")]
    pub given_name: Option<String>,
    /// Group, `app` for users of an application.
    #[serde(deserialize_with = "lenient::text")]
    pub groupsid: Option<String>,
    /// Permissions.
    #[serde(deserialize_with = "lenient::text")]
    pub permission: Option<String>,
    /// Not valid before: Unix time in seconds.
    #[serde(deserialize_with = "lenient::integer")]
    pub nbf: Option<i64>,
    /// Not valid from then on: Unix time in seconds.
    #[serde(deserialize_with = "lenient::integer")]
    pub exp: Option<i64>,
    /// Issued at: Unix time in seconds.
    #[serde(deserialize_with = "lenient::integer")]
    pub iat: Option<i64>,
    /// Issuer.
    #[serde(deserialize_with = "lenient::text")]
    pub iss: Option<String>,
    /// Audience.
    #[serde(deserialize_with = "lenient::text")]
    pub aud: Option<String>,
}

impl Claims {
    /// Reads the claims of an access token.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidToken`] if it is not a JSON Web Token.
    pub fn read(access_token: &str) -> Result<Self> {
        serde_json::from_str(&claims_json(access_token)?).map_err(|_| not_a_token("its claims are not a JSON object"))
    }

    /// `exp` as a point in time.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(self.exp?).ok()?))
    }
}

/// The claims of an access token as the JSON object that stands in it, with every claim kept.
///
/// # Errors
/// [`ErrorKind::InvalidToken`] if it is not a JSON Web Token; [`ErrorKind::OutOfMemory`].
pub fn claims_json(access_token: &str) -> Result<Zeroizing<String>> {
    let mut parts = access_token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(not_a_token("it does not have three parts"));
    };
    let payload = payload.trim_end_matches('=');
    let mut json = Zeroizing::new(Vec::new());
    json.try_reserve_exact(base64::decoded_len_estimate(payload.len()))?;
    URL_SAFE_NO_PAD.decode_vec(payload, &mut json).map_err(|_| not_a_token("its claims are not base64url"))?;
    let json = String::from_utf8(std::mem::take(&mut *json)).map(Zeroizing::new);
    let json = json.map_err(|_| not_a_token("its claims are not UTF-8"))?;
    match JsonValue::find(&json, "") {
        Ok(claims) if claims.json_type() == JsonType::Object => Ok(json),
        _ => Err(not_a_token("its claims are not a JSON object")),
    }
}

fn not_a_token(why: &str) -> Error {
    Error::new(ErrorKind::InvalidToken).remark(format!("As a JSON Web Token, {why}"))
}

/// A token goes into a header, so it must not be able to end it. RFC 6750's `b68token` is narrower still; any visible
/// ASCII is let through, for servers with tokens of their own kind.
pub(crate) fn check(token: &str) -> Result<()> {
    if token.is_empty() {
        return Err(Error::invalid_argument("The access token is empty"));
    }
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Error::invalid_argument(format!("The access token is longer than {MAX_TOKEN_BYTES} bytes")));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::invalid_argument("The access token holds a character that no token has"));
    }
    Ok(())
}

/// The access token in an answer, where there is one that can be sent.
pub(crate) fn in_answer(data: &Data) -> Option<Secret> {
    let token = JsonValue::find(data.as_str(), "/access_token").ok()?.to_text().ok()?;
    check(&token).ok()?;
    Some(Secret::new(token.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str, expires_in: Option<i64>) -> Token {
        let access_token = Secret::new(format!("h.{}.s", URL_SAFE_NO_PAD.encode(payload)));
        Token { access_token, token_type: None, expires_in }
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn exp_decides_and_expires_in_is_a_fallback_with_limits() {
        let received = at(1_677_050_000);
        for (payload, expires_in, expected) in [
            (r#"{"exp":1677135719}"#, Some(1_677_049_319), Some(at(1_677_135_719))),
            (r#"{"exp":"1677135719"}"#, None, Some(at(1_677_135_719))),
            (r#"{"exp":1677135719.5}"#, None, Some(at(1_677_135_719))),
            (r#"{"exp":-5}"#, Some(60), Some(at(1_677_050_060))),
            (r#"{"exp":null}"#, Some(86_400), Some(at(1_677_136_400))),
            ("{}", Some(1_646_000_000), None),
            ("{}", Some(0), None),
            ("{}", Some(-1), None),
            ("{}", None, None),
            ("not json", Some(60), Some(at(1_677_050_060))),
        ] {
            assert_eq!(token(payload, expires_in).expires_at(received), expected, "{payload} {expires_in:?}");
        }
    }

    #[test]
    fn claims_of_another_type_do_no_harm() {
        let claims =
            token(r#"{"role":["a","b"],"aud":{"x":1},"nameid":36,"iat":true,"new":1}"#, None).claims().unwrap();
        assert_eq!(claims.nameid.as_deref(), Some("36"));
        assert_eq!((claims.role, claims.aud, claims.iat), (None, None, None));
    }

    #[test]
    fn what_is_no_token_is_an_error() {
        let array = format!("h.{}.s", URL_SAFE_NO_PAD.encode("[]"));
        for text in ["", "h.e30", "h.!!.s", "h.e30.s.x", "h.gA.s", array.as_str()] {
            assert_eq!(Claims::read(text).unwrap_err().kind(), ErrorKind::InvalidToken, "{text}");
        }
    }
}
