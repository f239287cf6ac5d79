#!/bin/sh
# Builds the library as it ships, the other clients and the server, measures them, and prints the table.
# README.md says what it wants and what the figures mean.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$PWD/$target ;; esac
release=$target/release
scratch=$target/benches
mkdir -p "$scratch"

# Two commands, so that what the clients want of their dependencies changes nothing in the library.
cargo build --release --locked
cargo build --release --locked -p oauthapp-benches

case " $* " in
*" --counts "*) ;;
*)
    # The same library with its symbols, to see where everything goes.
    CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=1 \
        cargo build --release --locked --target-dir "$scratch/symbols"
    # Nothing but ureq: the floor of a library's size.
    cargo build --profile smallest --locked -p oauthapp-benches --example smallest
    ;;
esac

compile() { "${CC:-cc}" -std=c11 -O2 -Wall -Wextra -Werror "$@"; }
compile -o "$scratch/ours" benches/c/client.c benches/c/ours.c -Iinclude -L"$release" -loauthapp -lpthread
compile -o "$scratch/curl" benches/c/client.c benches/c/curl.c $(pkg-config --cflags --libs libcurl libcjson) -lpthread
compile -shared -fPIC -fno-builtin -o "$scratch/count_allocations.so" benches/c/count_allocations.c

exec "$release/bench-compare" "$@"
