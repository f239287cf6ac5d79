//! `sign_in USER PASSWORD`: signs in and greets the user by name. `OAUTHAPP_URL` is the server; else <https://www.oauthapp.com>

// [sign-in]
use oauthapp::{Client, ErrorKind, GetProfile, SignIn};

fn greet(client: &Client, user: &str, password: &str) -> oauthapp::Result<String> {
    let token = client.sign_in(&SignIn::new(user, password))?;
    let profile = client.get_profile(&GetProfile::new().access_token(token.access_token.expose()))?;
    Ok(format!("Hello {}", profile.nick_name.as_deref().unwrap_or(user)))
}
// [/sign-in]

// [failed]
/// What a program says of a call that failed.
fn say(error: &oauthapp::Error) -> String {
    match error.kind() {
        ErrorKind::WrongPassword | ErrorKind::NoSuchUser => "User name or password are wrong.".to_owned(),
        ErrorKind::TokenExpired | ErrorKind::TokenRejected | ErrorKind::Unauthorized | ErrorKind::NotSignedIn => {
            "Please sign in again.".to_owned()
        }
        // Later versions have more kinds.
        _ if error.is_retryable() => format!("{error}\nTry again in a moment."),
        _ => error.to_string(),
    }
}
// [/failed]

fn main() -> oauthapp::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, user, password] = &arguments[..] else { panic!("sign_in USER PASSWORD") };
    // [client]
    let mut client = Client::builder(2);
    if let Ok(url) = std::env::var("OAUTHAPP_URL") {
        client = client.base_url(url); // without it: https://www.oauthapp.com
    }
    let client = client.build()?; // one for the whole program: it keeps the connections
    // [/client]
    println!("{}", greet(&client, user, password).unwrap_or_else(|error| say(&error)));
    Ok(())
}
