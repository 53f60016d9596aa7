use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, UndefinedBehavior};

use super::Templates;
use super::fault::TemplateFault;
use super::path::is_page;
use super::policy::policy;
use crate::model::Limits;

/// Templates for browser pages and email text.
pub struct Pages(Environment<'static>);

impl Pages {
    /// Prepares the templates.
    ///
    /// # Errors
    /// When a template cannot be parsed.
    pub fn new(templates: &Templates, limits: Limits) -> Result<Self, Box<TemplateFault>> {
        environment(templates, limits).map(Self).map_err(|error| fault(&error))
    }

    /// Fills a template.
    ///
    /// # Errors
    /// When the template does not fit the content.
    pub fn fill(
        &self,
        template: &str,
        content: &impl serde::Serialize,
    ) -> Result<String, Box<TemplateFault>> {
        let template = self.0.get_template(template);
        template.and_then(|page| page.render(Value::from(Serde(content)))).map_err(|error| fault(&error))
    }
}

fn fault(error: &Error) -> Box<TemplateFault> {
    Box::new(TemplateFault::of_minijinja(error))
}

/// Prepares the templates of pages and email text. Values are escaped in pages; an undefined value is an error.
fn environment(templates: &Templates, limits: Limits) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(limits.steps()));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("bytes", bytes);
    environment.add_function("policy", policy);
    for (path, text) in templates.files().filter(|(path, _)| is_page(path)) {
        environment.add_template_owned(path.to_owned(), text.to_owned())?;
    }
    Ok(environment)
}

/// A number of bytes in readable form: "38.7 MB".
fn bytes(number: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    let mut value = number as f64;
    let mut unit = "bytes";
    for larger in UNITS {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    if unit == "bytes" { format!("{number} bytes") } else { format!("{value:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_printed_in_the_unit_that_fits() {
        let printed = [0, 999, 1_000, 38_700_000, 999_600_000, 5_000_000_000_000].map(bytes);
        assert_eq!(printed, ["0 bytes", "999 bytes", "1.0 kB", "38.7 MB", "1.0 GB", "5.0 TB"]);
    }

    #[test]
    fn values_are_escaped_in_pages_only() {
        let templates = Templates::of(&[("mail/a.html.j2", "{{ x }}"), ("mail/a.txt.j2", "{{ x }}")]);
        let environment = environment(&templates, Limits::USUAL).unwrap();
        let render =
            |name| environment.get_template(name).unwrap().render(minijinja::context!(x => "<b>")).unwrap();
        assert_eq!(
            (render("mail/a.html.j2").as_str(), render("mail/a.txt.j2").as_str()),
            ("&lt;b&gt;", "<b>")
        );
    }
}
