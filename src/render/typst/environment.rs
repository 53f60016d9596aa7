use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::fixed::{Part, parts};
use crate::direction::{END_OF_ISOLATE, ISOLATE, has_right_to_left};
use crate::font::printed;
use crate::model::{Limits, capitalised, thousands};
use crate::templates::{TYPST_TEMPLATE, Templates, is_words};
use crate::words::{Lexicon, filled};

/// The name of our escaping, as minijinja passes it to the formatter.
const TYPST: &str = "typst";

/// All templates, ready to render: the files of `report-templates/` and the evaluation's `wording/`.
///
/// The delimiters are `<< value >>`, `<% tag %>` and `<# comment #>`, so that Typst's braces are never mistaken for
/// them. Values are escaped; an undefined value is an error.
pub(super) fn environment(
    templates: &Templates,
    wording: &BTreeMap<String, String>,
    limits: Limits,
    words: &Lexicon,
) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_debug(true);
    environment.set_fuel(Some(limits.steps()));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .block_delimiters("<%", "%>")
            .variable_delimiters("<<", ">>")
            .comment_delimiters("<#", "#>")
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.set_auto_escape_callback(|_| AutoEscape::Custom(TYPST.into()));
    environment.set_formatter(|out, _, value| write_escaped(out, value));
    environment.add_filter("typst_string", |text: &str| Value::from_safe_string(string_literal(text)));
    environment.add_filter("code", |number: u64| Value::from_safe_string(number.to_string()));
    let words = Arc::new(words.clone());
    environment.add_global("lexicon", Value::from(Serde(&*words)));
    let of = Arc::clone(&words);
    environment.add_filter("words", move |number: u32| of.number(number));
    environment.add_filter("plural", plural);
    let of = Arc::clone(&words);
    environment.add_filter("listed", move |names: Vec<String>| listed(&of, &names));
    environment.add_filter("capital", capitalised);
    environment.add_filter("longest", longest);
    let of = Arc::clone(&words);
    let in_table = move |statistic: &Value| with_base(statistic, "percent", &of.percentages.with_base);
    environment.add_filter("with_base", in_table);
    let in_prose = move |statistic: &Value| with_base(statistic, "prose", &words.prose.with_base);
    environment.add_filter("in_prose", in_prose);
    environment.add_filter("plain", plain);
    environment.add_function("error", |message: &str| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, message.to_owned()))
    });
    for (path, text) in templates.files().filter(|(path, _)| path.ends_with(TYPST_TEMPLATE)) {
        environment.add_template_owned(path.to_owned(), text.to_owned())?;
    }
    for (path, text) in templates.files().filter(|(path, _)| is_words(path)) {
        environment.add_template_owned(path.to_owned(), sentences(text))?;
    }
    for (path, text) in wording.iter().filter(|(path, _)| path.ends_with(TYPST_TEMPLATE)) {
        environment.add_template_owned(format!("wording/{path}"), text.clone())?;
    }
    Ok(environment)
}

/// Writes a value so that Typst prints exactly its own characters.
fn write_escaped(out: &mut minijinja::Output<'_>, value: &Value) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::Undefined | ValueKind::None => {
            return Err(Error::new(ErrorKind::UndefinedError, "there is no such value here"));
        }
        _ if value.is_safe() => out.write_str(value.as_str().unwrap_or_default()),
        ValueKind::Number => match u64::try_from(value.clone()) {
            Ok(number) => write!(out, "{}", thousands(number)),
            Err(_) => write!(out, "{value}"),
        },
        _ => match value.as_str() {
            Some(text) => out.write_str(&escaped(text)),
            None => return Err(Error::new(ErrorKind::InvalidOperation, "this value is not text")),
        },
    };
    written.map_err(Error::from)
}

/// Turns plain sentences into Typst markup, escaping characters in their own text that would be markup. Quotation marks
/// are left, so that Typst sets them in the style of the language.
fn sentences(source: &str) -> String {
    let mut markup = String::with_capacity(source.len());
    for part in parts(source) {
        match part {
            Part::Tag(tag) => markup.push_str(tag),
            Part::Text(text) => {
                for c in text.chars() {
                    if MARKUP.contains(c) {
                        markup.push('\\');
                    }
                    markup.push(c);
                }
            }
        }
    }
    markup
}

/// Characters that Typst reads as markup in the middle of a line.
const MARKUP: &str = r"#$*_@<>~\`[]";

/// The most letters in a word that is never broken, the letters between possible breaks in a longer one, and the markup
/// for such a break.
const LONGEST_WORD: usize = 24;
const BREAK: usize = 8;
const BREAKABLE: &str = "#box(width: 0pt);";

/// Turns text into Typst markup. Typst allows every ASCII punctuation character to be escaped, so they all are.
/// Right-to-left text does not change the direction of the text around it.
fn escaped(text: &str) -> String {
    let text = printed(text);
    if !has_right_to_left(&text) {
        return marked_up(&text);
    }
    // The end of a paragraph ends any isolate in it, and each line of a text may become a paragraph.
    let lines = text.split('\n').map(|line| format!("{ISOLATE}{}{END_OF_ISOLATE}", marked_up(line)));
    lines.collect::<Vec<_>>().join("#linebreak();")
}

