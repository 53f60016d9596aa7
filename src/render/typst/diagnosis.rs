use minijinja::OutputSpan;
use typst::diag::SourceDiagnostic;
use typst::{World, WorldExt};

use super::world::ReportWorld;
use crate::templates::{TemplateFault, Templates};

/// How many characters of a rendered line are shown.
const RENDERED: usize = 100;

/// The first mistake that Typst found, traced back from the rendered source to the template it came from.
pub(super) fn diagnosis(
    diagnostics: &[SourceDiagnostic],
    world: &ReportWorld<'_>,
    spans: &[OutputSpan],
    templates: &Templates,
) -> Option<TemplateFault> {
    let first = diagnostics.first()?;
    let hint = first.hints.first().map(|hint| hint.v.to_string());
    let message = first.message.to_string();
    // A mistake in a theme function is reported where a template calls it, if only the call can be located.
    let place = first
        .span
        .id()
        .zip(world.range(first.span))
        .or_else(|| first.trace.iter().find_map(|point| point.span.id().zip(world.range(point.span))));
    let Some((id, range)) = place else {
        return Some(TemplateFault::at("main.typ".into(), "", 0, message, hint));
    };
    if id != world.main() {
        let file = id.get().vpath().get_without_slash().to_owned();
        let source = world.source(id).ok()?;
        return Some(TemplateFault::at(file, source.text(), range.start, message, hint));
    }
    let span = spans.iter().rev().find(|span| span.output_range().start <= range.start)?;
    let inside = range.start - span.output_range().start;
    let start = span.source_range().start;
    let offset = if span.kind() == minijinja::OutputSpanKind::Raw { start + inside } else { start };
    let text = templates.get(span.name()).unwrap_or_default();
    if text.is_empty() {
        // A snippet of the evaluation's wording.
        let place = TemplateFault::at(span.name().to_owned(), text, 0, message, hint);
        return Some(TemplateFault { line: span.line(), ..place });
    }
    let fault = TemplateFault::at(span.name().to_owned(), text, offset, message, hint);
    let rendered = world.main_line(range.start).chars().take(RENDERED).collect();
    Some(TemplateFault { rendered: Some(rendered), ..fault })
}
