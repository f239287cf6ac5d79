//! A small client of the API, and what tests ask of its answers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauthapp_emulator::{Builder, Emulator};
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

pub struct Client {
    pub emulator: Emulator,
    pub agent: Agent,
}

/// An emulator with the defaults.
pub fn start() -> Client {
    with(Emulator::builder())
}

/// An emulator set up like this.
pub fn with(builder: Builder) -> Client {
    let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into();
    Client { emulator: builder.start().unwrap(), agent }
}

impl Client {
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.emulator.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.into();
        let mut response = match body.is_empty() && method != "POST" && method != "PUT" {
            true => self.agent.run(request.body(()).unwrap()),
            false => self.agent.run(request.body(body).unwrap()),
        }
        .unwrap();
        let body = response.body_mut().read_to_vec().unwrap();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], body.to_string())
    }

    /// A call of application 2.
    pub fn user_call(&self, action: &str, body: Value) -> Answer {
        self.post(&format!("/api/AppUsers/2/{action}"), body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    pub fn profile(&self, token: &str) -> Answer {
        self.send("GET", "/api/AppUsers/2/Profile", &[("Authorization", &format!("Bearer {token}"))], "")
    }

    pub fn update_profile(&self, token: &str, body: Value) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
        self.send("PUT", "/api/AppUsers/2/Profile", &headers, body.to_string())
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `data` of a success.
    #[track_caller]
    pub fn data(&self) -> Value {
        let json = self.json();
        assert_eq!((self.status, &json["code"], &json["err"]), (200, &200.into(), &"".into()), "{json}");
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        json["data"].clone()
    }

    /// `err` of a failure, whose shape is checked: HTTP 200, code 500, and `data` an empty string.
    #[track_caller]
    pub fn err(&self) -> String {
        let json = self.json();
        assert_eq!((self.status, &json["code"], &json["data"]), (200, &500.into(), &"".into()), "{json}");
        assert_eq!(json.as_object().unwrap().len(), 3);
        json["err"].as_str().unwrap().to_owned()
    }

    /// The token of a sign-in.
    #[track_caller]
    pub fn token(&self) -> String {
        let data = self.data();
        assert_eq!(data["token_type"], "Bearer");
        data["access_token"].as_str().unwrap().to_owned()
    }

    /// The claims of the token of a sign-in.
    #[track_caller]
    pub fn claims(&self) -> Value {
        claims(&self.token())
    }

    /// What a 400 complains of.
    #[track_caller]
    pub fn complaints(&self) -> Value {
        let json = self.json();
        assert_eq!((self.status, &json["status"]), (400, &400.into()));
        assert_eq!(self.header("content-type"), Some("application/problem+json; charset=utf-8"));
        assert_eq!(json["title"], "One or more validation errors occurred.");
        assert!(json["type"].as_str().unwrap().starts_with("https://"));
        assert!(json["traceId"].as_str().unwrap().starts_with("00-"));
        json["errors"].clone()
    }
}

pub fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}
