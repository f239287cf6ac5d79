#!/usr/bin/env bash
# Makes of rustc's static library (first argument) one that defines nothing but the functions of the header (second argument).
# What Rust's standard library and the dependencies define then meets that of no other library in a program, also where that
# one is written in Rust too. Debug information, which is the standard library's alone, is left out.
set -euo pipefail
from=$1 to=$2
exports=$(dirname "$0")/../abi/exports
[ "$from" -nt "$to" ] || [ "$exports" -nt "$to" ] || [ "$0" -nt "$to" ] || exit 0

mkdir -p "$(dirname "$to")"
scratch=$(mktemp -d "$to.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mapfile -t functions <"$exports"
# One object of all that the functions need. Its COMDAT groups are dissolved: of each, a linker keeps one in a program, and
# could take the other library's for this one's.
"${LD:-ld}" -r --force-group-allocation -o "$scratch/oauthapp.o" "${functions[@]/#/--undefined=}" "$from"
# LLVM's bitcode, which the standard library has beside its machine code, is for rustc alone.
"${OBJCOPY:-objcopy}" --keep-global-symbols="$exports" --strip-unneeded --remove-section=.llvmbc --remove-section=.llvmcmd \
    "$scratch/oauthapp.o"
"${AR:-ar}" crsD "$scratch/liboauthapp.a" "$scratch/oauthapp.o"
mv "$scratch/liboauthapp.a" "$to"
