//! The emulator over the wire, and what its typed doors do to it.

mod account;
mod application;
mod client;
mod contact;
mod control;
mod cors;
mod http_level;
mod https;
mod lifecycle;
mod persistence;
mod pictures;
mod profile;
mod qr_code;
mod tokens;
mod union_id;
mod wild_clients;
