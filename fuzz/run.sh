#!/usr/bin/env bash
# Fuzzes: fuzz/run.sh TARGET [libFuzzer options], for example fuzz/run.sh answer -max_total_time=600. Does what `cargo fuzz run`
# does, with the Rust that is there. New inputs go to fuzz/found/TARGET (or below FOUND), what fails to fuzz/artifacts/TARGET.
set -euo pipefail
cd "$(dirname "$0")"

target=$1
shift
triple=$(rustc -vV | sed -n 's/^host: //p')
# Coverage for libFuzzer to go by, and AddressSanitizer; stable Rust takes these flags only so.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="--cfg fuzzing -Zsanitizer=address -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
cargo build --quiet --locked --release --target "$triple" --bin "$target"
folders=("${FOUND:-found}/$target")
mkdir -p "${folders[0]}" "artifacts/$target"
for folder in seeds corpus regressions; do
    [ ! -d "$folder/$target" ] || folders+=("$folder/$target")
done
exec "target/$triple/release/$target" -artifact_prefix="artifacts/$target/" -dict=dictionary -timeout=20 "$@" "${folders[@]}"
