//! Signs in by a QR code, the screen's side. `OAUTHAPP_URL` is the server; else <https://www.oauthapp.com>

use oauthapp::{Client, ErrorKind, QrCodePreSignIn, QrCodeSignIn, SignInKey, Token};
use std::thread;
use std::time::{Duration, Instant};

/// Stands for a library that draws QR codes.
fn show_qr_code(scene: &str) {
    println!("{}", if scene.is_empty() { "No code." } else { "Scan the code." });
}

// [wait]
/// Asks once a second, for two minutes, until the phone has confirmed.
fn wait_for_the_phone(client: &Client, key: &SignInKey) -> oauthapp::Result<Token> {
    let end = Instant::now() + Duration::from_secs(120);
    let mut last = ErrorKind::QrWaiting;
    loop {
        match client.qr_code_sign_in(&QrCodeSignIn::new(key)) {
            // Retryable is what the phone takes its time for, and where the network fails for a moment.
            Err(error) if error.is_retryable() && Instant::now() < end => {
                if error.kind() != last {
                    last = error.kind();
                    let scanned = last == ErrorKind::QrScanned;
                    println!("{}", if scanned { "Now confirm on the phone.".to_owned() } else { error.to_string() });
                }
                thread::sleep(Duration::from_secs(1));
            }
            result => return result,
        }
    }
}
// [/wait]

fn main() -> oauthapp::Result<()> {
    let mut client = Client::builder(2);
    if let Ok(url) = std::env::var("OAUTHAPP_URL") {
        client = client.base_url(url);
    }
    let client = client.build()?;
    // [key]
    let key = client.qr_code_pre_sign_in(&QrCodePreSignIn::new())?;
    show_qr_code(&format!("appId=2&signinKey={}", key.to_text().as_str()));
    let token = wait_for_the_phone(&client, &key)?;
    // [/key]
    println!("{}", if token.access_token.expose().is_empty() { "Not signed in." } else { "Signed in." });
    Ok(())
}
