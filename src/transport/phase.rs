//! Remembers in which phase of connecting an error happened, which ureq's own errors don't say, how long it took, and has
//! the connect timeout count meanwhile.

use super::current;
use super::failure::{Stage, Staged};
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport};

/// A connector whose errors carry the stage that they happened in.
#[derive(Debug)]
pub(super) struct Phase<C> {
    stage: Stage,
    connector: C,
}

impl<C> Phase<C> {
    pub(super) fn new(stage: Stage, connector: C) -> Self {
        Phase { stage, connector }
    }
}

impl<In: Transport, C: Connector<In>> Connector<In> for Phase<C> {
    type Out = C::Out;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<C::Out>, ureq::Error> {
        let bytes_before = current::bytes_moved();
        let result = current::connecting(|| self.connector.connect(details, chained));
        // One that had nothing to do took no time worth telling.
        if current::bytes_moved() > bytes_before {
            current::mark(self.stage.step());
        }
        result.map_err(|error| Staged::tag(self.stage, error))
    }
}
