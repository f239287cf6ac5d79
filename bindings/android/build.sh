#!/usr/bin/env bash
# Builds liboauthapp for Android's four ABIs, and packs it twice: as an AAR with a Prefab package, for Gradle, and as a folder
# for CMake alone. What the libraries are stripped of is packed for the store and for debuggers. docs/platforms.md says how to
# use them.
#
#   ANDROID_NDK_HOME=… bindings/android/build.sh [--dry-run] [--output FOLDER]
#
# Wants NDK r26 or later, zip, and Rust with the targets that are named below (rustup target add …). With --dry-run it only
# prints the commands. Written from the rules of the NDK, of Prefab and of the AAR format; it has not been run with an NDK.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The oldest Android that the NDK supports for 64-bit ABIs, and that all of Rust's Android targets run on.
api=21
# ABI, Rust's target, and the prefix of the NDK's compiler.
abis=(
    "arm64-v8a   aarch64-linux-android   aarch64-linux-android"
    "armeabi-v7a armv7-linux-androideabi armv7a-linux-androideabi"
    "x86_64      x86_64-linux-android    x86_64-linux-android"
    "x86         i686-linux-android      i686-linux-android"
)

dry_run='' output=target/android
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry_run=yes ;;
        --output) output=${2:?--output wants a folder} && shift ;;
        *) echo "unknown argument: $1" >&2 && exit 2 ;;
    esac
    shift
done

run() {
    if [ -n "$dry_run" ]; then printf '%q ' "$@" && echo; else "$@"; fi
}
# Writes a file from standard input.
write() {
    if [ -n "$dry_run" ]; then echo "write $1:" && sed 's/^/    /'; else mkdir -p "$(dirname "$1")" && cat >"$1"; fi
}

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
ndk=${ANDROID_NDK_HOME:?the folder of an NDK}
ndk_major=$(sed -n 's/^Pkg.Revision *= *\([0-9]*\).*/\1/p' "$ndk/source.properties")
case $(uname -s) in Darwin) host=darwin-x86_64 ;; *) host=linux-x86_64 ;; esac
bin=$ndk/toolchains/llvm/prebuilt/$host/bin
prefab=$output/aar/prefab module=$output/aar/prefab/modules/oauthapp plain=$output/oauthapp-$version-android

build() {
    local target=$1 compiler=$2 abi=$3 flags="-C link-arg=-Wl,--build-id=sha1"
    # Devices with pages of 16 KB, which are 64-bit; before NDK r28 it has to be asked for.
    case $abi in arm64-v8a | x86_64) flags+=" -C link-arg=-Wl,-z,max-page-size=16384" ;; esac
    local lower=${target//-/_} upper
    upper=$(tr '[:lower:]' '[:upper:]' <<<"$lower")
    run env "CC_$lower=$compiler" "AR_$lower=$bin/llvm-ar" "CARGO_TARGET_${upper}_LINKER=$compiler" \
        "CARGO_TARGET_${upper}_RUSTFLAGS=$flags" CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only \
        cargo build --release --locked -p oauthapp-capi --target "$target" --target-dir "$output/cargo"
}

# A wrong name or alignment shows only on some devices, so it is looked for here.
check() {
    local library=$1 abi=$2 headers
    headers=$("$bin/llvm-readelf" --dynamic-table --program-headers --wide "$library")
    grep -q 'Library soname: \[liboauthapp.so\]' <<<"$headers" || { echo "$library: its soname is not liboauthapp.so" >&2; exit 1; }
    case $abi in
        arm64-v8a | x86_64)
            ! grep ' LOAD ' <<<"$headers" | grep -qv ' 0x4000$' || { echo "$library: not for pages of 16 KB" >&2; exit 1; }
            ;;
    esac
}

run rm -rf "$output/aar" "$output/symbols" "$plain"
for line in "${abis[@]}"; do
    read -r abi target prefix <<<"$line"
    build "$target" "$bin/$prefix$api-clang" "$abi"
    built=$output/cargo/$target/release
    run mkdir -p "$output/symbols/$abi" "$module/libs/android.$abi" "$plain/lib/$abi"
    run cp "$built/liboauthapp.so" "$output/symbols/$abi/"
    run "$bin/llvm-strip" --strip-unneeded -o "$plain/lib/$abi/liboauthapp.so" "$built/liboauthapp.so"
    [ -n "$dry_run" ] || check "$plain/lib/$abi/liboauthapp.so" "$abi"
    run cp "$plain/lib/$abi/liboauthapp.so" "$module/libs/android.$abi/"
    run "$bin/llvm-strip" --strip-debug -o "$plain/lib/$abi/liboauthapp.a" "$built/liboauthapp.a"
    write "$module/libs/android.$abi/abi.json" <<END
{ "abi": "$abi", "api": $api, "ndk": $ndk_major, "stl": "none", "static": false }
END
done

write "$prefab/prefab.json" <<END
{ "schema_version": 2, "name": "oauthapp", "version": "$version", "dependencies": [] }
END
write "$module/module.json" <<END
{ "export_libraries": [] }
END
write "$output/aar/AndroidManifest.xml" <<END
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.oauthapp.liboauthapp">
    <uses-sdk android:minSdkVersion="$api" />
    <uses-permission android:name="android.permission.INTERNET" />
</manifest>
END
for include in "$module/include" "$plain/include"; do
    run mkdir -p "$include"
    run cp include/oauthapp.h bindings/cpp/oauthapp.hpp "$include/"
done
run mkdir -p "$plain/lib/cmake/oauthapp"
run cp bindings/android/oauthapp-config.cmake "$plain/lib/cmake/oauthapp/"

archive() {
    local folder=$1 file=$2
    case $file in /*) ;; *) file=$PWD/$file ;; esac
    run rm -f "$file"
    (run cd "$folder" && run zip -q -r -X "$file" .)
}
archive "$output/aar" "$output/oauthapp-$version.aar"
archive "$plain" "$plain.zip"
archive "$output/symbols" "$output/oauthapp-$version-symbols.zip"
