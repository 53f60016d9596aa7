use area_reports::model::Limits;
use area_reports::templates::{Pages, Templates};
use serde_json::{Value, json};

/// Texts that would be markup, or break out of a script, if a page did not escape them.
const HOSTILE: [&str; 30] = [
    "</script><script>alert(1)</script>",
    "</SCRIPT ><script>alert(1)",
    "</style><style>*{display:none}",
    "</title><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\"><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{7*7}}",
    "{% include \"review/script.js.j2\" %}",
    "{# x #}",
    "<< 7*7 >>",
    "${alert(1)}",
    "`alert(1)`",
    "\u{2028}alert(1)\u{2029}",
    "]]><script>alert(1)</script>",
    "<![CDATA[<b>",
    "<!--",
    "--><b>",
    "<!--<script>",
    "&lt;b&gt;&amp;",
    "<b",
    "\\\");alert(1);//",
    "\u{202e}<b>\u{0}",
    "<meta http-equiv=refresh content=0;url=//x>",
];

/// The tags of a page in order, with the names of their attributes, and the text of the script element with data.
fn markup(html: &str) -> (Vec<String>, String) {
    let (mut tags, mut data) = (Vec::new(), String::new());
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let end = end_of_tag(after);
        let tag = &after[..end];
        rest = &after[end..];
        tags.push(without_values(tag));
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        if ["script", "style", "title"].contains(&name) {
            // Whatever is in these elements is text up to their end, in capitals or not.
            let close = rest.to_ascii_lowercase().find(&format!("</{name}")).unwrap();
            if tag.contains("application/json") {
                data = rest[1..close].to_owned();
            }
            rest = &rest[close..];
        }
    }
    (tags, data)
}

/// Where a tag ends: at the first bracket that is not in a value.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '>' => return at,
            _ => {}
        }
    }
    tag.len()
}

/// A tag without the values of its attributes.
fn without_values(tag: &str) -> String {
    let parts = tag.split('"').enumerate();
    parts.filter(|(at, _)| at % 2 == 0).map(|(_, part)| part).collect()
}

/// The contents of the page for reviewers, with a text in every place that holds one.
fn review(text: &str) -> Value {
    json!({
        "old": text, "new": text, "decides": true, "first": false, "reviewers": [{ "name": text, "salt": text, "rounds": 1, "check": text }], "synthetic": true, "unchanged": 1,
        "groups": [{ "id": text, "risk": text, "title": text, "size": text, "causes": [text], "reports": [0],
            "words": [{ "section": text, "was": text, "is": text }], "figures": [{ "about": text, "name": text }] }],
        "reports": [{ "subject": text, "name": text, "region": text, "fate": text, "was": text, "is": text,
            "recipients": [text] }],
        "pictures": [],
    })
}

/// The contents of the summary of a run, with a text in every place that holds one.
fn summary(text: &str) -> Value {
    json!({
        "title": text, "run": text, "seconds": 1.5, "synthetic": true, "built": 1, "reused": 0,
        "kinds": [{ "kind": text, "built": 1, "reused": 0, "failed": 0 }, { "kind": text, "built": 0, "reused": 1, "failed": 1 }],
        "failed": [{ "name": text, "subject": text, "reason": text, "last_made": text }],
        "problems": { "errors": 1, "warnings": 1 }, "problems_before": null,
        "causes": [{ "reports": 1, "words": text, "names": [text] }, { "reports": 9, "words": text, "names": [text, text, text, text] }],
        "moved": [{ "group": text, "reports": 2, "more": 1,
            "figures": [{ "measure": text, "sector": text, "was": text, "is": text }] }],
        "inputs": { "new": [text], "changed": [text], "gone": [text] },
        "completeness": { "completed": 1, "areas": 1, "asked": 1, "answered": 1 }, "completeness_before": null,
        "pages": 1, "bytes": 1, "new_bytes": 1, "free_bytes": 1, "proof_seconds": 0.1,
        "slowest": [[text, 0.5]], "started": text, "finished": text,
    })
}

#[test]
fn hostile_texts_are_never_markup() {
    let pages = Pages::new(&Templates::embedded(), Limits::USUAL).unwrap();
    type Contents = fn(&str) -> Value;
    for (template, contents) in
        [("review/review.html.j2", review as Contents), ("summary/run.html.j2", summary as Contents)]
    {
        let filled = |text: &str| pages.fill(template, &contents(text)).unwrap();
        let (harmless, _) = markup(&filled("harmless"));
        assert!(harmless.len() > 30, "{harmless:?}");
        for text in HOSTILE {
            let (tags, data) = markup(&filled(text));
            assert_eq!(tags, harmless, "{text:?} in {template}");
            if template.starts_with("review") {
                let data: Value = serde_json::from_str(&data).unwrap();
                assert_eq!(data["groups"][0]["title"], text);
                assert_eq!(data["reports"][0]["name"], text);
            }
        }
    }
}

#[test]
fn pages_allow_only_their_own_script_and_style() {
    use base64::Engine as _;
    use sha2::{Digest, Sha256};
    let pages = Pages::new(&Templates::embedded(), Limits::USUAL).unwrap();
    for (html, elements) in [
        (pages.fill("review/review.html.j2", &review("x")).unwrap(), &["style", "script"][..]),
        (pages.fill("summary/run.html.j2", &summary("x")).unwrap(), &["style"]),
    ] {
        let (_, policy) = html.split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"").unwrap();
        let (policy, _) = policy.split_once("\">").unwrap();
        for rule in ["default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for element in elements {
            let (_, text) = html.split_once(&format!("<{element}>")).unwrap();
            let (text, _) = text.split_once(&format!("</{element}>")).unwrap();
            let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
            assert!(policy.contains(&format!("{element}-src 'sha256-{hash}'")), "{element}: {policy}");
        }
        // An attribute with a script or a style would not work.
        let (tags, _) = markup(&html);
        assert!(!tags.iter().any(|tag| tag.contains(" style=") || tag.contains(" on")), "{tags:?}");
    }
}
