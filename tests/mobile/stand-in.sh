#!/bin/sh
# Stands in for a tool that this machine doesn't have, by the name under which it is called: makes what that tool would make,
# as far as the next one can tell.
set -eu
case ${0##*/} in
cargo)
    kind=
    while [ $# -gt 0 ]; do
        case $1 in
        --target) target=$2 && shift ;;
        --target-dir) built=$2 && shift ;;
        --crate-type) kind=$2 && shift ;;
        esac
        shift
    done
    mkdir -p "$built/$target/release"
    cd "$built/$target/release"
    case $target:$kind in
    *-apple-*:cdylib) echo "$target" >liboauthapp.dylib ;;
    *-apple-*:staticlib) echo "$target" >liboauthapp.a ;;
    *)
        # A library of this machine, linked as the one for Android would be.
        flags=$(env | sed -n 's/^CARGO_TARGET_.*_RUSTFLAGS=//p' | sed 's/-C link-arg=//g')
        echo 'const char *oauthapp_version(void) { return "stand-in"; }' >library.c
        # shellcheck disable=SC2086 # several flags
        "$STAND_IN_COMPILER" -shared -g -o liboauthapp.so "-Wl,-soname,${STAND_IN_SONAME:-liboauthapp.so}" $flags library.c
        "$STAND_IN_COMPILER" -c -g -o library.o library.c
        ar rcs liboauthapp.a library.o
        ;;
    esac
    ;;
lipo)
    for output in "$@"; do :; done
    while [ "$1" != -output ]; do
        [ "$1" = -create ] || cat "$1"
        shift
    done >"$output"
    ;;
dsymutil) mkdir -p "$3" ;;
xcodebuild)
    for output in "$@"; do :; done
    mkdir "$output"
    while [ $# -gt 0 ]; do
        if [ "$1" = -framework ]; then
            slice=$output/$(basename "$(dirname "$2")")
            mkdir "$slice"
            cp -R "$2" "$slice/"
        fi
        shift
    done
    ;;
ditto) for output in "$@"; do :; done && echo zip >"$output" ;;
strip | shasum | codesign) ;;
*) echo "nothing stands in for $0" >&2 && exit 1 ;;
esac
