//! What is wrong with a server's certificate or its handshake has a name, and nothing is sent to it; and what TLS can do
//! besides: pins, client certificates, sessions that are resumed.

mod support;
mod tls {

    mod broken;
    mod client_certificate;
    mod danger;
    mod handshake;
    mod pins;
    mod resumption;
    pub mod server;
    mod trust;
}
