//! ureq at its best: the floor's own work, with ureq between the request and the socket. No deadline, nothing to cancel, nothing
//! wiped, no look whether a kept connection is still open; the header values are made once. What a client built on ureq can do
//! without, it does without.

use oauthapp_benches::client::{Client, run};
use oauthapp_benches::connection::{Connection, connect, tls_config};
use oauthapp_benches::envelope::data;
use oauthapp_benches::{PATH, REQUEST};
use rustls::ClientConfig;
use std::ffi::CString;
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;
use ureq::http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport};
use ureq::{Agent, config::Config};

fn main() {
    run::<Best>();
}

struct Best {
    agent: Agent,
    uri: Uri,
    headers: HeaderMap,
}

impl Client for Best {
    /// Where the body is read to.
    type Caller = Box<[u8; 16 * 1024]>;

    fn new(url: &str, authority: &str) -> Self {
        let (scheme, address) = url.split_once("://").expect("a URL");
        let tls = (scheme == "https").then(|| tls_config(authority));
        let config = Agent::config_builder()
            .proxy(None)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .max_redirects(0)
            .http_status_as_error(false)
            .input_buffer_size(16 * 1024)
            .output_buffer_size(4 * 1024)
            .max_idle_connections_per_host(16)
            .build();
        let json = HeaderValue::from_static("application/json");
        let headers = [
            (header::HOST, address.parse().expect("a header's value")),
            (header::CONTENT_TYPE, json.clone()),
            (header::ACCEPT, json),
            (header::CONTENT_LENGTH, REQUEST.len().into()),
        ];
        Best {
            agent: Agent::with_parts(config, Sockets { tls }, NoResolver),
            uri: format!("{url}{PATH}").parse().expect("a URL"),
            headers: headers.into_iter().collect(),
        }
    }

    fn caller(&self) -> Self::Caller {
        Box::new([0; _])
    }

    fn sign_in(&self, caller: &mut Self::Caller) -> CString {
        let mut request = Request::new(REQUEST.as_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let mut answer = self.agent.run(request).expect("an answer");
        assert_eq!(answer.status(), 200, "the server accepts");
        let mut body = answer.body_mut().as_reader();
        let mut length = 0;
        loop {
            match body.read(&mut caller[length..]).expect("a body") {
                0 => return data(&caller[..length]),
                read => length += read,
            }
        }
    }
}

#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

struct Sockets {
    tls: Option<Arc<ClientConfig>>,
}

impl Connector for Sockets {
    type Out = Socket;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Socket>, ureq::Error> {
        let address = details.uri.authority().expect("a whole URL").as_str();
        Ok(Some(Socket {
            connection: connect(address, self.tls.as_ref()).map_err(|error| io::Error::other(error.to_string()))?,
            is_tls: self.tls.is_some(),
            buffers: LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size()),
            pending: Vec::new(),
        }))
    }
}

struct Socket {
    connection: Box<dyn Connection>,
    is_tls: bool,
    buffers: LazyBuffers,
    /// Head and body leave together.
    pending: Vec<u8>,
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.pending.extend_from_slice(&self.buffers.output()[..amount]);
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        if !self.pending.is_empty() {
            self.connection.write_all(&self.pending)?;
            self.pending.clear();
        }
        let count = self.connection.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        true
    }

    fn is_tls(&self) -> bool {
        self.is_tls
    }
}

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sockets").finish_non_exhaustive()
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}
