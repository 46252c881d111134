//! Template text into tokens: they lie within the text, in order, and come to an end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::template::lexer::Lexer;
use verta_render::template::token::TokenKind;

fuzz_target!(|text: &[u8]| {
    for keywords in [true, false] {
        let mut lexer = Lexer::new(text, keywords, keywords);
        let mut end = 0;
        // No token but the last is empty, so there are at most as many as bytes.
        for _ in 0..=text.len() {
            let token = lexer.next_token();
            assert!(token.span.start <= token.span.end);
            assert!(token.span.end as usize <= text.len());
            assert!(token.span.start >= end, "tokens overlap");
            end = token.span.end;
            token.describe(text, &mut Vec::new());
            match token.kind {
                TokenKind::Eof => return,
                TokenKind::Error => {
                    assert!(!lexer.error().is_empty());
                    return;
                }
                _ => assert!(token.span.start < token.span.end, "an empty token"),
            }
        }
        panic!("more tokens than bytes");
    }
});
