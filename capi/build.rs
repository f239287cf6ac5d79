//! Gives the shared library its soname, and the name that a program which was linked with it looks for.

use std::env;
use std::path::PathBuf;

/// Raised when something is removed from the ABI or changed in it, and at no other time.
const ABI_VERSION: u32 = 1;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Mach-O and PE have no soname; packagers set the install name, and a DLL is found by its file name.
    if env::var("CARGO_CFG_TARGET_FAMILY").as_deref() != Ok("unix")
        || env::var("CARGO_CFG_TARGET_VENDOR").as_deref() == Ok("apple")
    {
        return;
    }
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("android") {
        // An app brings its own libraries, and its packager leaves out what doesn't end in .so.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,liboauthapp.so");
        return;
    }
    let soname = format!("liboauthapp.so.{ABI_VERSION}");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,{soname}");
    #[cfg(unix)]
    link_beside_the_library(&soname);
}

/// Puts the symlink beside the library, as an installed one has it, so that a program linked with target/release runs
/// from there. Cargo has no hook for after the link; a link made before it is as good.
#[cfg(unix)]
fn link_beside_the_library(soname: &str) {
    let out = PathBuf::from(env::var("OUT_DIR").expect("Cargo sets it"));
    // OUT_DIR is <profile>/build/<package>/out.
    let Some(profile) = out.ancestors().nth(3) else { return };
    let link = profile.join(soname);
    if link.read_link().is_err() {
        // Where it can't be made, the library itself is as good as before; only that one way of running it is missing.
        let _ = std::os::unix::fs::symlink("liboauthapp.so", link);
    }
}
