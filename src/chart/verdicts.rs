use super::canvas::{Canvas, TextStyle};
use super::palette::Paint;
use super::style::{Row, Sizes};
use super::{ChartError, ChartKind, ChartStyle, Drawing, Rows};
use crate::model::{FactState, StepView, VerdictView, VerdictsFigure};
use crate::words::{Lexicon, filled};

/// A chart of verdicts, each a strip of steps with those filled that were chosen.
pub(super) struct Verdicts<'a> {
    pub(super) figure: &'a VerdictsFigure,
    pub(super) nation: &'a str,
}

impl ChartKind for Verdicts<'_> {
    fn name<'w>(&self, words: &'w Lexicon) -> &'w str {
        &words.charts.steps
    }

    fn draw(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        if self.figure.detailed { self.in_detail(style) } else { self.at_a_glance(style) }
    }

    fn printed(&self) -> Vec<String> {
        let brief = |verdict: &VerdictView| vec![verdict.title.clone(), verdict.own.text.clone()];
        let in_full = |verdict: &VerdictView| {
            let values = |step: &StepView| [step.nation.percent.clone(), step.region.percent.clone()];
            let steps = verdict.steps.iter();
            let steps = steps.flat_map(|step| [step.label.clone()].into_iter().chain(values(step)));
            [verdict.title.clone()].into_iter().chain(steps).collect()
        };
        let verdicts = self.figure.verdicts.iter();
        verdicts
            .flat_map(|verdict| if self.figure.detailed { in_full(verdict) } else { brief(verdict) })
            .collect()
    }
}

/// "Same as 23 of 142", or, where several answers are allowed, "also by 23 of 142".
fn alike(words: &Lexicon, verdict: &VerdictView) -> String {
    let form = if verdict.multiple { &words.charts.also } else { &words.charts.alike };
    verdict
        .alike
        .as_ref()
        .map_or_else(String::new, |alike| filled(form, &[("count", &alike.count), ("of", &alike.of)]))
}

/// One line of text for several rows of the chart at a glance.
struct Brief<'a> {
    title: Vec<String>,
    answer: Vec<String>,
    alike: String,
    verdict: &'a VerdictView,
}

impl Verdicts<'_> {
    /// A line for each verdict: its title, a square for each step, the answer, and how many others gave it.
    fn at_a_glance(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let most =
            self.figure.verdicts.iter().map(|verdict| verdict.steps.len()).max().unwrap_or_default() as i32;
        let beside = sizes.labels_beside();
        let (label, left) = if beside { (1560, 1600) } else { (sizes.width, sizes.scaled(60)) };
        let pitch = (sizes.scaled(700) / most.max(1)).min(sizes.scaled(120));
        let words = left + pitch * most + sizes.scaled(60);
        let alikes = |verdict: &VerdictView| alike(style.words, verdict);
        let widest = sizes.widest(self.figure.verdicts.iter().map(alikes));
        // Large text has a line of its own for the answer, below the squares.
        let (answer_at, room) = if beside {
            (words, sizes.width - words - widest - sizes.scaled(90))
        } else {
            (left, sizes.width - left)
        };
        let rows = self.figure.verdicts.iter().map(|verdict| {
            let title = sizes.label(&verdict.title, label);
            let answer =
                sizes.bold_label(&verdict.own.text, room, if beside { 2 } else { Sizes::MOST_LINES });
            let row = sizes.row(title.len(), if beside { answer.len() } else { answer.len() + 2 });
            (row, Brief { title, answer, alike: alikes(verdict), verdict })
        });
        Rows { head: 0, rows: rows.collect() }.draw(
            style,
            |_| Ok(()),
            |canvas, row, [label, y]| {
                canvas.label(&row.title, (0, label))?;
                let below = row.answer.len() as i32 * sizes.line() / 2;
                let (squares, answer) = if beside { (y, y) } else { (y - below, y + sizes.line() / 2) };
                for (step, at) in row.verdict.steps.iter().zip(0..) {
                    canvas.square(
                        (left + pitch * at + pitch / 2, squares),
                        pitch - sizes.scaled(30),
                        step.chosen,
                    )?;
                }
                canvas.bold(&row.answer, (answer_at, answer))?;
                canvas.text(&row.alike, (sizes.width, squares), TextStyle::RIGHT)
            },
        )
    }

    /// For each verdict its title and its steps in full, with the shares of nation and region that chose each.
    fn in_detail(&self, style: ChartStyle<'_>) -> Result<Vec<Drawing>, ChartError> {
        let sizes = style.sizes;
        let mut rows = Vec::new();
        for verdict in &self.figure.verdicts {
            let alike = alike(style.words, verdict);
            let room = sizes.width - sizes.width_of(&alike) - sizes.scaled(90);
            let lines = sizes.bold_label(&verdict.title, room, 2);
            let text = sizes.line() * lines.len() as i32;
            let heading = Row {
                height: text + sizes.scaled(50),
                label: text / 2 + sizes.scaled(40),
                values: 0,
                leads: true,
            };
            rows.push((heading, Shown::Heading(lines, alike)));
            let together = beside(sizes, verdict);
            for steps in verdict.steps.chunks(together) {
                let strip = Strip::of(sizes, steps, together);
                let height = strip.height + sizes.line() + sizes.scaled(110);
                rows.push((Row { height, label: 0, values: 0, leads: false }, Shown::Strip(strip)));
            }
        }
        Rows { head: sizes.line() + sizes.scaled(20), rows }.draw(
            style,
            |canvas| super::scale::key(canvas, self.nation, (0, sizes.line() / 2)),
            |canvas, shown, [top, _]| match shown {
                Shown::Heading(title, alike) => {
                    canvas.bold(title, (0, top))?;
                    canvas.text(alike, (sizes.width, top), TextStyle::RIGHT)
                }
                Shown::Strip(strip) => strip.draw(canvas, top),
            },
        )
    }
}

