use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::chart::Palette;

/// The style of a page: its colours, for light and dark screens, before the rules that use them.
pub(super) fn style(light: &Palette, dark: &Palette, rules: &str) -> String {
    let colours = |palette: &Palette| -> String {
        palette.named().map(|(name, colour)| format!("--{name}:{colour};")).collect()
    };
    let (light, dark) = (colours(light), colours(dark));
    format!(
        ":root{{color-scheme:light dark;{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{}",
        // A validator leaves out spaces at the end before it hashes a style.
        rules.trim_end()
    )
}

/// What a browser may do with a page: show it in its own style, and load and run nothing.
pub(super) fn policy(style: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}
