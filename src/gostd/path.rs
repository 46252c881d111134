//! Slash-separated paths as text, never the file system: `Go: path` (and `path/filepath` on Unix,
//! which has the same rules).

/// Returns the shortest path equivalent to `path` by the rules of text alone: no doubled slashes,
/// no `.`, no inner `..`; the empty path is `.`.
pub fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = is_abs(path);
    let mut out = Vec::with_capacity(path.len().max(1));
    if rooted {
        out.push(b'/');
    }
    // Where the part begins that a following `..` may not take away: the root, or leading `..`s.
    let mut floor = out.len();
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if out.len() > floor => {
                let cut = out[floor..]
                    .iter()
                    .rposition(|&byte| byte == b'/')
                    .unwrap_or(0);
                out.truncate(floor + cut);
            }
            b".." if rooted => {}
            _ => {
                if !(out.is_empty() || (rooted && out.len() == 1)) {
                    out.push(b'/');
                }
                out.extend_from_slice(part);
                if part == b".." {
                    floor = out.len();
                }
            }
        }
    }
    if out.is_empty() {
        out.push(b'.');
    }
    out
}

/// Returns the last element, without trailing slashes; `.` for the empty path, `/` for slashes only.
pub fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path
        .iter()
        .rposition(|&byte| byte != b'/')
        .map_or(0, |last| last + 1);
    if end == 0 {
        return b"/";
    }
    let start = path[..end]
        .iter()
        .rposition(|&byte| byte == b'/')
        .map_or(0, |slash| slash + 1);
    &path[start..end]
}

/// Returns all but the last element, cleaned.
pub fn dir(path: &[u8]) -> Vec<u8> {
    clean(split(path).0)
}

/// Returns what precedes the last element (with its slash) and the last element.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    path.split_at(
        path.iter()
            .rposition(|&byte| byte == b'/')
            .map_or(0, |slash| slash + 1),
    )
}

/// Returns the last element from its last dot on, or nothing.
pub fn ext(path: &[u8]) -> &[u8] {
    let file = split(path).1;
    file.iter()
        .rposition(|&byte| byte == b'.')
        .map_or(b"", |dot| &file[dot..])
}

/// Returns the non-empty parts with slashes between, cleaned; nothing if all are empty.
pub fn join<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !joined.is_empty() {
            joined.push(b'/');
        }
        joined.extend_from_slice(part);
    }
    if joined.is_empty() {
        joined
    } else {
        clean(&joined)
    }
}

/// Whether the path begins with a slash.
pub fn is_abs(path: &[u8]) -> bool {
    path.first() == Some(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning() {
        for (path, wanted) in [
            ("", "."),
            (".", "."),
            ("/", "/"),
            ("//a//b/", "/a/b"),
            ("a/./b/../c", "a/c"),
            ("a/..", "."),
            ("a/../..", ".."),
            ("../../a/../b", "../../b"),
            ("/../a", "/a"),
            ("/..", "/"),
            ("/a/../..", "/"),
            ("./a", "a"),
            ("a/b/c/../../d", "a/d"),
            ("..a/..", "."),
            ("../a/b/../..", ".."),
            ("...", "..."),
        ] {
            assert_eq!(clean(path.as_bytes()), wanted.as_bytes(), "{path}");
        }
    }

    #[test]
    fn parts() {
        for (path, wanted_base, wanted_dir, wanted_ext) in [
            ("", ".", ".", ""),
            ("/", "/", "/", ""),
            ("//", "/", "/", ""),
            ("a", "a", ".", ""),
            ("/a", "a", "/", ""),
            ("a/b.tar.gz", "b.tar.gz", "a", ".gz"),
            ("a.b/c", "c", "a.b", ""),
            ("a/b/", "b", "a/b", ""),
            (".hidden", ".hidden", ".", ".hidden"),
        ] {
            assert_eq!(base(path.as_bytes()), wanted_base.as_bytes(), "{path}");
            assert_eq!(dir(path.as_bytes()), wanted_dir.as_bytes(), "{path}");
            assert_eq!(ext(path.as_bytes()), wanted_ext.as_bytes(), "{path}");
        }
        assert_eq!(join([&b""[..], b"a", b"", b"../b"]), b"b");
        assert_eq!(join([&b""[..]]), b"");
        assert!(is_abs(b"/x") && !is_abs(b"x"));
    }
}
