//! The inputs that are kept in `fuzz/`, run through their targets.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

type Target = fn(&[u8]);

/// Every target, by its name.
const TARGETS: &[(&str, Target)] = &[
    ("answer", super::answer),
    ("base_url", super::base_url),
    #[cfg(feature = "capi")]
    ("c_api", super::c_api),
    ("challenge", super::challenge),
    ("envelope", super::envelope),
    #[cfg(feature = "capi")]
    ("json_pointer", super::json_pointer),
    ("pem", super::pem),
    ("problem", super::problem),
    ("proxy_reply", super::proxy_reply),
    ("proxy_url", super::proxy_url),
    ("retry_after", super::retry_after),
    ("scrub", super::scrub),
    ("token", super::token),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files of a folder; none where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
}

/// Runs what each target's folder of this kind holds. Gives the names of the targets that have something there.
fn replay(kind: &str) -> BTreeSet<&'static str> {
    let (mut replayed, mut failed) = (BTreeSet::new(), Vec::new());
    for (name, target) in TARGETS {
        for file in files(&folder().join(kind).join(name)) {
            let input = fs::read(&file).unwrap();
            if catch_unwind(|| target(&input)).is_err() {
                failed.push(file);
            }
            replayed.insert(*name);
        }
    }
    assert!(failed.is_empty(), "these fail: {failed:#?}");
    replayed
}

#[test]
fn seeds_pass() {
    TARGETS.iter().for_each(|(_, target)| target(b""));
    assert_eq!(replay("seeds").len(), TARGETS.len(), "every target has seeds");
}

#[test]
fn what_fuzzing_has_reached_passes() {
    replay("corpus");
}

#[test]
fn what_was_found_once_stays_mended() {
    replay("regressions");
}

#[test]
#[cfg(feature = "capi")]
fn no_target_is_forgotten() {
    let stem = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let programs: BTreeSet<String> = files(&folder().join("fuzz_targets")).iter().map(stem).collect();
    let mut targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    // What shows that a fault is found.
    targets.insert("broken".to_owned());
    assert_eq!(programs, targets);
}
