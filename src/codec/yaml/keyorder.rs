//! The order in which go-yaml prints the keys of a map: natural, so that `a2` comes
//! before `a10`.
//!
//! Go: `sorter.go` of go-yaml, versions 2 and 3.

use std::cmp::Ordering;

use super::emit::Dialect;
use crate::gostd::unicode::{decode_rune, is_digit, is_letter};

/// So many entries are sorted in place.
const FEW: usize = 32;

/// Sorts entries by their keys.
///
/// The order is not transitive (`10a` < `1a` < `2a` < `10a`), which the standard
/// library's sort does not allow: this one gives some stable result for such keys.
pub(super) fn sort_by_key<T>(entries: &mut [T], key: impl Fn(&T) -> &[u8], dialect: Dialect) {
    let less = |a: &T, b: &T| compare(key(a), key(b), dialect) == Ordering::Less;
    if entries.len() > FEW {
        return merge_sort(entries, less);
    }
    // Entries come sorted by bytes, which nearly always is this order.
    for sorted in 1..entries.len() {
        if !less(&entries[sorted], &entries[sorted - 1]) {
            continue;
        }
        // The place among the sorted ones, found by halving.
        let (mut low, mut high) = (0, sorted);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(&entries[sorted], &entries[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        entries[low..=sorted].rotate_right(1);
    }
}

/// Joins neighbours that are sorted to longer stretches, until there is one.
fn merge_sort<T>(entries: &mut [T], less: impl Fn(&T, &T) -> bool) {
    let count = entries.len();
    let mut order: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let is_less = |a: usize, b: usize| less(&entries[a], &entries[b]);
    let mut width = 1;
    while width < count {
        for stretch in order.chunks(2 * width) {
            let (mut left, mut right) = stretch.split_at(width.min(stretch.len()));
            let is_sorted = match (left.last(), right.first()) {
                (Some(last), Some(first)) => !is_less(*first, *last),
                _ => true,
            };
            while let ([first, lefts @ ..], [second, rights @ ..], false) = (left, right, is_sorted)
            {
                if is_less(*second, *first) {
                    merged.push(*second);
                    right = rights;
                } else {
                    merged.push(*first);
                    left = lefts;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        width *= 2;
    }
    let mut places = merged;
    places.resize(count, 0);
    for (place, entry) in order.into_iter().enumerate() {
        places[entry] = place;
    }
    for entry in 0..count {
        while places[entry] != entry {
            let place = places[entry];
            entries.swap(entry, place);
            places.swap(entry, place);
        }
    }
}

/// Compares two keys.
fn compare(a: &[u8], b: &[u8], dialect: Dialect) -> Ordering {
    let mut at = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    if at == a.len() || at == b.len() {
        return a.len().cmp(&b.len());
    }
    // Back to the beginning of the rune.
    while at > 0 && a[at] & 0xC0 == 0x80 {
        at -= 1;
    }
    let (x, _) = decode_rune(&a[at..]);
    let (y, _) = decode_rune(&b[at..]);
    match (is_letter(x), is_letter(y)) {
        (true, true) => return x.cmp(&y),
        (false, false) => {}
        (x_is_letter, _) => {
            // Version 3 ends a number where a letter begins.
            let after_digit = dialect == Dialect::V3 && digits_before(a, at).next().is_some();
            return if x_is_letter == after_digit {
                Ordering::Less
            } else {
                Ordering::Greater
            };
        }
    }
    // A zero after a digit that is not zero continues that number.
    let mut start = 0;
    if (x == '0' || y == '0') && digits_before(a, at).any(|digit| digit != '0') {
        start = 1;
    }
    let (x_number, x_length) = number(&a[at..], start);
    let (y_number, y_length) = number(&b[at..], start);
    x_number
        .cmp(&y_number)
        .then(x_length.cmp(&y_length))
        .then(x.cmp(&y))
}

/// The digits that end before `at`, the last one first.
fn digits_before(text: &[u8], at: usize) -> impl Iterator<Item = char> + '_ {
    let mut end = at;
    std::iter::from_fn(move || {
        let mut begin = end.checked_sub(1)?;
        while begin > 0 && text[begin] & 0xC0 == 0x80 {
            begin -= 1;
        }
        let (rune, _) = decode_rune(&text[begin..end]);
        end = begin;
        is_digit(rune).then_some(rune)
    })
}

/// The number that begins a text, wrapped around in 64 bits, and how many digits it has.
fn number(text: &[u8], start: i64) -> (i64, usize) {
    let mut value = start;
    let mut length = 0;
    let mut rest = text;
    loop {
        let (rune, width) = decode_rune(rest);
        if width == 0 || !is_digit(rune) {
            return (value, length);
        }
        let digit = i64::from(u32::from(rune)) - i64::from(b'0');
        value = value.wrapping_mul(10).wrapping_add(digit);
        length += 1;
        rest = &rest[width..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: &[&'static str], dialect: Dialect) -> Vec<&'static str> {
        let mut keys = keys.to_vec();
        sort_by_key(&mut keys, |k| k.as_bytes(), dialect);
        keys
    }

    #[test]
    fn numbers_count_as_numbers() {
        let keys = ["a10", "a2", "a1", "b", "a-1"];
        assert_eq!(sorted(&keys, Dialect::V2), ["a-1", "a1", "a2", "a10", "b"]);
    }

    #[test]
    fn many_are_sorted_as_few_are() {
        let mut keys: Vec<String> = (0..3000).map(|i| format!("k{}", i * 7919 % 3001)).collect();
        sort_by_key(&mut keys, |k| k.as_bytes(), Dialect::V3);
        let numbers = keys.iter().map(|k| k[1..].parse::<usize>().unwrap());
        assert!(numbers.is_sorted());
        // No order at all does no harm.
        let mut keys: Vec<String> = (0..3000).map(|i| format!("{}a", i % 30)).collect();
        let before: usize = keys.iter().map(String::len).sum();
        sort_by_key(&mut keys, |k| k.as_bytes(), Dialect::V2);
        assert_eq!(keys.iter().map(String::len).sum::<usize>(), before);
    }

    #[test]
    fn the_versions_differ_where_a_letter_follows_a_digit() {
        let keys = ["x1a", "x1.0", "x10"];
        assert_eq!(sorted(&keys, Dialect::V2), ["x1.0", "x10", "x1a"]);
        assert_eq!(sorted(&keys, Dialect::V3), ["x1a", "x1.0", "x10"]);
    }
}
