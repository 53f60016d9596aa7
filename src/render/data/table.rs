/// A table with a heading above each column and something in every cell.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column of a table.
pub(super) struct Column {
    pub(super) heading: String,
    /// How wide it is in a workbook, in characters.
    pub(super) width: u8,
}

/// What is in a cell: never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Words, or the shorthand that stands for a number.
    Text(String),
    /// A number.
    Number(u32),
    /// The name of a worksheet, which leads there.
    Worksheet(String),
}

impl Cell {
    /// A cell with a copy of a text.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Column {
    /// Makes a column.
    pub(super) fn new(heading: &str, width: u8) -> Self {
        Self { heading: heading.to_owned(), width }
    }
}
