#!/usr/bin/env bash
# Fuzzes each target for a fixed number of runs, and shows first that a fault would be found.
set -euo pipefail
cd "$(dirname "$0")"
FOUND=$(mktemp -d)
export FOUND
trap 'rm -rf "$FOUND"' EXIT
log=$FOUND/log

if ./run.sh broken -seed=1 -runs=5000000 >"$log" 2>&1 || ! grep -q "AddressSanitizer: heap-buffer-overflow" "$log"; then
    tail -n 40 "$log"
    echo "the fault of the target \"broken\" is not found"
    exit 1
fi
rm -r artifacts/broken

# Nothing is to be found.
run() {
    ./run.sh "$@" >"$log" 2>&1 || {
        cat "$log"
        exit 1
    }
}

for target in fuzz_targets/*.rs; do
    target=$(basename "$target" .rs)
    case $target in
        broken) continue ;;
        answer | c_api | pem) runs=10000 ;;
        *) runs=50000 ;;
    esac
    run "$target" -seed=1 -runs="$runs"
    edges=$(sed -nE 's/^#[0-9]+\s+DONE +cov: ([0-9]+) .*/\1/p' "$log")
    echo "$target: $runs runs, $edges edges"
    # Fewer are those of a library that was built without coverage.
    [ "$edges" -gt 400 ]
done

# What is put together place by place, for the targets where that takes seconds.
for target in problem token; do
    ./combine.py "$target" "$FOUND/combined/$target"
    run "$target" -runs=0 "$FOUND/combined/$target"
    echo "$target: $(find "$FOUND/combined/$target" -type f | wc -l) documents"
done
