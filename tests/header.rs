//! The committed header is the one that the source gives.

/// What build.rs made of src/ffi in this very build.
const GENERATED: &str = include_str!(concat!(env!("OUT_DIR"), "/oauthapp.h"));

#[test]
fn the_committed_header_is_what_the_source_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/include/oauthapp.h");
    if std::env::var_os("OAUTHAPP_UPDATE_HEADER").is_some() {
        std::fs::write(path, GENERATED).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    let difference = committed.lines().zip(GENERATED.lines()).position(|(old, new)| old != new);
    assert!(
        committed == GENERATED,
        "include/oauthapp.h is out of date (first difference near line {:?}); bring it up to date with\n\
         OAUTHAPP_UPDATE_HEADER=1 cargo test --test header",
        difference.map(|line| line + 1)
    );
}
