//! Names the sources that the program is built from, since reports that another program made are made again, and lists the
//! files of `report-templates/`, which are part of the program.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

#[expect(
    clippy::disallowed_methods,
    reason = "a build script has no other reader of files and of the environment"
)]
fn main() {
    let mut files = vec![PathBuf::from("Cargo.lock")];
    collect(Path::new("src"), &mut files);
    files.sort();
    let mut hasher = Sha256::new();
    for file in &files {
        hasher.update(file.to_string_lossy().as_bytes());
        hasher.update(fs::read(file).unwrap_or_default());
    }
    let digest = hasher.finalize();
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=SOURCES={hash}");
    println!("cargo::rustc-env=TYPST={}", version_of("typst"));
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed=report-templates");
    let [package, folder] = ["CARGO_MANIFEST_DIR", "OUT_DIR"].map(|name| env::var(name).unwrap_or_default());
    if let Err(error) = fs::write(Path::new(&folder).join("templates.rs"), templates(&package)) {
        println!("cargo::error=the templates cannot be listed: {error}");
    }
}

/// The version of a dependency, from the lock file.
#[expect(clippy::disallowed_methods, reason = "a build script has no other reader of files")]
fn version_of(package: &str) -> String {
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, rest)| rest);
    after.and_then(|rest| rest.split('"').next()).unwrap_or("of unknown version").to_owned()
}

/// A table of the paths and texts of all templates, as source.
fn templates(package: &str) -> String {
    let folder = Path::new(package).join("report-templates");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.retain(|file| !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    files.sort();
    let mut table = "pub(super) const EMBEDDED: &[(&str, &str)] = &[\n".to_owned();
    for file in &files {
        let path = file.strip_prefix(&folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
        // Writing to a text cannot fail.
        let _ = writeln!(table, "    ({path:?}, include_str!({:?})),", file.to_string_lossy());
    }
    table.push_str("];\n");
    table
}

/// Every file below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
