use std::sync::Arc;

use hayro_interpret::InterpreterSettings;

use crate::font::FAMILIES;

/// How pages are read and drawn: text in a font that the PDF lacks is set in the usual font of reports, so that nothing
/// which a reader's program would show is left out.
pub(super) fn settings() -> InterpreterSettings {
    let [usual, ..] = FAMILIES;
    InterpreterSettings {
        font_resolver: Arc::new(move |_| Some((Arc::new(usual[0]), 0))),
        ..InterpreterSettings::default()
    }
}
