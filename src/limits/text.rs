//! Values of limits as people write them: `1000`, `64MiB`, `10s`.

use super::Unit;

const SIZES: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
const TIMES: [(&str, u64); 4] = [("h", 3_600_000), ("ms", 1), ("m", 60_000), ("s", 1000)];

/// Reads a value.
pub(super) fn parse(unit: Unit, text: &[u8]) -> Result<u64, String> {
    let expected = match unit {
        Unit::Bytes => "a size such as 65536, 64KiB, 10MiB or 1GiB",
        Unit::Count => "a whole number such as 1000",
        Unit::Time => "a time such as 500ms, 10s or 2m",
    };
    let wrong = || format!("expected {expected}");
    let text = std::str::from_utf8(text).map_err(|_| wrong())?;
    let at = text.find(|c: char| !c.is_ascii_digit());
    let (digits, suffix) = text.split_at(at.unwrap_or(text.len()));
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let factor = match (unit, suffix) {
        (Unit::Bytes | Unit::Count, "") => Some(1),
        (Unit::Bytes, suffix) => factor(&SIZES, suffix),
        (Unit::Time, suffix) => factor(&TIMES, suffix),
        (Unit::Count, _) => None,
    };
    let factor = factor.ok_or_else(wrong)?;
    number.checked_mul(factor).ok_or_else(wrong)
}

fn factor(units: &[(&str, u64)], suffix: &str) -> Option<u64> {
    let found = units.iter().find(|(name, _)| *name == suffix);
    found.map(|(_, factor)| *factor)
}

/// Writes a value in the largest unit that fits.
pub(super) fn show(unit: Unit, value: u64) -> String {
    let units: &[(&str, u64)] = match unit {
        Unit::Bytes => &SIZES,
        Unit::Count => &[],
        Unit::Time => &[("s", 1000), ("ms", 1)],
    };
    let fits = units
        .iter()
        .find(|(_, factor)| value > 0 && value.is_multiple_of(*factor));
    match fits {
        Some((name, factor)) => format!("{}{name}", value / factor),
        None if unit == Unit::Time => format!("{value}ms"),
        None => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_times_and_numbers() {
        let read = |unit, text: &str| parse(unit, text.as_bytes());
        assert_eq!(read(Unit::Bytes, "64KiB"), Ok(65_536));
        assert_eq!(read(Unit::Bytes, "12"), Ok(12));
        assert_eq!(read(Unit::Time, "2m"), Ok(120_000));
        assert_eq!(read(Unit::Time, "500ms"), Ok(500));
        assert_eq!(read(Unit::Count, "1000"), Ok(1000));
        let bad = [
            (Unit::Count, "1k"),
            (Unit::Time, "10"),
            (Unit::Bytes, "-1"),
            (Unit::Bytes, "1MB"),
            (Unit::Bytes, "99999999999999999999"),
            (Unit::Bytes, "18446744073709551615KiB"),
            (Unit::Bytes, ""),
        ];
        for (unit, text) in bad {
            assert!(read(unit, text).is_err(), "{text}");
        }
        assert_eq!(show(Unit::Bytes, 3 << 20), "3MiB");
        assert_eq!(show(Unit::Bytes, 1025), "1025");
        assert_eq!(show(Unit::Time, 1500), "1500ms");
    }
}
