//! Access to files and folders: every error names the path, and everything written is synced to disk.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("could not {action} {}", path.display())]
pub struct PathError {
    /// What was being attempted.
    pub action: &'static str,
    /// The path.
    pub path: PathBuf,
    /// The error from the system.
    #[source]
    pub source: io::Error,
}

/// The system's error message, without its number.
pub fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file, or it is a broken link".to_owned(),
        io::ErrorKind::PermissionDenied => "you do not have permission".to_owned(),
        _ => without_number(&error.to_string()),
    }
}

/// A system error without its number, which means nothing to most people.
pub(crate) fn without_number(error: &str) -> String {
    error.split(" (os error").next().unwrap_or_default().to_owned()
}

/// Adds what was being attempted, and on which path, to a system error.
pub(crate) trait WithPath<T> {
    fn while_trying(self, action: &'static str, path: &Path) -> Result<T, PathError>;
}

impl<T> WithPath<T> for io::Result<T> {
    fn while_trying(self, action: &'static str, path: &Path) -> Result<T, PathError> {
        self.map_err(|source| PathError { action, path: path.to_owned(), source })
    }
}

/// Reads the bytes of a file.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads files")]
pub fn read(path: &Path) -> Result<Vec<u8>, PathError> {
    let about = fs::metadata(path).while_trying("read", path)?;
    // A pipe would never end, and a device could fill the memory.
    let refused = if about.is_dir() {
        Some("it is a folder")
    } else if !about.is_file() {
        Some("it is a device, a pipe or a socket")
    } else if about.len() > LARGEST {
        Some("it is larger than 256 MiB")
    } else {
        None
    };
    match refused {
        Some(reason) => Err(io::Error::other(reason)).while_trying("read", path),
        None => fs::read(path).while_trying("read", path),
    }
}

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// Every file below a folder that is not hidden, named as in [`files_below`]: anything that tools leave behind (`.git`,
/// `.DS_Store`) is ignored.
pub(crate) fn visible_files_below(folder: &Path) -> Result<Vec<String>, PathError> {
    let mut files = files_below(folder)?;
    files.retain(|file| !file.split('/').any(|part| part.starts_with('.')));
    Ok(files)
}

/// Every file below a folder as a path relative to it with `/` between the parts, sorted. A folder that cannot be read
/// is listed as a file, so that reading it reports why.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<String>, PathError> {
    fs::read_dir(folder).while_trying("read", folder)?;
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    // A link may lead back to a folder above it.
    let mut seen = std::collections::BTreeSet::new();
    while let Some((path, relative)) = folders.pop() {
        let within = fs::canonicalize(&path).map(|path| seen.insert(path)).and_then(|new| {
            Ok(if new { fs::read_dir(&path)?.collect::<io::Result<Vec<_>>>()? } else { Vec::new() })
        });
        let Ok(entries) = within else {
            files.push(relative);
            continue;
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let relative = if relative.is_empty() { name } else { format!("{relative}/{name}") };
            if entry.path().is_dir() { folders.push((entry.path(), relative)) } else { files.push(relative) }
        }
    }
    files.sort();
    Ok(files)
}

/// The names of the files in a folder that are files and not links, and are not hidden, sorted; empty if it does not
/// exist.
pub(crate) fn plain_files_in(folder: &Path) -> Result<Vec<String>, PathError> {
    let is_plain = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
    let mut names = names_in(folder, is_plain)?;
    names.retain(|name| !name.starts_with('.'));
    Ok(names)
}

/// The names of the folders in a folder; empty if it does not exist.
pub(crate) fn folders_in(folder: &Path) -> Result<Vec<String>, PathError> {
    names_in(folder, |entry| entry.path().is_dir())
}

/// The names of what is wanted in a folder, sorted; empty if it does not exist.
fn names_in(folder: &Path, wanted: impl Fn(&fs::DirEntry) -> bool) -> Result<Vec<String>, PathError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.while_trying("read", folder)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.while_trying("read", folder)?;
        if wanted(&entry) {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Writes a file and syncs it to disk, creating the folders above it if needed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    let mut file = File::create(path).while_trying("write", path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).while_trying("write", path)
}

/// Writes a file that only its owner can read and syncs it to disk, creating the folders above it as usual if needed.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    path.parent().map_or(Ok(()), create_folder)?;
    let options = private(File::options().create(true).truncate(true).write(true)).open(path);
    let mut file = options.while_trying("write", path)?;
    // A file that was there before keeps its permissions unless they are set.
    close_to_others(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).while_trying("write", path)
}

