//! Times, spans and layouts, with the answers of `date`, `toDate`, `duration` and their like.

use super::*;

fn formatted(unix: i64, zone: &str, layout: &str) -> String {
    let zone = Location::load(zone.as_bytes(), &Location::UTC).unwrap_or(Location::UTC);
    String::from_utf8(Time::from_unix(unix, 0, &zone).format(layout.as_bytes())).unwrap()
}

fn parsed(layout: &str, text: &str, zone: &Location) -> Result<String, String> {
    let time = Time::parse(layout.as_bytes(), text.as_bytes(), zone)?;
    let mut out = Vec::new();
    time.append_text(&mut out);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn formats() {
    for (unix, layout, wanted) in [
        (1_700_000_000, "Mon Jan 2 2006", "Tue Nov 14 2023"),
        (
            4_102_444_800,
            "-07:00:00 -070000 Z070000",
            "+00:00:00 +000000 Z",
        ),
        (4_102_444_800, "001 002 003", "001 001 012"),
        (1_720_000_000, "PM pm Pm", "AM am Pm"),
        (0, "_2006 _20", "_1970  10"),
        (0, "__2 _2|2 02", "  1  1|1 01"),
        (
            0,
            "Janet Mondays January Monday",
            "Janet Thursdays January Thursday",
        ),
        (0, ".000 ,9 .09 .00x", ".000  .09 .00x"),
        (0, "3PM 03 15h4m5s", "12AM 12 00h0m0s"),
        (0, "no tokens", "no tokens"),
        (-62_198_755_200, "2006 06", "-0001 00"),
        (253_402_300_800, "2006", "10000"),
    ] {
        assert_eq!(formatted(unix, "UTC", layout), wanted, "{layout}");
    }
    let fraction = Time::from_unix(0, 120_000_000, &Location::UTC);
    assert_eq!(
        fraction.format(b"5.000000 5.999 5,00 5.0"),
        b"0.120000 0.12 0,12 0.1"
    );
    let fixed = Time::from_unix(0, 0, &Location::fixed(b"", -3_661));
    assert_eq!(
        fixed.format(b"MST -07 -0700 -07:00:00 Z07:00"),
        b"-0101 -01 -0101 -01:01:01 -01:01"
    );
}

#[test]
fn zones() {
    let layout = "2006-01-02 15:04:05 -0700 MST";
    for (unix, zone, wanted) in [
        (
            1_720_000_000,
            "America/New_York",
            "2024-07-03 05:46:40 -0400 EDT",
        ),
        (
            500_000_000,
            "Asia/Kathmandu",
            "1985-11-05 06:23:20 +0530 +0530",
        ),
        (
            1_700_000_000,
            "Africa/Casablanca",
            "2023-11-14 23:13:20 +0100 +01",
        ),
        (0, "GMT", "1970-01-01 00:00:00 +0000 GMT"),
        (0, "utc", "1970-01-01 00:00:00 +0000 UTC"),
        (0, "europe/berlin", "1970-01-01 00:00:00 +0000 UTC"),
        (0, "Local", "1970-01-01 00:00:00 +0000 UTC"),
        (0, "../etc", "1970-01-01 00:00:00 +0000 UTC"),
        (1 << 40, "Europe/Berlin", "36812-02-20 01:36:16 +0100 CET"),
    ] {
        assert_eq!(formatted(unix, zone, layout), wanted);
    }
    assert_eq!(
        Location::from_tz_variable(b":Europe/Berlin").name(),
        b"Europe/Berlin"
    );
    assert!(Location::from_tz_variable(b"Nowhere").is_utc());
}

#[test]
fn parsing() {
    for (layout, text, wanted) in [
        ("15:04", "10:30", "0000-01-01 10:30:00 +0000 UTC"),
        (
            "Jan 2, 2006 at 3:04pm (MST)",
            "Feb 3, 2013 at 7:54pm (PST)",
            "2013-02-03 19:54:00 +0000 PST",
        ),
        ("06-1-2", "68-5-6", "2068-05-06 00:00:00 +0000 UTC"),
        ("2006-002", "2020-366", "2020-12-31 00:00:00 +0000 UTC"),
        ("3PM", "12AM", "0000-01-01 00:00:00 +0000 UTC"),
        (
            "15:04:05",
            "01:02:03.25",
            "0000-01-01 01:02:03.25 +0000 UTC",
        ),
        (
            "15:04:05.000",
            "01:02:03,250",
            "0000-01-01 01:02:03.25 +0000 UTC",
        ),
        (
            "2006-01-02 Z07:00",
            "2020-01-01 +01:00",
            "2020-01-01 00:00:00 +0100 +0100",
        ),
        (
            "2006-01-02 -0700",
            "2020-01-01 +0000",
            "2020-01-01 00:00:00 +0000 UTC",
        ),
        ("2006 MST", "2020 GMT+3", "2020-01-01 03:00:00 +0300 GMT+3"),
        (
            "Mon  Jan _2 2006",
            "mon JAN  5  2006",
            "2006-01-05 00:00:00 +0000 UTC",
        ),
    ] {
        assert_eq!(
            parsed(layout, text, &Location::UTC).as_deref(),
            Ok(wanted),
            "{text}"
        );
    }
    let berlin = Location::load(b"Europe/Berlin", &Location::UTC).unwrap();
    for (layout, text, wanted) in [
        ("2006-01-02", "2020-07-01", "2020-07-01 00:00:00 +0200 CEST"),
        (
            "2006-01-02 15:04",
            "2020-03-29 02:30",
            "2020-03-29 03:30:00 +0200 CEST",
        ),
        (
            "2006-01-02 15:04",
            "2020-10-25 02:30",
            "2020-10-25 02:30:00 +0100 CET",
        ),
        (
            "2006-01-02 MST",
            "2020-07-01 CET",
            "2020-07-01 01:00:00 +0200 CEST",
        ),
        (
            "2006-01-02 MST",
            "2020-07-01 CEST",
            "2020-07-01 00:00:00 +0200 CEST",
        ),
        (
            "2006-01-02 -0700",
            "2020-07-01 +0200",
            "2020-07-01 00:00:00 +0200 CEST",
        ),
        (
            "2006-01-02 MST",
            "2020-07-01 PST",
            "2020-07-01 00:00:00 +0000 PST",
        ),
    ] {
        assert_eq!(
            parsed(layout, text, &berlin).as_deref(),
            Ok(wanted),
            "{text}"
        );
    }
}

#[test]
fn malformed() {
    for (layout, text, wanted) in [
        (
            "2006-01-02",
            "2017-13-01",
            r#"parsing time "2017-13-01": month out of range"#,
        ),
        (
            "2006-01-02",
            "2019-02-29",
            r#"parsing time "2019-02-29": day out of range"#,
        ),
        (
            "2006-01-02",
            "2019-08-07x",
            r#"parsing time "2019-08-07x": extra text: "x""#,
        ),
        (
            "2006-01-02",
            "",
            r#"parsing time "" as "2006-01-02": cannot parse "" as "2006""#,
        ),
        (
            "15:04",
            "25:00",
            r#"parsing time "25:00": hour out of range"#,
        ),
        (
            "2006-01-02",
            "17-1-1",
            r#"parsing time "17-1-1" as "2006-01-02": cannot parse "17-1-1" as "2006""#,
        ),
        (
            "2006-01-02",
            "2017/12/31",
            r#"parsing time "2017/12/31" as "2006-01-02": cannot parse "/12/31" as "-""#,
        ),
        (
            "2006-002",
            "2019-366",
            r#"parsing time "2019-366": day-of-year out of range"#,
        ),
        (
            "MST",
            "x",
            r#"parsing time "x" as "MST": cannot parse "x" as "MST""#,
        ),
        (
            "2006-01-02 \"q\"",
            "2020\u{e9}",
            r#"parsing time "2020\xc3\xa9" as "2006-01-02 \"q\"": cannot parse "\xc3\xa9" as "-""#,
        ),
        (
            "-0700",
            "+2501",
            r#"parsing time "+2501": time zone offset hour out of range"#,
        ),
        (
            "2006-01-002",
            "2020-02-001",
            r#"parsing time "2020-02-001": day-of-year does not match month"#,
        ),
    ] {
        assert_eq!(parsed(layout, text, &Location::UTC), Err(wanted.into()));
    }
}

#[test]
fn arithmetic() {
    let time = Time::date([2020, 1, 31], [13, 44, 5, 0], &Location::UTC);
    assert_eq!(time.add_date(0, 1, 0).format(b"2006-01-02"), b"2020-03-02");
    assert_eq!(
        time.truncate(Duration::HOUR).format(b"15:04:05"),
        b"13:00:00"
    );
    assert_eq!(time.round(Duration::HOUR).format(b"15:04:05"), b"14:00:00");
    assert_eq!(
        time.add(Duration(-1)).format(b"5.999999999"),
        b"4.999999999"
    );
    assert_eq!(time.since(&Time::ZERO), Duration(i64::MAX));
    assert_eq!(Time::ZERO.since(&time), Duration(i64::MIN));
    assert_eq!(time.civil().weekday, 5);
    assert_eq!(
        Time::date([2020, 14, 0], [25, 0, 0, -1], &Location::UTC)
            .rfc3339()
            .as_deref(),
        Ok("2021-02-01T00:59:59.999999999Z")
    );
    assert_eq!(
        Time::date([10000, 1, 1], [0; 4], &Location::UTC).rfc3339(),
        Err("year outside of range [0,9999]")
    );
    let mut out = Vec::new();
    Time::ZERO
        .with_monotonic(1_500_000_001)
        .append_text(&mut out);
    assert_eq!(out, b"0001-01-01 00:00:00 +0000 UTC m=+1.500000001");
    // Far away moments neither panic nor hang.
    for seconds in [i64::MIN, i64::MAX] {
        let far = Time::from_unix(seconds, 0, &Location::from_tz_variable(b"Europe/Berlin"));
        let _ = (
            far.format(RFC3339_NANO),
            far.add_date(i64::MAX, i64::MIN, 5),
            far.truncate(Duration(7)),
        );
    }
}
