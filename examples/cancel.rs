//! A call on a thread of its own, which ends when nobody waits for it any more. `OAUTHAPP_URL` is the server.

use oauthapp::{CancelToken, Client, SignIn};
use std::thread;
use std::time::Duration;

fn main() -> oauthapp::Result<()> {
    let client = Client::builder(2).base_url(std::env::var("OAUTHAPP_URL").unwrap_or_default()).build()?;
    // [worker]
    let closed = CancelToken::new();
    let call = client.with_timeout(Duration::from_secs(60))?.with_cancel(&closed);
    let thread = thread::spawn(move || call.sign_in(&SignIn::new("wwww", "123456")));
    // [/worker]
    println!("press return to cancel");
    std::io::stdin().read_line(&mut String::new()).expect("a line");
    // [close]
    closed.cancel();
    let result = thread.join().expect("it does not panic"); // at once: ErrorKind::Cancelled
    // [/close]
    println!("{:?}", result.map(|_| ()).map_err(|error| error.kind()));
    Ok(())
}
