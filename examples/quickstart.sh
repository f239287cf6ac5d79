#!/bin/sh
# Builds the library and the emulator, and runs examples/quickstart.c against it, or the example that is named
# (examples/quickstart.sh quickstart.cpp). Exits 0 only if all of it worked. Wants Rust and a C or C++ compiler; leaves nothing
# running.
set -eu
example=${1:-quickstart.c}
cd "$(dirname "$0")/.."
release=${CARGO_TARGET_DIR:-target}/release
case $release in /*) ;; *) release=$PWD/$release ;; esac

cargo build --release

scratch=$(mktemp -d)
mkfifo "$scratch/in" "$scratch/out"
"$release/oauthapp-emulator" --port 0 --until-stdin-closes <"$scratch/in" >"$scratch/out" &
# The emulator ends when the write end of its input closes, which it does however this script ends.
exec 3>"$scratch/in" 4<"$scratch/out"
trap 'exec 3>&-; wait; rm -rf "$scratch"' EXIT
read -r listening <&4 || { echo "The emulator did not start." >&2; exit 1; }
OAUTHAPP_URL=${listening##* }
export OAUTHAPP_URL
echo "The emulator is $listening"

case $example in *.cpp) compiler=${CXX:-c++} ;; *) compiler=${CC:-cc} ;; esac
"$compiler" -o "$scratch/quickstart" "examples/$example" -Iinclude -Ibindings/cpp -pthread \
    -L"$release" -loauthapp -Wl,-rpath,"$release"
"$scratch/quickstart"
