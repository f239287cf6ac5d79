//! What a program gives as PEM: roots, a client certificate with its key, and pins.
//!
//! The input is a PEM text, or several pins with white space between them.

use super::{SECRET, check_error};
use crate::client_certificate::ClientCertificate;
use crate::error::{Error, ErrorKind};
use crate::pin::Pin;
use crate::transport::TlsSettings;
use crate::trust::{Roots, Trust};

pub fn pem(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let check = |error: &Error, kind: ErrorKind| {
        check_error(error, &[SECRET]);
        assert_eq!(error.kind(), kind);
    };
    let roots = Roots::from_pem(input).map_err(|error| check(&error, ErrorKind::InvalidCertificate));
    let certificate =
        ClientCertificate::from_pem(input, input).map_err(|error| check(&error, ErrorKind::InvalidClientCertificate));
    if let Ok(roots) = roots {
        let count = roots.clone().into_certificates().len();
        assert!(count > 0 && text.matches("-----BEGIN CERTIFICATE-----").count() >= count);
        assert_eq!(format!("{roots:?}"), format!("Roots({count})"));
        // What was taken is good for a connection.
        let settings = TlsSettings { trust: Trust::Only(roots), ..TlsSettings::default() };
        settings.config().expect("roots that can be used");
    }
    if let Ok(certificate) = certificate {
        let settings = TlsSettings { client_certificate: Some(certificate), ..TlsSettings::default() };
        settings.config().expect("a certificate that can be used");
    }
    for word in text.split_whitespace() {
        match word.parse::<Pin>() {
            Ok(pin) => {
                assert_eq!(pin.to_string().trim_start_matches("sha256/"), word.trim_start_matches("sha256/"));
                assert_eq!(pin.to_string().parse::<Pin>().ok(), Some(pin));
            }
            Err(error) => check(&error, ErrorKind::InvalidPin),
        }
    }
}
