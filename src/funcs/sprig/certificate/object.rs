//! A certificate with its key, as templates see it.

use std::any::Any;

use crate::value::{Object, Str, Value};

/// Two texts in PEM.
pub(super) struct CertificateObject {
    pub cert: Str,
    pub key: Str,
}

impl Object for CertificateObject {
    fn go_type(&self) -> &'static str {
        super::TYPE
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let (cert, key) = (self.cert.clone(), self.key.clone());
        vec![("Cert", cert.into()), ("Key", key.into())]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Returns the certificate that a value holds.
pub(super) fn certificate_of(value: &Value) -> Option<&CertificateObject> {
    value.as_object()?.as_any().downcast_ref()
}
