#!/usr/bin/env bash
# Installs what `make` has made, or, when told `uninstall`, takes it away. The tree is that of `cargo cinstall`. The Makefile
# says what it takes from the environment.
set -euo pipefail
cd "$(dirname "$0")/.."

# A folder below another, as the way back from it: lib/x86_64-linux-gnu becomes ../..
shopt -s extglob
back() { echo "${1//+([!\/])/..}"; }

: "${PREFIX:?}" "${LIBDIR:?}" "${INCLUDEDIR:?}" "${RELEASE:?}" "${DESTDIR=}"
absolute() { case $1 in /*) echo "${1%/}" ;; *) echo "$prefix/${1%/}" ;; esac; }
prefix=${PREFIX%/}
libdir=$(absolute "$LIBDIR")
includedir=$(absolute "$INCLUDEDIR")
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
abi=$(sed -n 's/^const ABI_VERSION: u32 = \(.*\);$/\1/p' capi/build.rs)

shared=$DESTDIR$libdir/liboauthapp.so
static=$DESTDIR$libdir/liboauthapp.a
pc=$DESTDIR$libdir/pkgconfig/oauthapp.pc
cmake=$DESTDIR$libdir/cmake/OAuthApp
include=$DESTDIR$includedir

if [ "${1:-}" = uninstall ]; then
    rm -f "$shared" "$shared.$abi" "$shared.$version" "$static" "$pc" "$include/oauthapp.h" "$include/oauthapp.hpp"
    rm -f "$cmake/OAuthAppConfig.cmake" "$cmake/OAuthAppConfigVersion.cmake"
    [ ! -d "$cmake" ] || rmdir "$cmake"
    exit
fi
for made in "$RELEASE/liboauthapp.so" "$RELEASE/packaged/liboauthapp.a"; do
    [ -e "$made" ] || { echo "$made is not there: run make first" >&2; exit 1; }
done

# What is below the prefix is named from the file that names it, so that the whole can be moved.
pc_prefix=$prefix pc_libdir=$libdir pc_includedir=$includedir cmake_includedir=$includedir
if [[ $libdir == "$prefix"/* ]]; then
    pc_libdir="\${prefix}/${libdir#"$prefix"/}"
    to_prefix=$(back "${libdir#"$prefix"/}")
    pc_prefix="\${pcfiledir}/../$to_prefix"
fi
if [[ $includedir == "$prefix"/* ]]; then
    pc_includedir="\${prefix}/${includedir#"$prefix"/}"
    [ -z "${to_prefix:-}" ] || cmake_includedir=$to_prefix/${includedir#"$prefix"/}
fi

mkdir -p "$(dirname "$pc")" "$cmake" "$include"
install -m 755 "$RELEASE/liboauthapp.so" "$shared.$version"
ln -sf "liboauthapp.so.$version" "$shared.$abi"
ln -sf "liboauthapp.so.$version" "$shared"
install -m 644 "$RELEASE/packaged/liboauthapp.a" "$static"
install -m 644 include/oauthapp.h bindings/cpp/oauthapp.hpp "$include"
sed "s|@PREFIX@|$pc_prefix|; s|@LIBDIR@|$pc_libdir|; s|@INCLUDEDIR@|$pc_includedir|; s|@VERSION@|$version|" \
    packaging/oauthapp.pc.in >"$pc"
sed "s|^set(_OAuthApp_LIBDIRS .*|set(_OAuthApp_LIBDIRS .)|
    s|^set(_OAuthApp_INCLUDEDIRS .*|set(_OAuthApp_INCLUDEDIRS \"$cmake_includedir\")|" \
    packaging/OAuthAppConfig.cmake >"$cmake/OAuthAppConfig.cmake"
install -m 644 packaging/OAuthAppConfigVersion.cmake "$cmake"
chmod 644 "$pc" "$cmake/OAuthAppConfig.cmake"
