//! The buffers between ureq and a connection. Passwords and tokens pass through them, and nothing stays behind in them.

use super::interim::{self, Interim};
use std::ops::Range;
use ureq::config::Config;
use ureq::unversioned::transport::Buffers;
use zeroize::Zeroize;

/// As ureq's own, but what has been sent or read is overwritten, and in the end so is what has not; and interim answers can be
/// left out.
pub(super) struct WipedBuffers {
    input: Block,
    /// What of the input has arrived and is not read yet.
    unread: Range<usize>,
    /// Whether something was read since something arrived.
    progress: bool,
    /// Whether since something was sent nothing has come that is known to be an answer.
    awaits_answer: bool,
    /// Whether what has arrived may be the beginning of an interim answer, and is not shown.
    hides: bool,
    output: Block,
}

/// Memory that is lent to someone who puts bytes into it.
struct Block {
    bytes: Vec<u8>,
    largest: usize,
    /// Whether it is lent, and nobody has said yet how many bytes were put into it.
    lent: bool,
}

impl Block {
    fn new(largest: usize) -> Self {
        Block { bytes: Vec::new(), largest, lent: false }
    }

    /// Becomes a larger one with the same bytes at its beginning; not larger than allowed.
    fn grow(&mut self, size: usize) {
        let size = size.min(self.largest);
        if size > self.bytes.len() {
            let mut larger = Vec::with_capacity(size);
            larger.extend_from_slice(&self.bytes);
            larger.resize(size, 0);
            self.bytes.as_mut_slice().zeroize();
            self.bytes = larger;
        }
    }

    fn wipe(&mut self, range: Range<usize>) {
        self.bytes.get_mut(range).unwrap_or_default().zeroize();
    }

    /// Wipes these bytes, which nobody has taken; or all, where it isn't known how far others have got.
    fn wipe_rest(&mut self, left: Range<usize>) {
        let all = 0..self.bytes.len();
        self.wipe(if self.lent { all } else { left });
    }
}

/// What nearly all answers fit in. From there on the input's block grows with what arrives.
const FIRST_INPUT_BYTES: usize = 4 * 1024;

impl WipedBuffers {
    pub(super) fn new(config: &Config) -> Self {
        WipedBuffers {
            input: Block::new(config.input_buffer_size()),
            unread: 0..0,
            progress: false,
            awaits_answer: false,
            hides: false,
            output: Block::new(config.output_buffer_size()),
        }
    }

    /// The first bytes of the output, to be sent.
    pub(super) fn written(&self, amount: usize) -> &[u8] {
        self.output.bytes.get(..amount).unwrap_or_default()
    }

    /// These bytes are all that was put into the output. They have been sent, or have gone where they will be.
    pub(super) fn output_sent(&mut self, amount: usize) {
        self.output.wipe(0..amount);
        self.output.lent = false;
        self.awaits_answer = true;
    }

    /// Leaves out the interim answers that come before an answer, after each arrival: ureq takes a 100 with header fields, which a
    /// server may send, for a fault, and compares what has come after an interim answer with the longest head.
    pub(super) fn leave_out_interim_answers(&mut self) {
        self.hides = false;
        while self.awaits_answer && !self.hides {
            match interim::at_the_beginning(self.arrived()) {
                Some(Interim::Whole(length)) => self.pass_over(length),
                // One that has no room is shown, for ureq to say so.
                Some(Interim::Part) if self.unread.len() < self.input.largest => self.hides = true,
                _ => self.awaits_answer = false,
            }
        }
    }

    /// What has arrived and is not read yet.
    fn arrived(&self) -> &[u8] {
        self.input.bytes.get(self.unread.clone()).unwrap_or_default()
    }

    /// The first bytes of what has arrived are done with.
    fn pass_over(&mut self, amount: usize) {
        let passed = self.unread.start..self.unread.start.saturating_add(amount);
        self.unread.start = passed.end;
        self.input.wipe(passed);
    }

    fn wipe_rest(&mut self) {
        self.input.wipe_rest(self.unread.clone());
        self.output.wipe_rest(0..0);
    }
}

impl Drop for WipedBuffers {
    fn drop(&mut self) {
        self.wipe_rest();
    }
}

impl Buffers for WipedBuffers {
    /// Of its full size from the beginning: a line that doesn't fit is an error in ureq.
    fn output(&mut self) -> &mut [u8] {
        if self.output.bytes.is_empty() {
            self.output.grow(self.output.largest);
        }
        self.output.lent = true;
        &mut self.output.bytes
    }