fn marked_up(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 4);
    let mut length = 0;
    for c in text.chars() {
        length = if may_be_broken(c) { length + 1 } else { 0 };
        // A very long word would run out of its column, so it may be broken here. Numbers stay whole.
        if length > LONGEST_WORD && length % BREAK == 1 && !c.is_numeric() {
            markup.push_str(BREAKABLE);
        }
        match c {
            '\n' => markup.push_str("#linebreak();"),
            '\t' => markup.push(' '),
            c if c.is_control() => {}
            c if c.is_ascii_punctuation() => markup.extend(['\\', c]),
            c => markup.push(c),
        }
    }
    markup
}

/// True for a letter or digit of a script whose words have no natural breaks and whose letters do not join up.
fn may_be_broken(c: char) -> bool {
    c.is_alphanumeric() && matches!(c, '\0'..'\u{590}' | '\u{10a0}'..'\u{1100}' | '\u{1e00}'..'\u{2000}')
}

/// The plain text of a captured sentence: without escapes, and with single spaces between words.
fn plain(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let markup = markup.replace(BREAKABLE, "");
    let mut chars = markup.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            _ if matches!(c, ISOLATE | END_OF_ISOLATE) => {}
            Some(next) if c == '\\' && next.is_ascii_punctuation() => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Turns text into a string literal of Typst code.
fn string_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in printed(text).chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' | '\t' => literal.push(' '),
            c if c.is_control() => {}
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// The form of a word, singular or plural, that goes with a number.
fn plural(number: u32, one: &str, many: &str) -> String {
    if number == 1 { one } else { many }.to_owned()
}

/// A list of names in a sentence. Each is escaped separately, as it may be written from right to left.
fn listed(words: &Lexicon, names: &[String]) -> Value {
    let names: Vec<String> = names.iter().map(|name| escaped(name)).collect();
    Value::from_safe_string(words.listed(&names))
}

/// The number of characters in the longest text.
fn longest(texts: Vec<String>) -> usize {
    texts.iter().map(|text| text.chars().count()).max().unwrap_or_default()
}

/// A statistic's percentage as printed with its base, "54% of 143"; if it has no value or a small base, whatever is
/// printed instead.
fn with_base(statistic: &Value, percent: &str, form: &str) -> Result<String, Error> {
    let percent = statistic.get_attr(percent)?.to_string();
    let whole =
        statistic.get_attr("state")?.as_str() == Some("value") && !statistic.get_attr("small")?.is_true();
    if !whole {
        return Ok(percent);
    }
    Ok(filled(form, &[("percent", &percent), ("base", &statistic.get_attr("base")?.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_markup_that_means_itself() {
        assert_eq!(escaped("#let $x$ *b* _i_ @r \\"), r"\#let \$x\$ \*b\* \_i\_ \@r \\");
        assert_eq!(escaped("- no funds\n1. none"), r"\- no funds#linebreak();1\. none");
        assert_eq!(escaped("Café\u{0}"), "Café");
    }

    #[test]
    fn sentences_are_plain_text() {
        let source = "<# a [c] #>[c] is \"#1\" of << a[0] >>\n<% if b[1] %>*<% endif %>";
        assert_eq!(
            sentences(source),
            "<# a [c] #>\\[c\\] is \"\\#1\" of << a[0] >>\n<% if b[1] %>\\*<% endif %>"
        );
    }

    #[test]
    fn a_very_long_word_may_be_broken_and_no_other() {
        let breaks = |text: &str| escaped(text).matches(BREAKABLE).count();
        assert_eq!((breaks(&"w".repeat(24)), breaks(&"w".repeat(25)), breaks(&"w".repeat(200))), (0, 1, 22));
        assert_eq!(breaks("https://www.example.org/a-rather-long-path/2008/07/figures.html?x=12&y=345"), 0);
        assert_eq!(breaks(&"1".repeat(60)), 0);
        assert_eq!(plain(&escaped(&"w".repeat(60))), "w".repeat(60));
    }

    #[test]
    fn a_captured_sentence_is_plain_again() {
        let text = r"1,168 of #x \ \*b_ - ok";
        assert_eq!(plain(&format!("In it,\n  {}", escaped(text))), format!("In it, {text}"));
    }

    #[test]
    fn a_string_literal_cannot_be_left() {
        assert_eq!(string_literal("a\"+sys.x+\"\\"), r#""a\"+sys.x+\"\\""#);
    }

    #[test]
    fn words_go_with_their_numbers() {
        assert_eq!((plural(1, "area", "areas"), plural(2, "area", "areas")), ("area".into(), "areas".into()));
        assert_eq!(capitalised("éarly years"), "Éarly years");
    }

    #[test]
    fn a_percentage_has_its_number_unless_it_is_withheld() {
        let statistic = |state: &str, percent: &str| {
            let prose = if state == "value" { "54 per cent" } else { "a share that is withheld" };
            Value::from_pairs([("state", state), ("percent", percent), ("prose", prose), ("base", "143")])
        };
        let printed = |state: &str, percent: &str, form: &str| {
            with_base(&statistic(state, percent), "percent", form).unwrap()
        };
        assert_eq!(printed("value", "54%", "{percent} ({base})"), "54% (143)");
        assert_eq!(printed("value", "54%", "{percent} of {base}"), "54% of 143");
        assert_eq!(printed("withheld", "[c]", "{percent} of {base}"), "[c]");
        let small: [(&str, Value); 3] =
            [("state", "value".into()), ("small", true.into()), ("percent", "7 of 9".into())];
        let small: Value = Value::from_pairs(small);
        assert_eq!(with_base(&small, "percent", "{percent} of {base}").unwrap(), "7 of 9");
    }
}
