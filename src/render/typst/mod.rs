//! Makes PDFs with Typst. The only module that uses typst and the fonts that it sees.

mod diagnosis;
mod fixed;
mod font;
mod notation;
mod pack;
mod world;

use std::collections::BTreeMap;

use minijinja::Environment;
use minijinja::value::{Serde, Value};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::document::Document;
use super::edition::{EditionRenderer, File};
use super::environment::{Notation, Sources, main_template, of_kinds};
use super::error::RenderError;
use crate::chart::{self, ChartStyle, Palette, Sizes};
use crate::model::{Format, ReportModel};
use crate::templates::Templates;
use crate::words::Lexicon;
use notation::TYPST;
use world::{Base, ReportWorld};

pub(in crate::render) use fixed::fixed_text;
pub(in crate::render) use font::hash as fonts_hash;

/// Makes PDFs in one format. Each run has one for each such format, shared by all its threads; each report gets a small
/// world of its own.
pub(super) struct Typesetter {
    format: Format,
    sizes: Sizes,
    /// For each kind of report, the templates that it can see.
    environments: BTreeMap<String, Environment<'static>>,
    templates: Templates,
    palette: Palette,
    words: Lexicon,
    base: Base,
    standards: PdfStandards,
}

impl Typesetter {
    /// Prepares templates, the evaluation's own wording and fonts for a format, with text of this size in points.
    ///
    /// # Errors
    /// When a template cannot be parsed. Mistakes that only show up with a report's data are reported by
    /// [`Self::render`].
    pub(super) fn new(
        sources: &Sources<'_>,
        palette: &Palette,
        format: Format,
        sizes: Sizes,
    ) -> Result<Self, RenderError> {
        let mut environments = of_kinds(sources, &TYPST)?;
        environments.values_mut().for_each(notation::add);
        let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
            .map_err(|error| RenderError::Defect(error.message().as_str().into()))?;
        let points = sizes.points();
        let base = Base::new(sources.templates, format, points)
            .map_err(|error| RenderError::Defect(error.into()))?;
        let (templates, words) = (sources.templates.clone(), sources.words.clone());
        let palette = palette.clone();
        Ok(Self { format, sizes, environments, templates, palette, words, base, standards })
    }
}

impl EditionRenderer for Typesetter {
    fn drawings(&self, model: &ReportModel) -> Result<Vec<File>, RenderError> {
        let style = ChartStyle { palette: &self.palette, words: &self.words, sizes: self.sizes };
        let mut files = Vec::new();
        for chart in chart::charts(model) {
            files.extend(chart.files(style).map_err(|error| RenderError::Defect(error.into()))?);
        }
        Ok(files)
    }

    /// A warning from Typst (a font that is not in `fonts/`, a layout that does not settle) counts as an error here.
    fn render(&self, model: &ReportModel, files: Vec<File>) -> Result<Document, RenderError> {
        // Evict even if the report fails, or its part of the cache would stay for ever.
        let _evict = EvictOnDrop;
        let template = main_template(&self.environments, TYPST.extension(), model)?;
        let format = self.format.word();
        let context = minijinja::context! { format, ..Value::from(Serde(model)) };
        let (source, spans) =
            template.render_with_spans(context).map_err(|error| RenderError::of_template(&error))?;
        let world = ReportWorld::new(&self.base, source, files);
        let diagnosed = |diagnostics: &[typst::diag::SourceDiagnostic]| {
            let fault = diagnosis::diagnosis(diagnostics, &world, &spans, &self.templates);
            fault.map_or_else(
                || RenderError::Defect("typst failed without a message".into()),
                |fault| RenderError::Template(Box::new(fault)),
            )
        };
        let compiled = typst::compile::<PagedDocument>(&world);
        let document = compiled.output.map_err(|errors| diagnosed(&errors))?;
        if !compiled.warnings.is_empty() {
            return Err(diagnosed(&compiled.warnings));
        }
        let options = PdfOptions {
            ident: Smart::Custom(model.reference()),
            timestamp: timestamp(model.evaluation.date),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| diagnosed(&errors))?;
        let pdf = pack::pack(&pdf).map_err(|error| RenderError::Defect(error.into()))?;
        Ok(Document { bytes: pdf, pages: Some(document.pages().len()) })
    }
}

/// The date of publication as the time inside the PDF, so that the same inputs give the same bytes.
fn timestamp([year, month, day]: [i16; 3]) -> Option<Timestamp> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    Datetime::from_ymd_hms(i32::from(year), month, day, 0, 0, 0).map(Timestamp::new_utc)
}

/// How many later reports a cached layout survives. With 0, a report that ends would clear the cache while another
/// thread is still using it: 40 s for 143 reports on two threads, against 34 s with 1. More than 1 costs memory and
/// gains nothing.
const KEPT: usize = 1;

/// Clears Typst's layout cache when a report ends, successfully or not, so that memory use does not grow with the
/// number of reports.
struct EvictOnDrop;

