//! The addresses of an application's calls, each put together once.

use crate::base_url::BaseUrl;
use crate::error::{Error, ErrorKind, Result};
use crate::sync::RwLock;
use std::sync::PoisonError;
use ureq::http::Uri;

pub(crate) struct Endpoints {
    application: String,
    /// By operation. There are ten of them at most.
    known: RwLock<Vec<(&'static str, Uri)>>,
}

impl Endpoints {
    pub(crate) fn new(base: &BaseUrl, app_id: i64) -> Self {
        Endpoints { application: format!("{}/api/AppUsers/{app_id}", base.origin()), known: RwLock::default() }
    }

    /// The address of an operation.
    pub(crate) fn uri(&self, operation: &'static str) -> Result<Uri> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, uri)) = known.iter().find(|(name, _)| *name == operation) {
            return Ok(uri.clone());
        }
        drop(known);
        let uri: Uri = format!("{}/{operation}", self.application)
            .parse()
            .map_err(|_| Error::new(ErrorKind::Internal).remark("The address could not be put together"))?;
        self.known.write().unwrap_or_else(PoisonError::into_inner).push((operation, uri.clone()));
        Ok(uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_keeps_its_own_address() {
        let endpoints = Endpoints::new(&BaseUrl::parse("https://www.oauthapp.com", false).unwrap(), 2);
        // Some names are parts of others, and all are asked for a second time.
        for operation in ["UnionIDSignIn", "SignIn", "QRCodePreSignIn", "QRCodeSignIn", "UnionIDSignIn", "SignIn"] {
            let path = format!("/api/AppUsers/2/{operation}");
            assert_eq!(endpoints.uri(operation).unwrap().path(), path);
        }
        assert_eq!(endpoints.known.read().unwrap().len(), 4, "each is kept once");
    }
}
