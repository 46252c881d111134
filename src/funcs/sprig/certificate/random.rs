//! The generator that keys are made with: seeded by the host, it cannot fail on the way.

use std::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

use crate::funcs::sprig::random::{fill, spend_key};
use crate::template::func::{CallContext, FuncError};

/// SHA-256 of the seed and a counter, over and over.
pub(super) struct Generator {
    seed: [u8; 32],
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Generator {
    /// Returns a generator with a seed from the host.
    pub fn new(ctx: &dyn CallContext) -> Result<Generator, FuncError> {
        spend_key()?;
        let mut seed = [0; 32];
        fill(ctx, &mut seed)?;
        Ok(Generator {
            seed,
            counter: 0,
            block: [0; 32],
            used: 32,
        })
    }

    fn byte(&mut self) -> u8 {
        if self.used >= self.block.len() {
            let mut hash = Sha256::new();
            hash.update(self.seed);
            hash.update(self.counter.to_be_bytes());
            self.block = hash.finalize().into();
            self.counter = self.counter.wrapping_add(1);
            self.used = 0;
        }
        let byte = self.block.get(self.used).copied();
        self.used += 1;
        byte.unwrap_or_default()
    }

    /// Returns so many random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }
}

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        buffer.fill_with(|| self.byte());
        Ok(())
    }
}

impl TryCryptoRng for Generator {}