    fn input(&self) -> &[u8] {
        if self.hides { &[] } else { self.arrived() }
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        // There may be more where that came from.
        let is_filled = self.unread.end == self.input.bytes.len();
        if self.unread.start > 0 {
            // What was before it has been wiped when it was read.
            let Range { start, end } = self.unread;
            self.input.bytes.copy_within(start..end, 0);
            self.unread = 0..end.saturating_sub(start);
            self.input.wipe(start.max(self.unread.end)..end);
        }
        if is_filled {
            self.input.grow(self.input.bytes.len().saturating_mul(2).max(FIRST_INPUT_BYTES));
        }
        self.input.lent = true;
        self.input.bytes.get_mut(self.unread.end..).unwrap_or_default()
    }

    fn input_appended(&mut self, amount: usize) {
        self.input.lent = false;
        // Also where it has come while something was sent.
        self.progress |= amount > 0;
        self.unread.end = self.unread.end.saturating_add(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.pass_over(amount);
    }

    /// ureq has a use for the first of them only with bodies of unknown length, which are never sent here.
    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        (&mut [], self.output())
    }

    fn can_use_input(&self) -> bool {
        !self.input().is_empty() && self.progress
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
        buffers.output()[..6].copy_from_slice(b"secret");
        assert_eq!(buffers.written(6), b"secret");
        buffers.output_sent(6);
        assert_eq!(buffers.output(), [0; 8]);
    }

    #[test]
    fn in_the_end_all_is_wiped_that_may_hold_something() {
        let config = Agent::config_builder().input_buffer_size(8).output_buffer_size(8).build();
        let mut buffers = WipedBuffers::new(&config);
        buffers.input_append_buf()[..4].copy_from_slice(b"left");
        buffers.input_appended(4);
        buffers.output().copy_from_slice(b"not sent");
        buffers.wipe_rest();
        assert_eq!((&buffers.input.bytes[..], &buffers.output.bytes[..]), (&[0; 8][..], &[0; 8][..]));

        // Put there, but the connection broke before anyone said so.
        buffers.input_append_buf().copy_from_slice(b"lost");
        buffers.wipe_rest();
        assert_eq!(buffers.input.bytes, [0; 8]);
    }

    #[test]
    fn the_input_grows_with_what_arrives_up_to_its_limit() {
        let limit = 2 * FIRST_INPUT_BYTES + 1;
        let config = Agent::config_builder().input_buffer_size(limit).build();
        let mut buffers = WipedBuffers::new(&config);
        let sent: Vec<u8> = (0..=u8::MAX).cycle().take(limit).collect();
        for (free, kept) in [(FIRST_INPUT_BYTES, 0), (FIRST_INPUT_BYTES, FIRST_INPUT_BYTES), (1, limit - 1)] {
            let block = buffers.input_append_buf();
            assert_eq!(block.len(), free);
            block.copy_from_slice(&sent[kept..kept + free]);
            buffers.input_appended(free);
            assert!(buffers.input() == &sent[..kept + free]);
        }
        assert!(buffers.input_append_buf().is_empty());
        buffers.input_consume(limit);
        assert_eq!(buffers.input_append_buf().len(), limit);
    }

    #[test]
    fn interim_answers_are_left_out_until_the_answer_comes() {
        const INTERIM: &[u8] = b"HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n";
        let mut buffers = WipedBuffers::new(&Config::default());
        let arrive = |buffers: &mut WipedBuffers, text: &[u8]| {
            buffers.input_append_buf()[..text.len()].copy_from_slice(text);
            buffers.input_appended(text.len());
            buffers.leave_out_interim_answers();
            buffers.input().to_vec()
        };
        buffers.output_sent(0);
        let (first, rest) = INTERIM.split_at(30);
        assert_eq!(arrive(&mut buffers, first), b"", "it may be one");
        assert!(!buffers.can_use_input());
        assert_eq!(arrive(&mut buffers, &[rest, INTERIM].concat()), b"");
        assert!(buffers.input.bytes.iter().all(|byte| *byte == 0));
        assert_eq!(arrive(&mut buffers, &[INTERIM, b"HTTP/1.1 200 OK"].concat()), b"HTTP/1.1 200 OK");
        assert!(buffers.can_use_input());
        buffers.input_consume(15);
        assert_eq!(arrive(&mut buffers, INTERIM), INTERIM, "what follows the answer's head is its body");
        buffers.input_consume(INTERIM.len());
        buffers.output_sent(0);
        assert_eq!(arrive(&mut buffers, INTERIM), b"");

        let mut buffers = WipedBuffers::new(&Agent::config_builder().input_buffer_size(30).build());
        buffers.output_sent(0);
        assert_eq!(arrive(&mut buffers, first), first, "no room for the rest");
    }
}
