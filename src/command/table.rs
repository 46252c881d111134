//! Tables with columns that line up.
//!
//! Go: gosuri/uitable.

use unicode_width::UnicodeWidthChar;

/// Rows of cells.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Cells wider than this are cut; 0 is no limit.
    pub max_width: usize,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns an empty table.
    pub fn new(max_width: usize) -> Table {
        Table {
            max_width,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn add<const N: usize>(&mut self, cells: [&str; N]) {
        self.rows.push(cells.map(str::to_owned).into());
    }

    /// Returns the table as text, without a line end behind the last row.
    pub fn to_text(&self) -> String {
        let mut widths: Vec<usize> = Vec::new();
        for row in &self.rows {
            for (i, cell) in row.iter().enumerate() {
                let mut width = cell.split('\n').map(text_width).max().unwrap_or(0);
                if self.max_width != 0 {
                    width = width.min(self.max_width);
                }
                match widths.get_mut(i) {
                    Some(widest) => *widest = width.max(*widest),
                    None => widths.push(width),
                }
            }
        }
        let rows = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&widths);
            let cells: Vec<String> = cells.map(|(cell, width)| fitted(cell, *width)).collect();
            cells.join("\t")
        });
        rows.collect::<Vec<String>>().join("\n")
    }
}

/// Returns a cell as wide as its column.
fn fitted(cell: &str, width: usize) -> String {
    let is = text_width(cell);
    if is <= width {
        return format!("{cell}{}", " ".repeat(width - is));
    }
    let room = width.saturating_sub(3);
    let mut cut = String::new();
    let mut taken = 0;
    for letter in cell.chars() {
        cut.push(letter);
        if taken + char_width(letter) >= room {
            break;
        }
        taken += char_width(letter);
    }
    cut + "..."
}

fn text_width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Returns how many columns of a terminal a character takes.
fn char_width(letter: char) -> usize {
    letter.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_long_cells_are_cut() {
        let mut table = Table::new(8);
        table.add(["NAME", "STATUS"]);
        table.add(["abcdefghij", "ok"]);
        assert_eq!(table.to_text(), "NAME    \tSTATUS\nabcde...\tok    ");
    }
}
