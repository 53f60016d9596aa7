//! Names the sources that the program is built from: reports that another program made are made again.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

#[expect(clippy::disallowed_methods, reason = "a build script has no other reader of files")]
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
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
}

/// Every file below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
