//! What a command prints, in pieces that need not be put together in memory.

use std::io::{self, Write};

use crate::manifest::{Document, emit};

/// Up to this many bytes are written at once.
const CHUNK: usize = 1 << 20;

/// What a command prints.
#[derive(Clone, Debug, Default)]
pub struct Output(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Bytes(Vec<u8>),
    /// A document under its `# Source:` line, the text cut to a length.
    Document(Document, usize),
}

impl Output {
    /// Appends bytes.
    pub fn push(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.0.push(Piece::Bytes(bytes));
        }
    }

    /// Appends a document, of whose text the first `length` bytes are printed.
    pub(super) fn push_document(&mut self, document: &Document, length: usize) {
        self.0.push(Piece::Document(document.clone(), length));
    }

    /// Appends another output.
    pub fn append(&mut self, mut other: Output) {
        self.0.append(&mut other.0);
    }

    /// Writes everything, in one go unless it is much.
    ///
    /// # Errors
    ///
    /// Returns the target's error.
    pub fn write_to(&self, target: &mut impl Write) -> io::Result<()> {
        let mut chunk = Vec::with_capacity(self.len().min(CHUNK + CHUNK / 4));
        for piece in &self.0 {
            piece.append_to(&mut chunk);
            if chunk.len() >= CHUNK {
                target.write_all(&chunk)?;
                chunk.clear();
            }
        }
        target.write_all(&chunk)
    }

    /// Returns everything as one text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len());
        for piece in &self.0 {
            piece.append_to(&mut bytes);
        }
        bytes
    }

    fn len(&self) -> usize {
        self.0.iter().map(Piece::len).sum()
    }
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Piece::Bytes(bytes) => bytes.len(),
            // `---`, `# Source: `, and three line ends.
            Piece::Document(document, length) => document.path().len() + length + 16,
        }
    }

    fn append_to(&self, out: &mut Vec<u8>) {
        match self {
            Piece::Bytes(bytes) => out.extend_from_slice(bytes),
            Piece::Document(document, length) => {
                let text = document.text();
                emit(out, document.path(), text.get(..*length).unwrap_or(text));
            }
        }
    }
}
