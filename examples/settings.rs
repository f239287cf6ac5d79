//! What can be set, and a session that the client keeps. `OAUTHAPP_URL` is the server, `OAUTHAPP_CA` its authority's file.

use oauthapp::{Client, ErrorKind, GetProfile, Roots, SignUp, Trust};
use std::env;
use std::time::Duration;

// [session]
fn use_session(client: &Client) -> oauthapp::Result<bool> {
    // Signed in or up before, so that no token has to be named.
    let profile = client.get_profile(&GetProfile::new())?;
    println!("user {}", profile.id.unwrap_or_default());
    client.sign_out(); // The client forgets the token, which stays good until it runs out.
    let result = client.get_profile(&GetProfile::new());
    Ok(result.is_err_and(|error| error.kind() == ErrorKind::NotSignedIn))
}
// [/session]

fn main() -> oauthapp::Result<()> {
    let authority = env::var("OAUTHAPP_CA").unwrap_or_default();
    let client = Client::builder(2)
        .base_url(env::var("OAUTHAPP_URL").unwrap_or_default())
        // [trust]
        .trust(Trust::Only(Roots::from_pem_file(authority)?))
        // [/trust]
        // [keep]
        .keep_session(true)
        // [/keep]
        // [log]
        .log(|level, target, message| eprintln!("{level:?} {target}: {message}"))
        // [/log]
        // [times]
        .timeout(Duration::from_secs(10)) // each call as a whole: 30 seconds unless set
        .connect_timeout(Duration::from_secs(5)) // of it, for making a connection: 10 seconds unless set
        .max_retries(1) // 2 unless set; 0: none
        // [/times]
        .build()?;
    Client::builder(2)
        // [proxy]
        .proxy("http://user:p%40ssword@proxy.example:3128")
        // [/proxy]
        // [environment]
        .proxy_from_environment(true) // where no proxy is named
        // [/environment]
        .build()?;
    client.sign_up(&SignUp::new().user_name("settings").pwd("123456"))?;
    println!("{}", if use_session(&client)? { "All of it worked." } else { "Something did not work." });
    Ok(())
}
