use std::sync::Arc;

use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::Sources;
use super::notation::Notation;
use crate::model::capitalised;
use crate::words::{Lexicon, Plurals, filled};

/// Adds what all templates can do with a value, and `lexicon`, the words of the language.
///
/// # Errors
/// When nothing is known about plurals in the language.
pub(super) fn add(
    environment: &mut Environment<'static>,
    sources: &Sources<'_>,
    notation: &'static dyn Notation,
) -> Result<(), Error> {
    let words = Arc::new(sources.words.clone());
    let plurals =
        Plurals::of(sources.language).map_err(|why| Error::new(ErrorKind::InvalidOperation, why))?;
    environment.add_global("lexicon", Value::from(Serde(&*words)));
    let of = Arc::clone(&words);
    environment.add_filter("words", move |number: u32| of.number(number));
    environment.add_filter(
        "plural",
        move |number: u32, one: Option<&str>, other: Option<&str>, forms: Kwargs| {
            plural(&plurals, number, [one, other], &forms)
        },
    );
    let of = Arc::clone(&words);
    environment.add_filter("listed", move |names: Vec<String>| listed(&of, &names, notation));
    environment.add_filter("capital", capital);
    environment.add_filter("longest", longest);
    let of = Arc::clone(&words);
    let in_table = move |statistic: &Value| with_base(statistic, "percent", &of.percentages.with_base);
    environment.add_filter("with_base", in_table);
    let in_prose = move |statistic: &Value| with_base(statistic, "prose", &words.prose.with_base);
    environment.add_filter("in_prose", in_prose);
    environment.add_filter("plain", |markup: &str| notation.plain(markup));
    environment.add_filter("code", |number: u64| Value::from_safe_string(number.to_string()));
    environment.add_filter("references", |numbers: Vec<String>, part: &str| {
        Value::from_safe_string(notation.reference(part, &numbers))
    });
    environment.add_function("error", |message: &str| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, message.to_owned()))
    });
    Ok(())
}

/// The form of a word that goes with a number. Two forms without names are those for one and for other numbers; `zero`, `two`,
/// `few`, `many` and so on name the others of the language.
fn plural(
    plurals: &Plurals,
    number: u32,
    [one, other]: [Option<&str>; 2],
    forms: &Kwargs,
) -> Result<String, Error> {
    let category = plurals.category(number);
    let named = forms.get::<Option<String>>(category)?;
    let named_other = forms.get::<Option<String>>("other")?;
    for category in Plurals::CATEGORIES {
        let _: Option<String> = forms.get(category)?;
    }
    forms.assert_all_used()?;
    let unnamed = if category == "one" { one } else { None };
    let form =
        named.or_else(|| unnamed.map(str::to_owned)).or(named_other).or_else(|| other.map(str::to_owned));
    form.ok_or_else(|| {
        Error::new(ErrorKind::MissingArgument, format!("there is no form for {number} ({category})"))
    })
}

/// A list of names in a sentence. Each is escaped separately, as it may be written from right to left.
fn listed(words: &Lexicon, names: &[String], notation: &dyn Notation) -> Value {
    let names: Vec<String> = names.iter().map(|name| notation.value(name)).collect();
    Value::from_safe_string(words.listed(&names))
}

/// A text with an initial capital. Markup stays markup.
fn capital(text: &Value) -> Result<Value, Error> {
    let capitalised = text.as_str().map(capitalised);
    let capitalised =
        capitalised.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "this value is not text"))?;
    Ok(if text.is_safe() { Value::from_safe_string(capitalised) } else { Value::from(capitalised) })
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
    fn words_go_with_their_numbers() {
        let form = |language: &str, template: &str| -> Vec<String> {
            let plurals = Plurals::of(&language.parse().unwrap()).unwrap();
            let mut environment = Environment::new();
            environment.add_filter(
                "plural",
                move |n: u32, one: Option<&str>, other: Option<&str>, forms: Kwargs| {
                    plural(&plurals, n, [one, other], &forms)
                },
            );
            let filled = |n: u32| environment.render_str(template, minijinja::context!(n)).unwrap();
            [0, 1, 2, 3, 6, 10].map(filled).to_vec()
        };
        assert_eq!(
            form("en", "{{ n|plural('area', 'areas') }}"),
            ["areas", "area", "areas", "areas", "areas", "areas"]
        );
        let six = "{{ n|plural(zero='cŵn', one='ci', two='gi', few='chi', many='chi', other='ci') }}";
        assert_eq!(form("cy", six), ["cŵn", "ci", "gi", "chi", "chi", "ci"]);
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
