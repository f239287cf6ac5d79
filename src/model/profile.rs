//! A user's profile.

use super::lenient;
use crate::secret::Secret;
use serde::Deserialize;

/// A user's profile. Nearly every field can be null, and every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Profile {
    /// Id of the application.
    #[serde(rename = "appID", deserialize_with = "lenient::integer")]
    pub app_id: Option<i64>,
    /// Platform of the account, for example `web` or `wxminip`.
    #[serde(deserialize_with = "lenient::text")]
    pub platform: Option<String>,
    /// Union id. Whoever knows it can sign in, so it is kept as a secret.
    #[serde(rename = "unionID", deserialize_with = "lenient::secret")]
    pub union_id: Option<Secret>,
    /// Phone number.
    #[serde(deserialize_with = "lenient::text")]
    pub phone: Option<String>,
    /// When the account was made, `2023-02-22 16:20:43`, with no zone (China Standard Time on the vendor's server).
    #[serde(rename = "createDate", deserialize_with = "lenient::text")]
    pub create_date: Option<String>,
    /// Account name.
    #[serde(rename = "userName", deserialize_with = "lenient::text")]
    pub user_name: Option<String>,
    /// Whether the phone number has been verified.
    #[serde(rename = "phoneIsValid", deserialize_with = "lenient::boolean")]
    pub phone_is_valid: Option<bool>,
    /// The application's own data about the user.
    #[serde(deserialize_with = "lenient::text")]
    pub data: Option<String>,
    /// E-mail address.
    #[serde(deserialize_with = "lenient::text")]
    pub email: Option<String>,
    /// Whether the e-mail address has been verified.
    #[serde(rename = "emailIsValid", deserialize_with = "lenient::boolean")]
    pub email_is_valid: Option<bool>,
    /// When the profile was last changed, in the form of `create_date`.
    #[serde(rename = "lastUpdate", deserialize_with = "lenient::text")]
    pub last_update: Option<String>,
    /// Display name.
    #[serde(rename = "nickName", deserialize_with = "lenient::text")]
    pub nick_name: Option<String>,
    /// Id of the user.
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<i64>,
    /// Address of the user's picture.
    #[serde(deserialize_with = "lenient::text")]
    pub avatar: Option<String>,
    /// Role.
    #[serde(deserialize_with = "lenient::text")]
    pub role: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_are_told_apart() {
        // They are the same in the profile of the documentation, and in that of a new user.
        let profile: Profile =
            serde_json::from_str(r#"{"createDate":"2023-02-22","lastUpdate":"2023-02-23"}"#).unwrap();
        assert_eq!(profile.create_date.as_deref(), Some("2023-02-22"));
        assert_eq!(profile.last_update.as_deref(), Some("2023-02-23"));
    }
}
