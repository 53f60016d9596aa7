use std::path::Path;

use super::*;
use crate::aggregate::aggregate;
use crate::model::Language;
use crate::pipeline;
use crate::templates::Templates;

/// A line of text in a drawing: where it starts and ends, its baseline and its size.
struct Line {
    from: f64,
    to: f64,
    baseline: f64,
    size: f64,
}

/// All the lines of text in a drawing made by plotters.
fn lines(svg: &str, sizes: Sizes) -> Vec<Line> {
    let mut lines = Vec::new();
    for text in svg.split("<text ").skip(1) {
        let attribute = |name: &str| {
            let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0
        };
        let number = |name: &str| attribute(name).parse::<f64>().unwrap();
        assert_eq!(attribute("font-family"), FONT_FAMILY);
        assert!(!text.contains("rotate"), "all text must be horizontal");
        let content = text.split_once('>').unwrap().1.split_once("</text>").unwrap().0;
        let content = content.trim().replace("&amp;", "&").replace("&apos;", "'");
        let (x, width) = (number("x"), f64::from(sizes.width_of(&content)));
        let from = if attribute("text-anchor") == "end" { x - width } else { x };
        lines.push(Line { from, to: from + width, baseline: number("y"), size: number("font-size") });
    }
    lines
}

/// The drawings of every chart of every report of an evaluation.
fn drawings(fixture: &str, sizes: Sizes) -> Vec<Drawing> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
    let evaluation = pipeline::load(&folder).unwrap().value.unwrap();
    let protected = pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
    let (aggregates, _) = protected.seal(&evaluation).unwrap();
    let templates = Templates::embedded();
    let (palette, words) = (templates.palette().unwrap(), templates.lexicon(&Language::english()).unwrap());
    let style = ChartStyle { palette: &palette, words: &words, sizes };
    let mut drawings = Vec::new();
    for submission in &evaluation.submissions {
        let sources =
            crate::compose::Sources { evaluation: &evaluation, aggregates: &aggregates, words: &words };
        let model = crate::compose::local(sources, submission).unwrap();
        for chart in charts(&model) {
            drawings.extend(chart.kind.draw(style).unwrap());
        }
    }
    drawings
}

#[test]
fn chart_text_fits_without_overlaps_at_every_text_size() {
    let fixtures = ["healthy-schools-2024", "integrated-working-2008"];
    let every = [
        Sizes::STANDARD,
        Sizes::large_print(18),
        Sizes::large_print(24),
        Sizes::WIDE_SCREEN,
        Sizes::NARROW_SCREEN,
    ];
    for (fixture, sizes) in fixtures.into_iter().flat_map(|fixture| every.map(|sizes| (fixture, sizes))) {
        let text = sizes.text();
        let drawings = drawings(fixture, sizes);
        assert!(drawings.len() > 20);
        for Drawing { svg, .. } in &drawings {
            let lines = lines(svg, sizes);
            assert!(lines.len() > 2, "{svg}");
            for (n, line) in lines.iter().enumerate() {
                assert!((line.size - f64::from(text)).abs() < 1.0, "text of size {}", line.size);
                assert!(
                    line.from >= 0.0 && line.to <= f64::from(sizes.width),
                    "{} to {} at {sizes:?}: {svg}",
                    line.from,
                    line.to
                );
                let overlaps = |other: &&Line| {
                    (other.baseline - line.baseline).abs() < f64::from(text) * 0.9
                        && other.from < line.to
                        && line.from < other.to
                };
                assert!(!lines[..n].iter().any(|other| overlaps(&other)), "text overlaps: {svg}");
            }
        }
    }
}
