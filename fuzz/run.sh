#!/usr/bin/env bash
# Fuzzes: fuzz/run.sh TARGET [libFuzzer options], for example fuzz/run.sh answer -max_total_time=600. Does what `cargo fuzz run`
# does, with the Rust that is there. New inputs go to fuzz/found/TARGET (or below FOUND), what fails to fuzz/artifacts/TARGET.
# With OWN_CODE=1, libFuzzer sees the library's own code only: that tells when nothing new of it is reached any more.
set -euo pipefail
cd "$(dirname "$0")"

target=$1
shift
triple=$(rustc -vV | sed -n 's/^host: //p')
built=$PWD/target
# Stable Rust takes the flags of sanitizers only so.
export RUSTC_BOOTSTRAP=1
# For libFuzzer to go by.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
export RUSTFLAGS="--cfg fuzzing -Zsanitizer=address"
if [ "${OWN_CODE:-}" = 1 ]; then
    built+=/own-code
    export RUSTC_WRAPPER=$PWD/own-code COVERAGE=$coverage
else
    RUSTFLAGS+=" $coverage"
fi
cargo build --quiet --locked --release --target "$triple" --target-dir "$built" --bin "$target"
folders=("${FOUND:-found}/$target")
mkdir -p "${folders[0]}" "artifacts/$target"
for folder in seeds corpus regressions; do
    [ ! -d "$folder/$target" ] || folders+=("$folder/$target")
done
exec "$built/$triple/release/$target" -artifact_prefix="artifacts/$target/" -dict=dictionary -timeout=20 "$@" "${folders[@]}"
