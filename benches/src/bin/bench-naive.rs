//! The client that one would write first: ureq with a deadline, and serde_json's `Value` in and out.

use oauthapp_benches::PATH;
use oauthapp_benches::client::{Client, run};
use serde_json::{Value, json};
use std::ffi::CString;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

fn main() {
    run::<Naive>();
}

struct Naive {
    agent: Agent,
    url: String,
}

impl Client for Naive {
    type Caller = ();

    fn new(url: &str, authority: &str) -> Self {
        let authority = Certificate::from_pem(authority.as_bytes()).expect("a certificate");
        let agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[authority])).build())
            .build()
            .new_agent();
        Naive { agent, url: format!("{url}{PATH}") }
    }

    fn caller(&self) {}

    fn sign_in(&self, (): &mut ()) -> CString {
        let request = json!({"pwd": "123456", "userName": "wwww"}).to_string();
        let mut answer = self.agent.post(&self.url).content_type("application/json").send(request).expect("an answer");
        let body = answer.body_mut().read_to_string().expect("a body");
        let envelope: Value = serde_json::from_str(&body).expect("an envelope");
        assert!(envelope["code"] == 200, "the sign-in succeeds");
        CString::new(envelope["data"].to_string()).expect("JSON without NUL")
    }
}
