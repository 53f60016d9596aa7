/// A text without names, numbers and the symbols that stand for numbers.
pub(super) fn masked(text: &str, names: &[&str]) -> String {
    let text = without(text, names);
    text.split_whitespace().map(masked_word).collect::<Vec<_>>().join(" ")
}

/// A text with a sign instead of each name.
pub(super) fn without(text: &str, names: &[&str]) -> String {
    let names = names.iter().filter(|name| !name.is_empty());
    names.fold(text.to_owned(), |text, name| text.replace(name, "@"))
}

/// A word with `#` for each number in it.
fn masked_word(word: &str) -> String {
    let bare = bare(word);
    if NUMBERS.contains(&bare.to_lowercase().as_str()) || bare == "[c]" || bare == "[low]" {
        return word.replace(bare, "#");
    }
    let mut masked = String::new();
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let in_number = matches!(c, ',' | '.') && rest.peek().is_some_and(char::is_ascii_digit);
        match masked.ends_with('#') {
            true if c.is_ascii_digit() || in_number => {}
            _ if c.is_ascii_digit() => masked.push('#'),
            _ => masked.push(c),
        }
    }
    masked
}

/// The words that stand for numbers, from nothing up; the first is the short form of the second.
const NUMBERS: [&str; 14] = [
    "no", "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// A word without the marks round it; brackets and a per cent sign belong to it.
pub(super) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '[' | ']' | '%'))
}

/// A number in words as digits; any other word as it is.
pub(super) fn digits(word: &str) -> String {
    let number = NUMBERS.iter().position(|number| word.eq_ignore_ascii_case(number));
    number.map_or_else(|| word.to_owned(), |at| at.saturating_sub(1).to_string())
}
