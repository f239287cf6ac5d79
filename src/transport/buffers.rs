//! The buffers between ureq and a connection. Passwords and tokens pass through them, and nothing stays behind in them.

use crate::secret::wipe;
use std::ops::Range;
use ureq::config::Config;
use ureq::unversioned::transport::Buffers;

/// As ureq's own, but what has been sent or read is overwritten, and so is all of it in the end.
pub(super) struct WipedBuffers {
    input: WipedBlock,
    /// What of the input has arrived and is not read yet.
    unread: Range<usize>,
    /// Whether something was read since something arrived.
    progress: bool,
    output: WipedBlock,
}

/// A block that is allocated when it is first used.
struct WipedBlock {
    bytes: Vec<u8>,
    size: usize,
}

impl WipedBlock {
    fn new(size: usize) -> Self {
        WipedBlock { bytes: Vec::new(), size }
    }

    fn bytes(&mut self) -> &mut [u8] {
        if self.bytes.is_empty() {
            self.bytes = vec![0; self.size];
        }
        &mut self.bytes
    }

    fn wipe(&mut self, range: Range<usize>) {
        wipe(self.bytes.get_mut(range).unwrap_or_default());
    }
}

impl Drop for WipedBlock {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

impl WipedBuffers {
    pub(super) fn new(config: &Config) -> Self {
        WipedBuffers {
            input: WipedBlock::new(config.input_buffer_size()),
            unread: 0..0,
            progress: false,
            output: WipedBlock::new(config.output_buffer_size()),
        }
    }

    /// The first bytes of the output, to be sent.
    pub(super) fn written(&self, amount: usize) -> &[u8] {
        self.output.bytes.get(..amount).unwrap_or_default()
    }

    /// These bytes of the output have been sent, or have gone where they will be.
    pub(super) fn output_sent(&mut self, amount: usize) {
        self.output.wipe(0..amount);
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.output.bytes()
    }

    fn input(&self) -> &[u8] {
        self.input.bytes.get(self.unread.clone()).unwrap_or_default()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.unread.start > 0 {
            let Range { start, end } = self.unread;
            self.input.bytes.copy_within(start..end, 0);
            self.unread = 0..end.saturating_sub(start);
            self.input.wipe(self.unread.end..end);
        }
        self.input.bytes().get_mut(self.unread.end..).unwrap_or_default()
    }

    fn input_appended(&mut self, amount: usize) {
        self.unread.end = self.unread.end.saturating_add(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        let read = self.unread.start..self.unread.start.saturating_add(amount);
        self.unread.start = read.end;
        self.input.wipe(read);
    }

    /// ureq has a use for the first of them only with bodies of unknown length, which are never sent here.
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        let free = self.input.bytes().get_mut(self.unread.end..).unwrap_or_default();
        (free, self.output.bytes())
    }

    fn can_use_input(&self) -> bool {
        !self.unread.is_empty() && self.progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::Agent;

    #[test]
    fn what_was_read_or_sent_is_gone_and_the_rest_is_still_there() {
        let config = Agent::config_builder().input_buffer_size(8).output_buffer_size(8).build();
        let mut buffers = WipedBuffers::new(&config);
        buffers.input_append_buf()[..6].copy_from_slice(b"abcdef");
        buffers.input_appended(6);
        buffers.input_consume(2);
        assert_eq!(buffers.input(), b"cdef");
        assert_eq!(buffers.input.bytes, b"\0\0cdef\0\0");
        assert!(buffers.can_use_input());
        assert_eq!(buffers.input_append_buf().len(), 4);
        assert_eq!(buffers.input.bytes, b"cdef\0\0\0\0");
        buffers.input_append_buf().copy_from_slice(b"ghij");
        buffers.input_appended(4);
        assert!(buffers.input_append_buf().is_empty());
        buffers.input_consume(8);
        assert!(!buffers.can_use_input());
        assert_eq!(buffers.input.bytes, [0; 8]);
        buffers.output().copy_from_slice(b"secret!!");
        assert_eq!(buffers.written(6), b"secret");
        buffers.output_sent(6);
        assert_eq!(buffers.output(), b"\0\0\0\0\0\0!!");
    }
}
