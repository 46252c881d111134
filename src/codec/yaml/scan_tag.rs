//! Scanning anchors, tags and directives.

use std::borrow::Cow;

use super::YamlError;
use super::scan::Scanner;
use super::token::{Kind, Mark, Token};

/// Reports whether a byte may stand in the name of an anchor or a handle.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

impl<'a> Scanner<'a> {
    fn word_end(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|b| is_word(**b)).count()
    }

    fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        self.at = self.word_end();
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while let b' ' | b'\t' = self.byte(self.at) {
            self.skip();
        }
    }

    /// Reads the name after `&` or `*`.
    pub(super) fn anchor_name(&mut self) -> Result<Cow<'a, [u8]>, YamlError> {
        self.skip();
        let name = self.word();
        let ended = self.is_blank_or_end(self.at)
            || matches!(
                self.byte(self.at),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if name.is_empty() || !ended {
            return self.fail("did not find expected alphabetic or numeric character");
        }
        Ok(Cow::Borrowed(name))
    }

    /// Reads a tag: `!<uri>`, `!suffix`, `!handle!suffix` or `!`.
    pub(super) fn tag(&mut self, mark: Mark) -> Result<Token<'a>, YamlError> {
        let (handle, suffix) = if self.byte(self.at + 1) == b'<' {
            self.at += 2;
            let uri = self.tag_uri(b"")?;
            if self.byte(self.at) != b'>' {
                return self.fail("did not find the expected '>'");
            }
            self.skip();
            (&b""[..], uri)
        } else {
            let handle = self.tag_handle(false)?;
            if handle.len() > 1 && handle.ends_with(b"!") {
                (handle, self.tag_uri(b"")?)
            } else {
                let uri = self.tag_uri(handle)?;
                if uri.is_empty() {
                    (&b""[..], b"!".to_vec())
                } else {
                    (&b"!"[..], uri)
                }
            }
        };
        if !self.is_blank_or_end(self.at) {
            return self.fail("did not find expected whitespace or line break");
        }
        Ok(Token {
            kind: Kind::Tag,
            mark,
            text: Cow::Borrowed(handle),
            suffix: Cow::Owned(suffix),
        })
    }

    /// Reads `!name!`, or as much of it as there is.
    fn tag_handle(&mut self, in_directive: bool) -> Result<&'a [u8], YamlError> {
        if self.byte(self.at) != b'!' {
            return self.fail("did not find expected '!'");
        }
        let start = self.at;
        self.skip();
        self.at = self.word_end();
        if self.byte(self.at) == b'!' {
            self.skip();
        } else if in_directive && self.at > start + 1 {
            return self.fail("did not find expected '!'");
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Reads the rest of a tag after `head`, whose `!` is left out.
    fn tag_uri(&mut self, head: &[u8]) -> Result<Vec<u8>, YamlError> {
        let mut uri = head.get(1..).unwrap_or_default().to_vec();
        let start = self.at;
        loop {
            match self.byte(self.at) {
                b'%' => self.uri_escape(&mut uri)?,
                byte if is_word(byte) || b";/?:@&=+$,.!~*'()[]".contains(&byte) => {
                    uri.push(byte);
                    self.skip();
                }
                _ => break,
            }
        }
        if head.is_empty() && self.at == start {
            return self.fail("did not find expected tag URI");
        }
        Ok(uri)
    }

    /// Reads the `%XX` of one character.
    fn uri_escape(&mut self, uri: &mut Vec<u8>) -> Result<(), YamlError> {
        let mut left = None;
        while left != Some(0) {
            let digit = |place: usize| char::from(self.byte(self.at + place)).to_digit(16);
            let (b'%', Some(high), Some(low)) = (self.byte(self.at), digit(1), digit(2)) else {
                return self.fail("did not find URI escaped octet");
            };
            let octet = (high << 4 | low) as u8;
            left = Some(match (left, octet) {
                (None, 0..=0x7F) => 0,
                (None, 0xC0..=0xDF) => 1,
                (None, 0xE0..=0xEF) => 2,
                (None, 0xF0..=0xF7) => 3,
                (None, _) => return self.fail("found an incorrect leading UTF-8 octet"),
                (Some(n), 0x80..=0xBF) => n - 1,
                (Some(_), _) => return self.fail("found an incorrect trailing UTF-8 octet"),
            });
            uri.push(octet);
            self.at += 3;
        }
        Ok(())
    }

    /// Reads a line that begins with `%`.
    pub(super) fn directive(&mut self, mark: Mark) -> Result<Token<'a>, YamlError> {
        self.skip();
        let name = self.word();
        if name.is_empty() {
            return self.fail("could not find expected directive name");
        }
        if !self.is_blank_or_end(self.at) {
            return self.fail("found unexpected non-alphabetical character");
        }
        let token = match name {
            b"YAML" => {
                self.skip_blanks();
                let start = self.at;
                self.version_number()?;
                if self.byte(self.at) != b'.' {
                    return self.fail("did not find expected digit or '.' character");
                }
                self.skip();
                self.version_number()?;
                let version = self.text.get(start..self.at).unwrap_or_default();
                Token::with_text(Kind::VersionDirective, mark, Cow::Borrowed(version))
            }
            b"TAG" => {
                self.skip_blanks();
                let handle = self.tag_handle(true)?;
                if !matches!(self.byte(self.at), b' ' | b'\t') {
                    return self.fail("did not find expected whitespace");
                }
                self.skip_blanks();
                let prefix = self.tag_uri(b"")?;
                if !self.is_blank_or_end(self.at) {
                    return self.fail("did not find expected whitespace or line break");
                }
                Token {
                    kind: Kind::TagDirective,
                    mark,
                    text: Cow::Borrowed(handle),
                    suffix: Cow::Owned(prefix),
                }
            }
            _ => return self.fail("found unknown directive name"),
        };
        self.end_of_line()?;
        Ok(token)
    }

    fn version_number(&mut self) -> Result<(), YamlError> {
        let start = self.at;
        while self.byte(self.at).is_ascii_digit() {
            if self.at - start >= 2 {
                return self.fail("found extremely long version number");
            }
            self.skip();
        }
        if self.at == start {
            return self.fail("did not find expected version number");
        }
        Ok(())
    }
}
