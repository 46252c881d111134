//! Where the lines of a text begin. Built once per text and only when a position is wanted.

/// A place as shown to people: the line counts from 1, the column counts bytes from 0, as Go does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u32,
    /// Number of bytes before the place in its line.
    pub column: u32,
}

/// Offsets at which lines begin.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    length: u32,
}

impl LineIndex {
    /// Reads `text` once and notes where its lines begin; offsets beyond 4 GiB are not noted.
    pub fn new(text: &[u8]) -> Self {
        let mut starts = vec![0];
        for (offset, byte) in text.iter().enumerate() {
            if *byte == b'\n'
                && let Ok(start) = u32::try_from(offset + 1)
            {
                starts.push(start);
            }
        }
        Self {
            starts,
            length: u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }

    /// Returns the line and column of a byte offset; an offset after the text counts as its end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = offset.min(self.length);
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| self.starts.get(index))
            .copied()
            .unwrap_or(0);
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: offset - start,
        }
    }

    /// Returns the number of lines; the empty text has one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Returns the range of bytes of a line counted from 1, with its line feed.
    pub fn range(&self, line: u32) -> Option<std::ops::Range<usize>> {
        let index = usize::try_from(line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)? as usize;
        let end = self
            .starts
            .get(index + 1)
            .map_or(self.length as usize, |next| *next as usize);
        Some(start..end)
    }
}