/// Writes a file that only its owner can read, unless there is one already: then nothing happens, even if the other one
/// was written at the same moment.
pub(crate) fn write_private_once(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let folder = path.parent().unwrap_or(path);
    let fresh = tempfile::NamedTempFile::new_in(folder).while_trying("write", path)?;
    write_private(fresh.path(), bytes)?;
    match fs::hard_link(fresh.path(), path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked.while_trying("write", path),
    }
}

/// As [`replace`], with a file that only its owner can read.
pub(crate) fn replace_private(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let fresh = path.with_extension("new");
    write_private(&fresh, bytes)?;
    rename(&fresh, path)
}

/// Cuts a private file after its first `after` bytes, appends `bytes` and syncs it to disk. If that fails, nothing is
/// added.
pub(crate) fn append(path: &Path, after: usize, bytes: &[u8]) -> Result<(), PathError> {
    let options = private(File::options().create(true).truncate(false).write(true)).open(path);
    let mut file = options.while_trying("write", path)?;
    let added = file
        .set_len(after as u64)
        .and_then(|()| file.seek(io::SeekFrom::End(0)))
        .and_then(|_| file.write_all(bytes))
        .and_then(|()| file.sync_all());
    if added.is_err() {
        drop(file.set_len(after as u64));
    }
    added.while_trying("write", path)
}

/// Writes a file under another name and moves it into place, so that readers find either the old file or the new one.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let fresh = path.with_extension("new");
    write(&fresh, bytes)?;
    rename(&fresh, path)
}

/// The complete lines of a file to which lines are only ever added, without their ends, and the length of all of them
/// in bytes: a line without an end was cut off while it was being written.
pub(crate) fn complete_lines(bytes: &[u8]) -> (usize, impl Iterator<Item = &[u8]>) {
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n');
    (whole, lines.map(|line| line.strip_suffix(b"\n").unwrap_or(line)))
}

/// Creates a folder and those above it.
pub fn create_folder(path: &Path) -> Result<(), PathError> {
    fs::create_dir_all(path).while_trying("create", path)
}

/// Creates a folder that only its owner can open, and those above it as usual. A folder that was there before is closed
/// to others.
pub(crate) fn create_private_folder(path: &Path) -> Result<(), PathError> {
    create_folder(path)?;
    close_to_others(path)
}

/// Makes a file or folder accessible to its owner only.
pub(crate) fn close_to_others(path: &Path) -> Result<(), PathError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let now = fs::metadata(path).while_trying("read", path)?.permissions();
        let closed = fs::Permissions::from_mode(now.mode() & 0o700);
        if now != closed {
            fs::set_permissions(path, closed).while_trying("close", path)?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Options that create a file for its owner only.
fn private(options: &mut fs::OpenOptions) -> &mut fs::OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Renames a file or folder and syncs the new name to disk.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), PathError> {
    fs::rename(from, to).while_trying("create", to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

/// Syncs the names in a folder to disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), PathError> {
    // A file name alone has an empty folder: the current one.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path).and_then(|folder| folder.sync_all()).while_trying("sync", path)
}

/// Gives a file a second name: a copy that shares its blocks if the file system allows it, failing that a hard link,
/// and failing that a full copy.
pub(crate) fn link(from: &Path, to: &Path) -> Result<(), PathError> {
    if let Some(folder) = to.parent() {
        create_folder(folder)?;
    }
    if reflink_copy::reflink(from, to).is_ok() || fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    write(to, &read(from)?)
}

/// True when anyone other than its owner has access to a file. Always false on systems without such permissions.
pub(crate) fn others_may_read(path: &Path) -> Result<bool, PathError> {
    let metadata = fs::metadata(path).while_trying("read", path)?;
    #[cfg(unix)]
    let others = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0;
    #[cfg(not(unix))]
    let others = {
        drop(metadata);
        false
    };
    Ok(others)
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> Result<(), PathError> {
    fs::remove_file(path).while_trying("remove", path)
}

/// Removes a folder and everything in it.
pub fn remove_folder(path: &Path) -> Result<(), PathError> {
    fs::remove_dir_all(path).while_trying("remove", path)
}

/// How many bytes are free on the disk that holds a folder.
pub(crate) fn free_space(path: &Path) -> Result<u64, PathError> {
    fs4::available_space(path).while_trying("check the free space on", path)
}
