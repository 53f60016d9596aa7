use jiff::civil::Date;
use rust_xlsxwriter::utility::check_sheet_name;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Table as MarkedTable, TableColumn, TableStyle, Url,
    Workbook, Worksheet, XlsxError,
};

use super::inert::may_run;
use super::table::{Cell, Table};

/// A workbook: worksheets with a title, some lines of text, and at most one table.
pub(super) struct Book {
    workbook: Workbook,
}

/// A worksheet.
pub(super) struct Sheet<'a> {
    /// Its name, as [`may_be_called`] allows.
    pub(super) name: &'a str,
    /// What is in its first cell.
    pub(super) title: &'a str,
    /// The lines below the title.
    pub(super) lines: &'a [String],
}

/// How readers move about in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ease {
    /// As on paper: what is always in view takes room from readers who enlarge the page.
    Plain,
    /// The headings stay in view, and each has a filter.
    Filtered,
}

impl Book {
    /// Starts a workbook with a title, a publisher and the date on which it is published: nothing in it depends on the
    /// time at which it is made.
    pub(super) fn new(title: &str, publisher: &str, published: Date) -> Result<Self, XlsxError> {
        let number = |number: i8| number.unsigned_abs();
        let (month, day) = (number(published.month()), number(published.day()));
        // A workbook cannot hold earlier dates.
        let year = published.year().unsigned_abs().max(1900);
        let date = ExcelDateTime::from_ymd(year, month, day)?;
        let properties =
            DocProperties::new().set_title(title).set_author(publisher).set_creation_datetime(&date);
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties);
        Ok(Self { workbook })
    }

    /// Adds a worksheet of text.
    pub(super) fn add(&mut self, sheet: &Sheet<'_>) -> Result<(), XlsxError> {
        begin(self.workbook.add_worksheet(), sheet)?.set_column_width(0, 100)?;
        Ok(())
    }

    /// Adds a worksheet with a table below its lines.
    pub(super) fn add_table(
        &mut self,
        sheet: &Sheet<'_>,
        table: &Table,
        ease: Ease,
    ) -> Result<(), XlsxError> {
        let worksheet = begin(self.workbook.add_worksheet(), sheet)?;
        let first = sheet.lines.len() as u32 + 1;
        for (place, column) in (0..).zip(&table.columns) {
            worksheet.set_column_width(place, column.width)?;
        }
        for (row, cells) in (first + 1..).zip(&table.rows) {
            for (place, cell) in (0..).zip(cells) {
                write(worksheet, (row, place), cell)?;
            }
        }
        let filtered = ease == Ease::Filtered;
        let heading = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let headings = table.columns.iter();
        let headings: Vec<TableColumn> = headings
            .map(|column| TableColumn::new().set_header(&column.heading).set_header_format(&heading))
            .collect();
        let marked =
            MarkedTable::new().set_columns(&headings).set_style(TableStyle::Light1).set_autofilter(filtered);
        let last = (first + table.rows.len() as u32, table.columns.len().saturating_sub(1) as u16);
        worksheet.add_table(first, 0, last.0, last.1, &marked)?;
        if filtered {
            worksheet.set_freeze_panes(first + 1, 0)?;
        }
        Ok(())
    }

    /// The bytes of the file.
    pub(super) fn into_bytes(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }
}

/// True for a name that a worksheet can have, given the names of the others.
pub(super) fn may_be_called(name: &str, others: &[&str]) -> bool {
    let clashes = others.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    // Excel keeps this name for a worksheet of its own.
    let reserved = name.eq_ignore_ascii_case("history");
    check_sheet_name(name).is_ok() && !clashes && !reserved
}

fn begin<'w>(worksheet: &'w mut Worksheet, sheet: &Sheet<'_>) -> Result<&'w mut Worksheet, XlsxError> {
    worksheet.set_name(sheet.name)?;
    let title = Format::new().set_bold().set_font_size(15);
    worksheet.write_string_with_format(0, 0, sheet.title, &inert_format(title, sheet.title))?;
    for (row, line) in (1..).zip(sheet.lines) {
        worksheet.write_string_with_format(row, 0, line, &inert_format(Format::new(), line))?;
    }
    Ok(worksheet)
}

/// A format that keeps a text a text even after somebody has edited the cell.
fn inert_format(format: Format, text: &str) -> Format {
    if may_run(text) { format.set_quote_prefix() } else { format }
}

/// Writes a cell. Text is always written as text, so no formula can be in it.
fn write(worksheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    let format = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    match cell {
        Cell::Number(number) => {
            let format = Format::new().set_num_format("#,##0").set_align(FormatAlign::Top);
            worksheet.write_number_with_format(row, column, *number, &format)?
        }
        Cell::Text(text) => {
            worksheet.write_string_with_format(row, column, text, &inert_format(format, text))?
        }
        Cell::Worksheet(name) => {
            let link = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))).set_text(name);
            worksheet.write_url(row, column, link)?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_worksheet_is_short_plain_and_its_own() {
        for name in ["England", "Wales and the Marches", "Côte d'Ivoire"] {
            assert!(may_be_called(name, &["Notes"]), "{name}");
        }
        let long = "x".repeat(32);
        for name in ["", "NOTES", "History", "'Quoted'", "North/South", "a:b", &long] {
            assert!(!may_be_called(name, &["Notes"]), "{name}");
        }
    }

    #[test]
    fn a_text_that_does_not_fit_is_an_error_and_never_cut() {
        let mut book = Book::new("t", "p", Date::constant(2008, 11, 3)).unwrap();
        let table = Table {
            columns: vec![super::super::table::Column::new("a", 9)],
            rows: vec![vec![Cell::Text("x".repeat(32_768))]],
        };
        let sheet = Sheet { name: "s", title: "t", lines: &[] };
        assert!(book.add_table(&sheet, &table, Ease::Plain).is_err());
    }
}
