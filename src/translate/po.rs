use std::collections::BTreeMap;
use std::io::BufWriter;

use polib::catalog::Catalog;
use polib::message::{Message, MessageFlags};
use polib::metadata::CatalogMetadata;
use polib::po_file;

use super::catalogue::Catalogue;
use super::files::TranslateError;
use crate::problem::{Place, Problem};

/// Marks a translation that nobody has read.
const FUZZY: &str = "fuzzy";

impl Catalogue {
    /// The catalogue as a PO file. A translation that nobody has read is marked as fuzzy.
    pub fn to_po(&self) -> Vec<u8> {
        let mut metadata = CatalogMetadata::new();
        "area-reports".clone_into(&mut metadata.project_id_version);
        metadata.language = self.language.to_string();
        "1.0".clone_into(&mut metadata.mime_version);
        "text/plain; charset=UTF-8".clone_into(&mut metadata.content_type);
        "8bit".clone_into(&mut metadata.content_transfer_encoding);
        let mut catalog = Catalog::new(metadata);
        for unit in &self.units {
            let mut message = Message::build_singular();
            message.with_msgctxt(unit.context.clone()).with_msgid(unit.original.clone());
            message.with_msgstr(unit.translation.clone().unwrap_or_default());
            if unit.translation.is_some() && !unit.checked {
                let mut flags = MessageFlags::new();
                flags.add_flag(FUZZY);
                message.with_flags(flags);
            }
            catalog.append_or_update(message.done());
        }
        let mut writer = BufWriter::new(Vec::new());
        // Writing to memory cannot fail.
        drop(po_file::write(&catalog, &mut writer));
        writer.into_inner().unwrap_or_default()
    }

    /// Takes the translations of a PO file. A unit whose original changed since the file was made keeps its translation, but
    /// somebody has to read it again. Returns how many units have a different translation now.
    ///
    /// # Errors
    /// When it is not a PO file, or has a unit that does not exist.
    pub fn take(&mut self, file: &str, po: &[u8]) -> Result<usize, TranslateError> {
        let catalog =
            po_file::parse_from_reader(po).map_err(|error| TranslateError::NotPo(error.to_string()))?;
        let places: BTreeMap<String, usize> =
            self.units.iter().enumerate().map(|(place, unit)| (unit.context.clone(), place)).collect();
        let mut changed = 0;
        for message in catalog.messages() {
            let context = message.msgctxt().unwrap_or_default();
            let Some(place) = places.get(context) else {
                let problem = Problem::error("unknown-words", Place::file(file), "there are no such words");
                return Err(TranslateError::Unit(Box::new(
                    problem.value(context).hint("export the words again"),
                )));
            };
            let unit = &mut self.units[*place];
            let Some(text) = message.msgstr().ok().filter(|text| !text.is_empty()) else { continue };
            changed += usize::from(unit.translation.as_deref() != Some(text));
            unit.translation = Some(text.to_owned());
            unit.checked = !message.flags().is_fuzzy() && message.msgid() == unit.original;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Unit, Words};
    use super::*;
    use crate::model::Language;
    use crate::templates::Templates;

    fn catalogue() -> Catalogue {
        let unit = |context: &str, translation: Option<&str>, checked| Unit {
            context: context.to_owned(),
            original: format!("\n<< n >> \"of\" {context}\\\n"),
            translation: translation.map(str::to_owned),
            checked,
        };
        let units = vec![
            unit("a: b", None, false),
            unit("a: c", Some("\n<< n >> o c\n"), false),
            unit("d", Some("d"), true),
        ];
        Catalogue { language: "cy".parse().unwrap(), units }
    }

    #[test]
    fn what_was_exported_can_be_imported() {
        let (written, mut read) = (catalogue(), catalogue());
        read.units.iter_mut().for_each(|unit| unit.translation = None);
        assert_eq!(read.take("cy.po", &written.to_po()).unwrap(), 2);
        read.units[0].checked = false;
        assert_eq!(read, written);
        assert_eq!(read.take("cy.po", &written.to_po()).unwrap(), 0);
    }

    #[test]
    fn a_unit_that_does_not_exist_and_a_text_that_is_no_catalogue_are_reported() {
        let mut other = catalogue();
        other.units[0].context = "elsewhere".to_owned();
        other.units[0].translation = Some("x".to_owned());
        let error = catalogue().take("cy.po", &other.to_po()).unwrap_err().to_string();
        assert!(error.contains("elsewhere") && error.contains("cy.po"), "{error}");
        assert!(catalogue().take("cy.po", b"msgid \"a\nmsgstr").is_err());
    }

    #[test]
    fn the_words_of_all_reports_survive_a_round_trip() {
        let words = Words::of(&Templates::embedded(), None);
        let language: Language = "cy".parse().unwrap();
        let catalogue = Catalogue::of(&words, &language);
        assert!(catalogue.units.len() > 400, "{}", catalogue.units.len());
        let mut again = catalogue.clone();
        assert_eq!(again.take("cy.po", &catalogue.to_po()).unwrap(), 0);
        assert_eq!(again, catalogue);
        for (path, text) in catalogue.files(&words).unwrap() {
            assert_eq!(Templates::embedded().get(&path), Some(text.as_str()), "{path}");
        }
    }
}
