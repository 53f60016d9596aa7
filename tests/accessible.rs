use std::fs;

use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

use crate::harness::{Sandbox, files, only_run};

/// The rule that the stated length of a stream must match its data. If the data end in a carriage return, this
/// validator wrongly treats it as part of the line ending that follows; the veraPDF engine reads such a file correctly.
const LENGTH: &str = "ISO 19005-3:2012:6.1.7.1:1";

/// Every rule of PDF/A-3a and PDF/UA-1 that a PDF breaks.
fn broken_rules(pdf: &[u8]) -> Vec<String> {
    let profiles = [ValidationProfile::PdfA3a, ValidationProfile::PdfUa1];
    let ends_in_return = pdf.windows(11).any(|bytes| bytes == b"\r\nendstream");
    let broken = profiles.map(|profile| {
        let report = validate_pdf_bytes(pdf, &ValidationOptions::default().profile(profile)).unwrap();
        assert!(report.rules.total > 100, "only {} rules of {profile:?}", report.rules.total);
        let failures =
            report.failures.into_iter().filter(|failure| !(ends_in_return && failure.rule_id == LENGTH));
        failures.map(|failure| format!("{profile:?} {}: {}", failure.rule_id, failure.message)).collect()
    });
    broken.into_iter().flat_map(|rules: Vec<String>| rules).collect()
}

/// The finished reports of a fixture, with their names.
fn reports(fixture: &str) -> Vec<(String, Vec<u8>)> {
    let sandbox = Sandbox::new(fixture);
    let result = sandbox.build("out", &[]);
    assert_eq!(result.code, 0, "{}{}", result.out, result.err);
    let local = only_run(&sandbox.path("out")).join("local");
    let names = files(&local).into_iter().filter(|file| file.ends_with(".pdf"));
    names.map(|name| (name.clone(), fs::read(local.join(name)).unwrap())).collect()
}

#[test]
fn every_report_conforms_to_the_standards() {
    for (fixture, count) in [("two-regions", 4), ("healthy-schools-2024", 12)] {
        let reports = reports(fixture);
        assert_eq!(reports.len(), count);
        for (name, pdf) in reports {
            assert_eq!(broken_rules(&pdf), [""; 0], "{fixture}: {name}");
        }
    }
}

#[test]
fn a_report_that_lacks_what_the_standards_require_is_caught() {
    let (_, pdf) = reports("two-regions").remove(0);
    let without = |key: &[u8]| {
        let mut document = lopdf::Document::load_mem(&pdf).unwrap();
        assert!(document.catalog_mut().unwrap().remove(key).is_some());
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        broken_rules(&bytes).join("\n")
    };
    assert!(without(b"Lang").contains("PdfUa1 "));
    assert!(without(b"MarkInfo").contains("PdfA3a "));
    assert!(without(b"AF").contains("PdfA3a "));
}