/// The most lines in the label of a step, which is nowhere else on the page.
const STEP_LINES: usize = 6;
/// How many steps stand side by side.
const MOST_BESIDE: usize = 5;

/// How many steps of a verdict stand side by side: as evenly as they can, and each wide enough for its longest word and
/// for the values below it.
fn beside(sizes: Sizes, verdict: &VerdictView) -> usize {
    let steps = verdict.steps.len().max(1);
    let most = if sizes.labels_beside() { MOST_BESIDE } else { 2 };
    let evenly = |most: usize| steps.div_ceil(steps.div_ceil(most));
    let widest = verdict.steps.iter().map(|step| sizes.widest_word(&step.label)).max().unwrap_or_default();
    let values = verdict.steps.iter().map(|step| Values::of(sizes, step).end).max().unwrap_or_default();
    let fits = |together: &usize| {
        let pitch = sizes.width / *together as i32;
        widest + sizes.scaled(INSIDE) <= pitch && values + sizes.scaled(60) <= pitch
    };
    (1..=most).rev().map(evenly).find(fits).unwrap_or(1)
}

/// The room that a step needs beside its label.
const INSIDE: i32 = 110;

/// Where the marks and values below a step stand, from its left edge.
struct Values {
    nation: i32,
    diamond: i32,
    region: i32,
    end: i32,
}

impl Values {
    fn of(sizes: Sizes, step: &StepView) -> Self {
        let nation = sizes.scaled(70);
        let diamond = nation + sizes.width_of(&step.nation.percent) + sizes.scaled(120);
        let region = diamond + sizes.scaled(75);
        Self { nation, diamond, region, end: region + sizes.width_of(&step.region.percent) }
    }
}

enum Shown<'a> {
    /// The title, and how many others gave the same answer.
    Heading(Vec<String>, String),
    Strip(Strip<'a>),
}

/// Steps side by side.
struct Strip<'a> {
    steps: Vec<(Vec<String>, &'a StepView)>,
    pitch: i32,
    height: i32,
}

impl<'a> Strip<'a> {
    fn of(sizes: Sizes, steps: &'a [StepView], together: usize) -> Self {
        let pitch = sizes.width / together as i32;
        let lines = |step: &StepView| sizes.label_of(&step.label, pitch - sizes.scaled(INSIDE), STEP_LINES);
        let steps: Vec<_> = steps.iter().map(|step| (lines(step), step)).collect();
        let most = steps.iter().map(|(lines, _)| lines.len()).max().unwrap_or_default();
        Self { steps, pitch, height: sizes.line() * most as i32 + sizes.scaled(60) }
    }

    fn draw(&self, canvas: &Canvas<'_>, top: i32) -> Result<(), ChartError> {
        let sizes = canvas.sizes();
        let s = |length| sizes.scaled(length);
        let wide = self.pitch - s(40);
        for ((lines, step), at) in self.steps.iter().zip(0..) {
            let left = at * self.pitch;
            let (paint, ink) =
                if step.chosen { (Paint::Area, Paint::Paper) } else { (Paint::Track, Paint::Ink) };
            canvas.bar((left, top), (wide, self.height), paint)?;
            canvas.label_in(lines, (left + s(60), top + self.height / 2), ink)?;
            if step.nation.state == FactState::Value {
                let long = wide * step.nation.length.min(100) as i32 / 100;
                canvas.bar((left, top + self.height + s(20)), (long, s(36)), Paint::Second)?;
            }
            let below = top + self.height + s(75) + sizes.line() / 2;
            canvas.tick((left + s(20), below))?;
            let values = Values::of(sizes, step);
            canvas.text(&step.nation.percent, (left + values.nation, below), TextStyle::LEFT)?;
            canvas.diamond((left + values.diamond, below))?;
            canvas.text(&step.region.percent, (left + values.region, below), TextStyle::LEFT)?;
        }
        Ok(())
    }
}
