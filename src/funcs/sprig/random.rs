//! What comes out differently in every render, by the host's randomness.
//!
//! Go: packages `crypto/rand`, `math/rand`; sprig: `strings.go`, `crypto.go`.

use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::base64;
use crate::gostd::unicode::{append_rune, runes};
use crate::limits;
use crate::limits::Limit;
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Int, String as Text};
use crate::value::Value;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Random values",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("randAlphaNum", &[Int], |ctx, a| {
        characters(ctx, a, |b| b.is_ascii_alphanumeric())
    })
    .doc(
        "randAlphaNum LENGTH",
        "Returns random letters and digits.",
        "{{ randAlphaNum 5 | len }}",
        "5",
    ),
    func("randAlpha", &[Int], |ctx, a| {
        characters(ctx, a, |b| b.is_ascii_alphabetic())
    })
    .doc(
        "randAlpha LENGTH",
        "Returns random letters.",
        "{{ randAlpha 5 | len }}",
        "5",
    ),
    func("randNumeric", &[Int], |ctx, a| {
        characters(ctx, a, |b| b.is_ascii_digit())
    })
    .doc(
        "randNumeric LENGTH",
        "Returns random digits.",
        "{{ randNumeric 5 | len }}",
        "5",
    ),
    func("randAscii", &[Int], |ctx, a| {
        characters(ctx, a, |b| matches!(b, b' '..=b'~'))
    })
    .doc(
        "randAscii LENGTH",
        "Returns random printable characters of ASCII.",
        "{{ randAscii 5 | len }}",
        "5",
    ),
    func("randBytes", &[Int], rand_bytes).doc(
        "randBytes COUNT",
        "Returns random bytes in base64.",
        "{{ randBytes 3 | len }}",
        "4",
    ),
    func("randInt", &[Int, Int], rand_int).doc(
        "randInt MIN MAX",
        "Returns a random number from MIN up to MAX, MAX not included.",
        "{{ randInt 5 6 }}",
        "5",
    ),
    func("shuffle", &[Text], shuffle).doc(
        "shuffle TEXT",
        "Returns the characters of the text in a random order.",
        r#"{{ shuffle "hello" | len }}"#,
        "5",
    ),
    func("uuidv4", &[], |ctx, _| uuid(ctx)).doc(
        "uuidv4",
        "Returns a random UUID.",
        "{{ uuidv4 | len }}",
        "36",
    ),
];

/// Fills a buffer with random bytes.
pub(super) fn fill(ctx: &dyn CallContext, buffer: &mut [u8]) -> Result<(), FuncError> {
    ctx.host().random(buffer).map_err(FuncError::new)
}

/// Counts a key, a certificate or a slow hash, and looks at the clock.
#[cfg(feature = "crypto")]
pub(super) fn spend_key() -> Result<(), FuncError> {
    limits::spend(Limit::Keys, 1)?;
    Ok(limits::check()?)
}

/// Returns `LENGTH` random characters of a class, each as likely as the others; none for a
/// length that is not positive.
fn characters(ctx: &mut dyn CallContext, a: Args<'_>, belongs: fn(u8) -> bool) -> FuncResult {
    let length = usize::try_from(a.int(0)).unwrap_or(0);
    ctx.check(Limit::Random, length)?;
    let class: Vec<u8> = (0..128).filter(|b| belongs(*b)).collect();
    let mut out = Vec::with_capacity(length);
    let mut buffer = [0u8; 256];
    while out.len() < length {
        fill(ctx, &mut buffer)?;
        // 128 is no multiple of the class, so bytes beyond it are thrown away.
        let chosen = buffer
            .iter()
            .filter_map(|b| class.get(usize::from(b & 127)));
        out.extend(chosen.take(length - out.len()));
    }
    text(out)
}

fn rand_bytes(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let Ok(count) = usize::try_from(a.int(0)) else {
        return Err(FuncError::new("runtime error: makeslice: len out of range"));
    };
    ctx.check(Limit::Random, count)?;
    let mut bytes = vec![0; count];
    fill(ctx, &mut bytes)?;
    text(base64::encode(&bytes))
}

/// Random numbers of which many are wanted, asked of the host by the block.
struct Numbers {
    block: Vec<u8>,
    used: usize,
}

impl Numbers {
    /// Prepares about `count` numbers.
    fn new(count: usize) -> Numbers {
        let block = vec![0; count.clamp(1, 1024) * 8];
        let used = block.len();
        Numbers { block, used }
    }

    fn next(&mut self, ctx: &dyn CallContext) -> Result<u64, FuncError> {
        if self.used >= self.block.len() {
            limits::check()?;
            fill(ctx, &mut self.block)?;
            self.used = 0;
        }
        let rest = self.block.get(self.used..).unwrap_or_default();
        self.used += 8;
        Ok(rest.first_chunk().map_or(0, |n| u64::from_ne_bytes(*n)))
    }

    /// Returns a number below `limit`, which is not 0.
    fn below(&mut self, ctx: &dyn CallContext, limit: u64) -> Result<u64, FuncError> {
        // The last, incomplete round of numbers is thrown away.
        let end = u64::MAX - u64::MAX % limit;
        loop {
            let n = self.next(ctx)?;
            if n < end {
                return Ok(n % limit);
            }
        }
    }
}

fn rand_int(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let (least, end) = (a.int(0), a.int(1));
    match u64::try_from(end.wrapping_sub(least)) {
        Ok(range) if range > 0 => {
            let n = Numbers::new(1).below(ctx, range)?;
            Ok(Value::int(least.wrapping_add(n as i64)))
        }
        _ => Err(FuncError::new("invalid argument to Intn")),
    }
}

fn shuffle(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let mut all: Vec<char> = runes(a.str(0)).map(|(_, rune, _)| rune).collect();
    let mut numbers = Numbers::new(all.len());
    for i in (1..all.len()).rev() {
        let other = numbers.below(ctx, i as u64 + 1)?;
        all.swap(i, other as usize);
    }
    let mut out = Vec::with_capacity(a.str(0).len());
    all.into_iter().for_each(|rune| append_rune(&mut out, rune));
    text(out)
}

fn uuid(ctx: &mut dyn CallContext) -> FuncResult {
    let mut bytes = [0u8; 16];
    fill(ctx, &mut bytes)?;
    // Version 4, variant 1.
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    text(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    ))
}
