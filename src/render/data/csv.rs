use super::inert::inert;
use super::table::{Cell, Table};

/// What tells spreadsheet programs that a file is in UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A table as a CSV file that spreadsheet programs open without questions, and in which no cell runs as a formula.
pub(super) fn csv(table: &Table) -> Vec<u8> {
    let headings = table.columns.iter().map(|column| field(&column.heading)).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(cell).collect());
    let mut text = BYTE_ORDER_MARK.to_owned();
    for fields in std::iter::once::<Vec<String>>(headings).chain(rows) {
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Worksheet(text) => field(text),
        Cell::Number(number) => number.to_string(),
    }
}

/// A text as a field, in quotation marks if it needs them.
fn field(text: &str) -> String {
    let text = inert(text);
    let plain = !text.contains([',', ';', '"', '\t', '\r', '\n']) && text.trim() == text;
    if plain { text.into_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::super::table::Column;
    use super::*;

    #[test]
    fn a_table_is_written_for_spreadsheet_programs() {
        let table = Table {
            columns: vec![Column::new("Who", 10), Column::new("What, or why", 10), Column::new("Count", 10)],
            rows: vec![
                vec![Cell::text("early years"), Cell::text("=1+1\nand \"so\" on"), Cell::Number(1200)],
                vec![Cell::text(" @x"), Cell::text("😀 שלום"), Cell::text("[c]")],
            ],
        };
        let expected = "\u{feff}Who,\"What, or why\",Count\r\n\
                        early years,\"'=1+1\nand \"\"so\"\" on\",1200\r\n\
                        ' @x,😀 שלום,[c]\r\n";
        assert_eq!(String::from_utf8(csv(&table)).unwrap(), expected);
    }
}