impl Drop for EvictOnDrop {
    fn drop(&mut self) {
        comemo::evict(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use typst::layout::{Frame, FrameItem};

    use super::*;
    use crate::model::{Language, Limits};
    use crate::render::environment::environment;
    use crate::render::is_style;

    /// Everything that ASCII has to offer, and text that an area might well write.
    const HOSTILE: &str =
        r##"#let x = $y$ *b* _i_ @r \ 1. - + = / ` ~ <l> [c] {d} "q" 'a' & % ^ | ; : ! ? ( ) , é –"##;

    fn typeset(
        templates: &[(&str, &str)],
        value: &str,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<PagedDocument, String> {
        let templates = Templates::of(templates);
        let (words, wording) = (english(), BTreeMap::new());
        let (language, limits) = (&Language::english(), Limits::USUAL);
        let sources = Sources { templates: &templates, wording: &wording, words: &words, language, limits };
        let mut environment = environment(&sources, &TYPST).unwrap();
        notation::add(&mut environment);
        let base = Base::new(&templates, Format::Standard, Sizes::STANDARD.points()).unwrap();
        let template = environment.get_template("main.typ.j2").unwrap();
        let source = template.render(minijinja::context!(value => value)).unwrap();
        let world = ReportWorld::new(&base, source, files);
        let compiled = typst::compile::<PagedDocument>(&world);
        assert!(compiled.warnings.is_empty(), "{:?}", compiled.warnings);
        compiled.output.map_err(|errors| format!("{errors:?}"))
    }

    fn english() -> Lexicon {
        Templates::embedded().lexicon(&Language::english()).unwrap()
    }

    fn text(frame: &Frame) -> String {
        frame
            .items()
            .map(|(_, item)| match item {
                FrameItem::Group(group) => text(&group.frame),
                FrameItem::Text(run) => run.text.to_string(),
                _ => String::new(),
            })
            .collect()
    }

    #[test]
    fn a_value_is_printed_as_it_is_wherever_it_stands() {
        let setup = "#set page(width: 100cm)\n#set text(font: \"Atkinson Hyperlegible Next\")\n";
        for template in
            ["<< value >>", "#text(<< value|typst_string >>)", "#table([<< value >>])", "= << value >>"]
        {
            let document =
                typeset(&[("main.typ.j2", &format!("{setup}{template}"))], HOSTILE, Vec::new()).unwrap();
            assert_eq!(text(&document.pages()[0].frame), HOSTILE, "{template}");
        }
    }

    #[test]
    fn text_of_any_script_is_read_back_as_it_was_written() {
        let setup = "#import \"/theme/report.typ\": *\n#show: report.with(title: \"T\", area: \"A\", evaluation: \"E\", date: datetime(year: 2024, month: 1, day: 1))\n";
        let theme = Templates::embedded();
        for written in [
            "Nguyễn x̂ ﬁ café",
            "القاهرة 12 (أكتوبر)",
            "لا إله: 3",
            "ירושלים 12",
            "Ash (תל אביב) 6",
            "תל אביב, 6",
            "שָׁלוֹם",
            "हिन्दी क्षत्रिय कि",
            "เชียงใหม่ ชำ",
            "東京都ケブ 서울",
            "☺ 🏫 👍🏽 🇬🇧",
            "বাংলা ਪੰਜਾਬੀ ગુજરાતી தமிழ்",
        ] {
            let main = format!("{setup}<< value >> and #text(size: 8pt)[<< value >>]");
            let files: Vec<(&str, &str)> = theme
                .files()
                .filter(|(path, _)| is_style(path))
                .chain([("main.typ.j2", main.as_str())])
                .collect();
            let document = typeset(&files, written, Vec::new()).unwrap();
            let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]).unwrap();
            let options = PdfOptions {
                standards,
                timestamp: timestamp([2024, 1, 1]),
                ident: Smart::Custom("test".into()),
                ..PdfOptions::default()
            };
            let pdf = typst_pdf::pdf(&document, &options).unwrap();
            let runs = crate::pdf::text(&pdf).unwrap();
            let body = runs.iter().filter(|run| !run.artifact).map(|run| run.text());
            // Punctuation in a different font may end up on the other side of right-to-left words.
            let letters = |text: &str| {
                let text = crate::pdf::spaced(text);
                text.chars().filter(|c| c.is_alphanumeric() || !c.is_ascii()).collect::<String>()
            };
            let one = letters(written);
            assert_eq!(letters(&body.collect::<String>()), format!("{one}and{one}"), "{written}");
        }
    }

    #[test]
    fn a_report_can_read_nothing_but_its_own_files() {
        for source in
            ["#read(\"/etc/passwd\")", "#image(\"/charts/other.svg\")", "#import \"@preview/a:0.1.0\": *"]
        {
            assert!(typeset(&[("main.typ.j2", source)], "", Vec::new()).is_err(), "{source}");
        }
    }
}
