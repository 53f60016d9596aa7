use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use minijinja::{Error, State};
use sha2::{Digest, Sha256};

/// The element that tells a browser to run nothing on a page but the script of its template, to use no style but its
/// own, and to load nothing. Both are named by their hashes. They must be templates without values, so that nothing in
/// a report or an evaluation can become part of what is allowed.
pub(super) fn policy(state: &State<'_, '_>, style: &str, script: Option<&str>) -> Result<Value, Error> {
    let mut rules = vec!["default-src 'none'".to_owned(), "img-src data:".to_owned()];
    rules.push(format!("style-src {}", source(state, style)?));
    if let Some(script) = script {
        rules.push(format!("script-src {}", source(state, script)?));
    }
    rules.extend(["base-uri 'none'", "form-action 'none'"].map(str::to_owned));
    let rules = rules.join("; ");
    Ok(Value::from_safe_string(format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{rules}\">")))
}

/// The hash of a template's text, as a policy names it.
fn source(state: &State<'_, '_>, template: &str) -> Result<String, Error> {
    let text = state.env().get_template(template)?.render(())?;
    Ok(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes()))))
}
