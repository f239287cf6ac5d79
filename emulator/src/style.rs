//! The habits in which one server version differs from another.

/// What a signInKey looks like. Requests may carry it as a number or as a string, whatever the style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStyle {
    /// 19, 20, …: a JSON number, as the server of 2023 answers.
    #[default]
    Number,
    /// 32 hexadecimal digits: a JSON string, as the server of 2022 answered.
    Hex,
}

/// What `expires_in` means in the answer to a sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpiresIn {
    /// The token's lifetime in seconds.
    #[default]
    Seconds,
    /// The Unix time at which the token was issued, as the server of 2022 answered.
    IssueTime,
}
