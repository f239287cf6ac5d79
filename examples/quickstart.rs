//! Signs up, signs in, reads the profile, changes it, reads it again, and shows a wrong password as a person should see it.
//!
//! `OAUTHAPP_URL`, `OAUTHAPP_APP_ID`, `OAUTHAPP_USER` and `OAUTHAPP_PASSWORD` in the environment say where and as whom;
//! without them it is user `quickstart` of application 2 on the emulator at `http://127.0.0.1:8742`.

use oauthapp::{Client, ErrorKind, GetProfile, SignIn, SignUp, UpdateProfile};
use std::env;
use std::process::ExitCode;

fn setting(name: &str, otherwise: &str) -> String {
    env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => {
            println!("All of it worked.");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let user = setting("OAUTHAPP_USER", "quickstart");
    let password = setting("OAUTHAPP_PASSWORD", "a password nobody else has");
    let client = Client::builder(setting("OAUTHAPP_APP_ID", "2").parse()?)
        .base_url(setting("OAUTHAPP_URL", "http://127.0.0.1:8742"))
        .build()?;

    let request = SignUp::new().user_name(&user).pwd(&password).nick_name("Quick").platform("web");
    match client.sign_up(&request) {
        Ok(_) => println!("sign up: done"),
        // On a server that is kept, the second run finds the account of the first.
        Err(error) if error.kind() == ErrorKind::AccountExists => println!("sign up: {error}"),
        Err(error) => return Err(error.into()),
    }

    let token = client.sign_in(&SignIn::new(&user, &password))?;
    println!("sign in: done");
    show_profile(&client, token.access_token.expose())?;

    let change = UpdateProfile::new().access_token(token.access_token.expose()).nick_name("Quicker");
    println!("change the profile: {}", if client.update_profile(&change)? { "done" } else { "not done" });
    show_profile(&client, token.access_token.expose())?;

    match client.sign_in(&SignIn::new(&user, "not the password")) {
        Err(error) if error.kind() == ErrorKind::WrongPassword => println!("sign in with a wrong one: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("a wrong password was taken".into()),
    }
    Ok(())
}

fn show_profile(client: &Client, access_token: &str) -> oauthapp::Result<()> {
    let profile = client.get_profile(&GetProfile::new().access_token(access_token))?;
    let name = profile.nick_name.as_deref().unwrap_or("(no name)");
    println!("read the profile: user {} is called {name}", profile.id.unwrap_or_default());
    Ok(())
}
