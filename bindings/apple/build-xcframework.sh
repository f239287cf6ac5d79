#!/usr/bin/env bash
# Builds COAuthApp.xcframework, the C library for iOS devices, iOS simulators and macOS, and a zip of it with its checksum.
# bindings/swift takes it from there; docs/platforms.md says how to use it without.
#
#   bindings/apple/build-xcframework.sh [--static] [--sign IDENTITY] [--output FOLDER] [--dry-run]
#
# Wants Xcode 15 or later, and Rust with the targets that are named below (rustup target add …). Makes a dynamic framework, or
# with --static one that becomes part of the app's own program. With --dry-run it only prints the commands. Written from Apple's
# rules for bundles, XCFrameworks and privacy manifests; it has not been run on an Apple machine.
set -euo pipefail
cd "$(dirname "$0")/../.."

name=COAuthApp
identifier=com.oauthapp.COAuthApp
# The oldest systems on which Swift's async calls work, and on which Macs with Apple's processors run.
ios=13.0 macos=11.0

dry_run='' crate_type=cdylib identity='' output=bindings/swift
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry_run=yes ;;
        --static) crate_type=staticlib ;;
        --sign) identity=${2:?--sign wants an identity of the keychain} && shift ;;
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
    if [ -n "$dry_run" ]; then echo "write $1:" && sed 's/^/    /'; else cat >"$1"; fi
}

case $crate_type in cdylib) library=liboauthapp.dylib ;; *) library=liboauthapp.a ;; esac
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
build=${CARGO_TARGET_DIR:-target}/apple
case $build in /*) ;; *) build=$PWD/$build ;; esac

# A slice for each target, all with the name by which the app's loader finds the framework. The debug information stays beside
# them until dsymutil has read it.
compile() {
    local install_name=$1 target link=''
    shift
    for target in "$@"; do
        [ $crate_type = staticlib ] || link="-Clink-arg=-Wl,-install_name,$install_name -Clink-arg=-Wl,-current_version,$version"
        # shellcheck disable=SC2086 # two arguments, or none
        run env IPHONEOS_DEPLOYMENT_TARGET=$ios MACOSX_DEPLOYMENT_TARGET=$macos CARGO_PROFILE_RELEASE_STRIP=none \
            CARGO_PROFILE_RELEASE_DEBUG=line-tables-only CARGO_PROFILE_RELEASE_SPLIT_DEBUGINFO=unpacked \
            cargo rustc --release --locked -p oauthapp-capi --crate-type $crate_type --target "$target" --target-dir "$build/cargo" \
            -- $link
    done
}

# One file of the slices; debug information apart, where Xcode and crash reports want it; nothing but exported names left.
binary() {
    local file=$1 dsym=$2 target slices=()
    shift 2
    for target in "$@"; do slices+=("$build/cargo/$target/release/$library"); done
    run lipo -create "${slices[@]}" -output "$file"
    if [ $crate_type = cdylib ]; then
        run dsymutil "$file" -o "$dsym"
        run strip -x -S "$file"
    else
        run strip -S "$file"
    fi
}

module_map() {
    if [ $crate_type = cdylib ]; then
        run cp bindings/apple/module.modulemap "$1/"
    else
        # A static library can't say by itself what it needs.
        write "$1/module.modulemap" <<END
$(sed '$d' bindings/apple/module.modulemap)
    link framework "CoreFoundation"
    link framework "Security"
}
END
    fi
}

info_plist() {
    local file=$1 platform=$2 minimum_key=$3 minimum=$4
    write "$file" <<END
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>CFBundleDevelopmentRegion</key>
    <string>en</string>
    <key>CFBundleExecutable</key>
    <string>$name</string>
    <key>CFBundleIdentifier</key>
    <string>$identifier</string>
    <key>CFBundleInfoDictionaryVersion</key>
    <string>6.0</string>
    <key>CFBundleName</key>
    <string>$name</string>
    <key>CFBundlePackageType</key>
    <string>FMWK</string>
    <key>CFBundleShortVersionString</key>
    <string>$version</string>
    <key>CFBundleSupportedPlatforms</key>
    <array>
        <string>$platform</string>
    </array>
    <key>CFBundleVersion</key>
    <string>$version</string>
    <key>$minimum_key</key>
    <string>$minimum</string>
</dict>
</plist>
END
}

# iOS: everything at the framework's top.
shallow_framework() {
    local slice=$1 platform=$2 framework=$build/$1/$name.framework
    shift 2
    compile "@rpath/$name.framework/$name" "$@"
    run mkdir -p "$framework/Headers" "$framework/Modules"
    binary "$framework/$name" "$build/$slice/$name.framework.dSYM" "$@"
    run cp include/oauthapp.h "$framework/Headers/"
    module_map "$framework/Modules"
    info_plist "$framework/Info.plist" "$platform" MinimumOSVersion $ios
    run cp bindings/apple/PrivacyInfo.xcprivacy "$framework/"
}

# macOS: everything in a version's folder, with links to it at the top.
versioned_framework() {
    local framework=$build/macos/$name.framework part
    local version_a=$framework/Versions/A
    compile "@rpath/$name.framework/Versions/A/$name" "$@"
    run mkdir -p "$version_a/Headers" "$version_a/Modules" "$version_a/Resources"
    binary "$version_a/$name" "$build/macos/$name.framework.dSYM" "$@"
    run cp include/oauthapp.h "$version_a/Headers/"
    module_map "$version_a/Modules"
    info_plist "$version_a/Resources/Info.plist" MacOSX LSMinimumSystemVersion $macos
    run cp bindings/apple/PrivacyInfo.xcprivacy "$version_a/Resources/"
    run ln -s A "$framework/Versions/Current"
    for part in $name Headers Modules Resources; do
        run ln -s "Versions/Current/$part" "$framework/$part"
    done
}

run rm -rf "$build/ios" "$build/ios-simulator" "$build/macos" "$output/$name.xcframework" "$output/$name.xcframework.zip"
shallow_framework ios iPhoneOS aarch64-apple-ios
shallow_framework ios-simulator iPhoneSimulator aarch64-apple-ios-sim x86_64-apple-ios
versioned_framework aarch64-apple-darwin x86_64-apple-darwin

parts=()
for slice in ios ios-simulator macos; do
    parts+=(-framework "$build/$slice/$name.framework")
    [ $crate_type = staticlib ] || parts+=(-debug-symbols "$build/$slice/$name.framework.dSYM")
done
run mkdir -p "$output"
run xcodebuild -create-xcframework "${parts[@]}" -output "$output/$name.xcframework"
[ -z "$identity" ] || run codesign --timestamp --sign "$identity" "$output/$name.xcframework"
# ditto keeps the links. The checksum is what Package.swift's binaryTarget(url:checksum:) wants.
run ditto -c -k --keepParent "$output/$name.xcframework" "$output/$name.xcframework.zip"
run shasum -a 256 "$output/$name.xcframework.zip"
