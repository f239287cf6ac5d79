//! What a client's settings say about TLS.

use super::client::oauthapp_client_config;
use super::constants;
use super::input::{optional_text, setting};
use crate::client::ClientBuilder;
use crate::client_certificate::ClientCertificate;
use crate::error::{Error, ErrorKind, Result};
use crate::trust::{Roots, Trust};

/// The builder with these settings.
///
/// # Safety
/// The strings in `config` are NULL or NUL-terminated.
pub(super) unsafe fn apply(config: &oauthapp_client_config, mut builder: ClientBuilder) -> Result<ClientBuilder> {
    // SAFETY: as promised for this function.
    let (roots, pins, certificate) =
        unsafe { (roots(config)?, setting(config.pins, "pins", ErrorKind::InvalidPin)?, client_certificate(config)?) };
    builder = builder.trust(trust(config.trust, roots)?);
    if let Some(pins) = pins {
        if pins.trim().is_empty() {
            return Err(Error::new(ErrorKind::InvalidPin).remark("pins holds none"));
        }
        for pin in pins.split_whitespace() {
            builder = builder.pin(pin.parse()?);
        }
    }
    Ok(match certificate {
        Some(certificate) => builder.client_certificate(certificate),
        None => builder,
    })
}

/// # Safety
/// As [`apply`].
unsafe fn roots(config: &oauthapp_client_config) -> Result<Option<Roots>> {
    // SAFETY: as promised for this function.
    let (pem, file) = unsafe {
        (
            optional_text(config.trusted_roots_pem, "trusted_roots_pem")?,
            setting(config.trusted_roots_file, "trusted_roots_file", ErrorKind::InvalidCertificate)?,
        )
    };
    let pem = pem.map(|pem| Roots::from_pem(pem.as_bytes())).transpose()?;
    let file = file.map(Roots::from_pem_file).transpose()?;
    Ok(match (pem, file) {
        (Some(pem), Some(file)) => Some(pem.try_and(file)?),
        (pem, file) => pem.or(file),
    })
}

fn trust(base: i32, roots: Option<Roots>) -> Result<Trust> {
    match (base, roots) {
        (constants::TRUST_MOZILLA, None) => Ok(Trust::Mozilla),
        (constants::TRUST_MOZILLA, Some(roots)) => Ok(Trust::MozillaAnd(roots)),
        (constants::TRUST_PLATFORM, roots) => platform(roots),
        (constants::TRUST_ONLY_GIVEN, Some(roots)) => Ok(Trust::Only(roots)),
        (constants::TRUST_ONLY_GIVEN, None) => {
            Err(Error::invalid_argument("trust is OAUTHAPP_TRUST_ONLY_GIVEN, and no trusted roots are given"))
        }
        _ => Err(Error::invalid_argument("trust must be a value of oauthapp_trust")),
    }
}

#[cfg(feature = "platform-verifier")]
fn platform(roots: Option<Roots>) -> Result<Trust> {
    match roots {
        None => Ok(Trust::Platform),
        #[cfg(not(target_os = "android"))]
        Some(roots) => Ok(Trust::PlatformAnd(roots)),
        #[cfg(target_os = "android")]
        Some(_) => Err(Error::invalid_argument("On Android, trusted roots can't be added to those of the platform")),
    }
}

#[cfg(not(feature = "platform-verifier"))]
fn platform(_: Option<Roots>) -> Result<Trust> {
    Err(Error::invalid_argument("This library was built without the platform's verifier"))
}

/// # Safety
/// As [`apply`].
unsafe fn client_certificate(config: &oauthapp_client_config) -> Result<Option<ClientCertificate>> {
    // SAFETY: as promised for this function.
    let given = unsafe {
        [
            optional_text(config.client_certificate_pem, "client_certificate_pem")?,
            optional_text(config.client_key_pem, "client_key_pem")?,
            setting(config.client_certificate_file, "client_certificate_file", ErrorKind::InvalidClientCertificate)?,
            setting(config.client_key_file, "client_key_file", ErrorKind::InvalidClientCertificate)?,
        ]
    };
    match given {
        [None, None, None, None] => Ok(None),
        [Some(certificate), Some(key), None, None] => {
            ClientCertificate::from_pem(certificate.as_bytes(), key.as_bytes()).map(Some)
        }
        [None, None, Some(certificate), Some(key)] => ClientCertificate::from_pem_files(certificate, key).map(Some),
        _ => Err(Error::new(ErrorKind::InvalidClientCertificate)
            .remark("A certificate and its key must be given, both as text or both as files")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;
    use std::ptr;

    #[test]
    fn roots_of_a_text_and_of_a_file_are_believed_together() {
        let pem =
            CString::new(rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem()).unwrap();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/fuzz/root.pem");
        let file = CString::new(file).unwrap();
        for (pem, file, expected) in [
            (ptr::null(), ptr::null(), "None"),
            (pem.as_ptr(), ptr::null(), "Some(Roots(1))"),
            (ptr::null(), file.as_ptr(), "Some(Roots(1))"),
            (pem.as_ptr(), file.as_ptr(), "Some(Roots(2))"),
        ] {
            // SAFETY: all zeroes are a value; the strings live here.
            let found = unsafe {
                let mut config: oauthapp_client_config = std::mem::MaybeUninit::zeroed().assume_init();
                (config.trusted_roots_pem, config.trusted_roots_file) = (pem, file);
                roots(&config)
            };
            assert_eq!(format!("{:?}", found.unwrap()), expected);
        }
    }

    #[test]
    fn a_client_certificate_is_given_as_texts_or_as_files_and_not_as_both() {
        let own = rcgen::generate_simple_self_signed(["client".to_owned()]).unwrap();
        let pem = |text: String| CString::new(text).unwrap();
        let (certificate, key) = (pem(own.cert.pem()), pem(own.signing_key.serialize_pem()));
        let file = c"/no/such/file".as_ptr();
        for (certificate_file, key_file, is_taken) in [
            (ptr::null(), ptr::null(), true),
            (file, ptr::null(), false),
            (ptr::null(), file, false),
            (file, file, false),
        ] {
            // SAFETY: all zeroes are a value; the strings live here.
            let found = unsafe {
                let mut config: oauthapp_client_config = std::mem::MaybeUninit::zeroed().assume_init();
                (config.client_certificate_pem, config.client_key_pem) = (certificate.as_ptr(), key.as_ptr());
                (config.client_certificate_file, config.client_key_file) = (certificate_file, key_file);
                client_certificate(&config)
            };
            match found {
                Ok(found) => assert!(is_taken && found.is_some()),
                Err(error) => {
                    assert!(!is_taken, "{error}");
                    assert!(error.to_string().contains("both as text or both as files"), "{error}");
                }
            }
        }
    }

    #[test]
    fn each_trust_is_the_one_that_is_asked_for() {
        let roots = || Some(Roots::from_pem(include_bytes!("../fuzz/root.pem")).unwrap());
        for (base, roots, expected) in [
            (constants::TRUST_MOZILLA, None, "Mozilla"),
            (constants::TRUST_MOZILLA, roots(), "MozillaAnd(Roots(1))"),
            (constants::TRUST_ONLY_GIVEN, roots(), "Only(Roots(1))"),
            #[cfg(feature = "platform-verifier")]
            (constants::TRUST_PLATFORM, None, "Platform"),
            #[cfg(all(feature = "platform-verifier", not(target_os = "android")))]
            (constants::TRUST_PLATFORM, roots(), "PlatformAnd(Roots(1))"),
        ] {
            assert_eq!(format!("{:?}", trust(base, roots).unwrap()), expected);
        }
    }
}
