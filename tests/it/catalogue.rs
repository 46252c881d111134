//! Every function that templates can call is recorded: at least three cases in `testdata/conformance` call it.
//!
//! A case calls what stands in its template as the name of a function; a word within a text, a field or a comment is none.

use crate::support::testdata;
use crate::vectors::vectors_of;
use std::collections::{BTreeMap, BTreeSet};
use verta_render::funcs::catalog::CATALOG;
use verta_render::template::lexer::Lexer;
use verta_render::template::token::TokenKind;

/// How many cases are wanted for each name.
const ENOUGH: usize = 3;

/// The functions that a text calls, as far as it can be read.
fn called(text: &[u8], names: &mut BTreeSet<Vec<u8>>) {
    let mut lexer = Lexer::new(text, true, true);
    loop {
        let token = lexer.next_token();
        match token.kind {
            TokenKind::Eof | TokenKind::Error => return,
            TokenKind::Identifier => drop(names.insert(token.span.of(text).to_vec())),
            _ => {}
        }
    }
}

#[test]
fn every_function_is_called_by_three_recorded_cases() {
    let mut cases: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let folder = testdata("conformance");
    let files = std::fs::read_dir(&folder).expect("testdata/conformance can be listed");
    for file in files {
        let path = file.expect("testdata/conformance can be listed").path();
        if path
            .extension()
            .is_none_or(|extension| extension != "jsonl")
        {
            continue;
        }
        for vector in vectors_of(&path) {
            let mut names = BTreeSet::new();
            for text in vector.templates() {
                called(text, &mut names);
            }
            for name in names {
                *cases.entry(name).or_default() += 1;
            }
        }
    }
    let count = |name: &str| cases.get(name.as_bytes()).copied().unwrap_or(0);
    let entries = CATALOG.groups().iter().flat_map(|group| group.entries);
    let missing: Vec<String> = entries
        .map(|entry| (entry.func.name, count(entry.func.name)))
        .filter(|(_, count)| *count < ENOUGH)
        .map(|(name, count)| format!("{name}: {count}"))
        .collect();
    assert!(
        missing.is_empty(),
        "fewer than {ENOUGH} recorded cases (`cargo xtask record`):\n{}",
        missing.join("\n")
    );
}

#[test]
fn calls_are_told_from_other_words() {
    let text = br#"upper {{- /* lower */ -}} {{ "trim" | quote }}{{ .add }}{{ (max 1 2).min }}{{ $len := 1 }}{{ if eq 1 2 }}{{ end }}"#;
    let mut names = BTreeSet::new();
    called(text, &mut names);
    let expected: BTreeSet<Vec<u8>> = ["eq", "max", "quote"].map(|n| n.as_bytes().to_vec()).into();
    assert_eq!(names, expected);
}
