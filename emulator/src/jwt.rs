//! HS256 tokens: signed here, and verified when they come back.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::hmac;
use serde_json::Value;

use crate::clock::{Moment, invariant_date};

/// A token with these claims, which are JSON already.
pub(crate) fn sign(key: &hmac::Key, claims: &str) -> String {
    let signed = format!("{}.{}", BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#), BASE64.encode(claims));
    let signature = hmac::sign(key, signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(signature))
}

/// The claims of a token that was signed here and is valid now, or what the challenge says about it.
/// No clock skew is allowed for, as on the real server.
pub(crate) fn verify(key: &hmac::Key, token: &str, now: Moment) -> Result<Value, String> {
    let claims = signed_claims(key, token).ok_or("The signature is invalid")?;
    let time = |name: &str| claims[name].as_i64().unwrap_or_default();
    if now.seconds() < time("nbf") {
        return Err(format!("The token is not valid before '{}'", invariant_date(time("nbf"))));
    }
    if now.seconds() >= time("exp") {
        return Err(format!("The token expired at '{}'", invariant_date(time("exp"))));
    }
    Ok(claims)
}

fn signed_claims(key: &hmac::Key, token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    hmac::verify(key, signed.as_bytes(), &BASE64.decode(signature).ok()?).ok()?;
    let header: Value = serde_json::from_slice(&BASE64.decode(header).ok()?).ok()?;
    if header["alg"] != "HS256" {
        return None;
    }
    serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn only_an_untouched_token_in_its_time_is_valid() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let now = Clock::default().now();
        let claims = |nbf: i64, exp: i64| format!(r#"{{"nameid":"1","nbf":{nbf},"exp":{exp}}}"#);
        let at = now.seconds();

        let good = sign(&key, &claims(at, at + 1));
        assert_eq!(verify(&key, &good, now).unwrap()["nameid"], "1");
        assert!(verify(&key, &sign(&key, &claims(at - 1, at)), now).unwrap_err().contains("expired"));
        assert!(verify(&key, &sign(&key, &claims(at + 1, at + 2)), now).unwrap_err().contains("not valid before"));

        let other = hmac::Key::new(hmac::HMAC_SHA256, &[8; 32]);
        let of_others = sign(&other, &claims(at, at + 1));
        let unsigned = format!("{}.{}", BASE64.encode(r#"{"alg":"none"}"#), BASE64.encode(claims(at, at + 1)));
        let of_another_kind = format!("{unsigned}.{}", BASE64.encode(hmac::sign(&key, unsigned.as_bytes())));
        let (head, tail) = good.split_at(good.len() / 2);
        for bad in ["", "a.b.c", &of_others, &of_another_kind, &format!("{head}x{tail}"), &good.replace('.', "")] {
            assert_eq!(verify(&key, bad, now).unwrap_err(), "The signature is invalid", "{bad}");
        }
    }
}
