//! How far a text goes on before something in it has a meaning, eight bytes at a time.

/// Returns how many bytes come before one that is smaller than `limit`, which is below 128, or one of `stops`.
#[inline]
pub(crate) fn bytes_before(text: &[u8], limit: u8, stops: [u8; 2]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    /// Sets the highest bit of the first byte that is smaller than `limit`, and maybe of others above it.
    fn below(word: u64, limit: u8) -> u64 {
        word.wrapping_sub(ONES * u64::from(limit)) & !word
    }
    let (words, rest) = text.as_chunks();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = below(word, limit)
            | below(word ^ (ONES * u64::from(stops[0])), 1)
            | below(word ^ (ONES * u64::from(stops[1])), 1);
        if found & HIGH != 0 {
            return place * 8 + (found & HIGH).trailing_zeros() as usize / 8;
        }
    }
    let is_stop = |byte: &u8| *byte < limit || stops.contains(byte);
    words.len() * 8 + rest.iter().position(is_stop).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_stop_is_found_wherever_it_stands() {
        let mut state = 1_u32;
        for _ in 0..20_000 {
            let mut text = Vec::new();
            for _ in 0..state % 30 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let bytes = [b'a', 0x80, 0xFF, b'!', b' ', b';', b':', b'#', 0x1F, 0];
                let common = (state >> 24) as usize % 40;
                text.push(bytes.get(common).copied().unwrap_or(b'x'));
            }
            state = state.wrapping_add(0x9E37_79B9);
            let is_stop = |byte: &u8| *byte < b' ' || matches!(byte, b':' | b'#');
            let expected = text.iter().position(is_stop).unwrap_or(text.len());
            assert_eq!(
                bytes_before(&text, b' ', [b':', b'#']),
                expected,
                "{text:?}"
            );
        }
    }
}
