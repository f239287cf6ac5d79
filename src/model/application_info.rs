//! What the phone shows before the user confirms a QR sign-in.

use super::lenient;
use serde::Deserialize;

/// The application that wants to sign someone in, as a QR scan answers it.
///
/// The server of 2022 leaves `scopes`, `remark` and `scheme` out; every field may be missing or null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ApplicationInfo {
    /// Id of the application.
    #[serde(rename = "appID", deserialize_with = "lenient::integer")]
    pub app_id: Option<i64>,
    /// Name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
    /// Address of the logo.
    #[serde(deserialize_with = "lenient::text")]
    pub logo: Option<String>,
    /// Address of the web site.
    #[serde(deserialize_with = "lenient::text")]
    pub website: Option<String>,
    /// Description.
    #[serde(deserialize_with = "lenient::text")]
    pub description: Option<String>,
    /// Tags.
    #[serde(deserialize_with = "lenient::text")]
    pub tags: Option<String>,
    /// What the application asks for, as given to pre-sign-in.
    #[serde(deserialize_with = "lenient::text")]
    pub scopes: Option<String>,
    /// The remark given to pre-sign-in.
    #[serde(deserialize_with = "lenient::text")]
    pub remark: Option<String>,
    /// The scheme given to pre-sign-in.
    #[serde(deserialize_with = "lenient::text")]
    pub scheme: Option<String>,
}
