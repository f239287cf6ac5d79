//! The scripts that build the library for Apple's systems and for Android. Neither Xcode nor an NDK is to be had where the tests
//! run, so what is looked at is which commands they would give, and what they pack when other tools stand in for the missing ones.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const APPLE: &str = "bindings/apple/build-xcframework.sh";
const ANDROID: &str = "bindings/android/build.sh";
/// ABI, Rust's target, and whether there are devices of it with pages of 16 KB.
const ABIS: [(&str, &str, bool); 4] = [
    ("arm64-v8a", "aarch64-linux-android", true),
    ("armeabi-v7a", "armv7-linux-androideabi", false),
    ("x86_64", "x86_64-linux-android", true),
    ("x86", "i686-linux-android", false),
];

/// An empty folder for one test.
fn scratch(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mobile").join(test);
    // It may not be there.
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{stdout}\n{stderr}", output.status);
    stdout.into_owned()
}

/// As much of an NDK as the script for Android looks at. The tools are LLVM's, as an NDK's are.
fn ndk(directory: &Path) -> PathBuf {
    let ndk = directory.join("ndk");
    let bin = ndk.join("toolchains/llvm/prebuilt/linux-x86_64/bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(ndk.join("source.properties"), "Pkg.Desc = Android NDK\nPkg.Revision = 28.2.13676358\n").unwrap();
    for tool in ["llvm-strip", "llvm-readelf"] {
        symlink(format!("/usr/bin/{tool}-22"), bin.join(tool)).unwrap();
    }
    ndk
}

fn script(name: &str, directory: &Path) -> Command {
    let mut command = Command::new(Path::new(ROOT).join(name));
    command.arg("--output").arg(directory.join("output")).env("ANDROID_NDK_HOME", ndk(directory)).current_dir("/");
    command
}

/// The script, with the stand-in in the place of every tool that only others have.
fn with_stand_ins(name: &str, directory: &Path) -> Command {
    let tools = directory.join("tools");
    fs::create_dir(&tools).unwrap();
    for tool in ["cargo", "lipo", "dsymutil", "strip", "xcodebuild", "ditto", "shasum", "codesign"] {
        symlink(format!("{ROOT}/tests/mobile/stand-in.sh"), tools.join(tool)).unwrap();
    }
    let mut command = script(name, directory);
    command.env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()));
    command.env("STAND_IN_COMPILER", "gcc").env("CARGO_TARGET_DIR", directory.join("target"));
    command
}

/// The files of a folder, and where its links lead.
fn files(directory: &Path) -> BTreeSet<String> {
    let found = output(
        Command::new("find")
            .arg(directory)
            .args(["-type", "f", "-printf", "%P\n", "-o", "-type", "l"])
            .args(["-printf", "%P -> %l\n"]),
    );
    found.lines().map(str::to_owned).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// One line for each command that begins like this.
fn commands<'a>(printed: &'a str, with: &str) -> Vec<&'a str> {
    printed.lines().filter(|line| !line.starts_with(' ') && line.contains(with)).collect()
}

#[test]
fn apples_commands_are_those_for_every_slice_in_their_order() {
    let directory = scratch("apple-dry-run");
    let printed = output(script(APPLE, &directory).args(["--dry-run", "--sign", "Some Identity"]));
    let builds = commands(&printed, " cargo rustc ");
    let targets = [
        ("aarch64-apple-ios", "COAuthApp.framework/COAuthApp"),
        ("aarch64-apple-ios-sim", "COAuthApp.framework/COAuthApp"),
        ("x86_64-apple-ios", "COAuthApp.framework/COAuthApp"),
        ("aarch64-apple-darwin", "COAuthApp.framework/Versions/A/COAuthApp"),
        ("x86_64-apple-darwin", "COAuthApp.framework/Versions/A/COAuthApp"),
    ];
    assert_eq!(builds.len(), targets.len(), "{printed}");
    for (build, (target, name)) in builds.iter().zip(targets) {
        for part in [
            "IPHONEOS_DEPLOYMENT_TARGET=13.0 MACOSX_DEPLOYMENT_TARGET=11.0 ".to_owned(),
            "CARGO_PROFILE_RELEASE_STRIP=none ".to_owned(),
            "--release --locked -p oauthapp-capi --crate-type cdylib ".to_owned(),
            format!("--target {target} "),
            format!("-Clink-arg=-Wl\\,-install_name\\,@rpath/{name} "),
        ] {
            assert!(build.contains(&part), "{part} is missing in {build}");
        }
    }
    let order: Vec<&str> = printed
        .lines()
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(' ').next())
        .filter(|tool| ["lipo", "dsymutil", "strip", "xcodebuild", "codesign", "ditto", "shasum"].contains(tool))
        .collect();
    let mut expected = ["lipo", "dsymutil", "strip"].repeat(3);
    expected.extend(["xcodebuild", "codesign", "ditto", "shasum"]);
    assert_eq!(order, expected);
    let [create] = commands(&printed, "xcodebuild ")[..] else { panic!("{printed}") };
    assert_eq!(
        (create.matches(" -framework /").count(), create.matches(" -debug-symbols /").count()),
        (3, 3),
        "{create}"
    );
    assert!(!directory.join("output").exists(), "a dry run writes nothing");
}

#[test]
fn androids_commands_are_those_for_every_abi() {
    let directory = scratch("android-dry-run");
    let printed = output(script(ANDROID, &directory).arg("--dry-run"));
    let builds = commands(&printed, " cargo build ");
    assert_eq!(builds.len(), ABIS.len(), "{printed}");
    for (build, (_, target, large_pages)) in builds.iter().zip(ABIS) {
        let compiler = format!("/{}21-clang ", target.replace("armv7", "armv7a"));
        for part in [
            "CARGO_PROFILE_RELEASE_STRIP=none ",
            "--release --locked -p oauthapp-capi ",
            "-Wl\\,--build-id=sha1",
            &format!("CC_{}=", target.replace('-', "_")),
            &format!("CARGO_TARGET_{}_LINKER=", target.replace('-', "_").to_uppercase()),
            &format!("--target {target} "),
            &compiler,
        ] {
            assert!(build.contains(part), "{part} is missing in {build}");
        }
        assert_eq!(build.contains("-Wl\\,-z\\,max-page-size=16384"), large_pages, "{build}");
    }
    assert!(!directory.join("output").exists(), "a dry run writes nothing");
}

/// Checks a framework's property lists with the parser of another language, and its module with clang.
fn check_framework(framework: &Path, resources: &Path, platform: &str, minimum: (&str, &str)) {
    let expected = format!(
        r"
import plistlib, sys
info, privacy = (plistlib.load(open(path, 'rb')) for path in sys.argv[1:])
assert info == {{
    'CFBundleDevelopmentRegion': 'en', 'CFBundleExecutable': 'COAuthApp', 'CFBundleIdentifier': 'com.oauthapp.COAuthApp',
    'CFBundleInfoDictionaryVersion': '6.0', 'CFBundleName': 'COAuthApp', 'CFBundlePackageType': 'FMWK',
    'CFBundleShortVersionString': '{VERSION}', 'CFBundleVersion': '{VERSION}',
    'CFBundleSupportedPlatforms': ['{platform}'], '{}': '{}',
}}, info
assert privacy == {{
    'NSPrivacyTracking': False, 'NSPrivacyTrackingDomains': [], 'NSPrivacyCollectedDataTypes': [],
    'NSPrivacyAccessedAPITypes': [{{
        'NSPrivacyAccessedAPIType': 'NSPrivacyAccessedAPICategoryFileTimestamp',
        'NSPrivacyAccessedAPITypeReasons': ['C617.1'],
    }}],
}}, privacy
",
        minimum.0, minimum.1
    );
    let lists = [resources.join("Info.plist"), resources.join("PrivacyInfo.xcprivacy")];
    output(Command::new("python3").args(["-c", &expected]).args(lists));

    let beside = framework.parent().unwrap();
    let program = beside.join("program.c");
    fs::write(
        &program,
        "#pragma clang module import COAuthApp\nint main(void) { return oauthapp_version() != 0 ? OAUTHAPP_OK : 1; }\n",
    )
    .unwrap();
    let mut clang = Command::new("clang-22");
    clang.args(["-fsyntax-only", "-Werror", "-fmodules", "-F"]);
    clang.arg(beside).arg(format!("-fmodules-cache-path={}", beside.join("modules").display()));
    output(clang.arg(program));
}

#[test]
#[ignore = "needs clang 22 and Python; .ci/run runs it"]
fn the_xcframework_is_laid_out_as_apple_wants_it() {
    for kind in [&[][..], &["--static"]] {
        let directory = scratch("apple");
        output(with_stand_ins(APPLE, &directory).args(kind));
        let xcframework = directory.join("output/COAuthApp.xcframework");
        let content =
            |slice: &str| fs::read_to_string(xcframework.join(slice).join("COAuthApp.framework/COAuthApp")).unwrap();
        assert_eq!(content("ios"), "aarch64-apple-ios\n");
        assert_eq!(content("ios-simulator"), "aarch64-apple-ios-sim\nx86_64-apple-ios\n");
        assert_eq!(content("macos"), "aarch64-apple-darwin\nx86_64-apple-darwin\n");
        let shallow =
            ["COAuthApp", "Headers/oauthapp.h", "Info.plist", "Modules/module.modulemap", "PrivacyInfo.xcprivacy"];
        for (slice, platform) in [("ios", "iPhoneOS"), ("ios-simulator", "iPhoneSimulator")] {
            let framework = xcframework.join(slice).join("COAuthApp.framework");
            assert_eq!(files(&framework), set(&shallow));
            check_framework(&framework, &framework, platform, ("MinimumOSVersion", "13.0"));
        }
        let framework = xcframework.join("macos/COAuthApp.framework");
        let versioned = set(&[
            "COAuthApp -> Versions/Current/COAuthApp",
            "Headers -> Versions/Current/Headers",
            "Modules -> Versions/Current/Modules",
            "Resources -> Versions/Current/Resources",
            "Versions/A/COAuthApp",
            "Versions/A/Headers/oauthapp.h",
            "Versions/A/Modules/module.modulemap",
            "Versions/A/Resources/Info.plist",
            "Versions/A/Resources/PrivacyInfo.xcprivacy",
            "Versions/Current -> A",
        ]);
        assert_eq!(files(&framework), versioned);
        let resources = framework.join("Resources");
        check_framework(&framework, &resources, "MacOSX", ("LSMinimumSystemVersion", "11.0"));
        assert!(directory.join("output/COAuthApp.xcframework.zip").exists());
    }
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
#[ignore = "needs LLVM 22, CMake and zip; .ci/run runs it"]
fn androids_packages_are_laid_out_as_prefab_and_cmake_want_them() {
    let directory = scratch("android");
    output(&mut with_stand_ins(ANDROID, &directory));
    let packed = directory.join("output");
    let aar = scratch("aar");
    output(Command::new("unzip").arg("-q").arg(packed.join(format!("oauthapp-{VERSION}.aar"))).arg("-d").arg(&aar));
    let module = "prefab/modules/oauthapp";
    let mut expected = set(&["AndroidManifest.xml", "prefab/prefab.json"]);
    for name in ["module.json", "include/oauthapp.h", "include/oauthapp.hpp"] {
        expected.insert(format!("{module}/{name}"));
    }
    for (abi, ..) in ABIS {
        for name in ["abi.json", "liboauthapp.so"] {
            expected.insert(format!("{module}/libs/android.{abi}/{name}"));
        }
    }
    assert_eq!(files(&aar), expected);
    let package =
        serde_json::json!({ "schema_version": 2, "name": "oauthapp", "version": VERSION, "dependencies": [] });
    assert_eq!(json(&aar.join("prefab/prefab.json")), package);
    assert_eq!(json(&aar.join(module).join("module.json")), serde_json::json!({ "export_libraries": [] }));
    for (abi, ..) in ABIS {
        let folder = aar.join(module).join(format!("libs/android.{abi}"));
        let expected = serde_json::json!({ "abi": abi, "api": 21, "ndk": 28, "stl": "none", "static": false });
        assert_eq!(json(&folder.join("abi.json")), expected);
        let sections = |library: &Path| output(Command::new("readelf").arg("-SW").arg(library));
        assert!(!sections(&folder.join("liboauthapp.so")).contains(".debug_info"), "{abi} is stripped");
        assert!(sections(&packed.join(format!("symbols/{abi}/liboauthapp.so"))).contains(".debug_info"), "{abi}");
    }

    // The folder for CMake, with libraries of this machine in it.
    let program = scratch("cmake");
    fs::write(
        program.join("CMakeLists.txt"),
        "cmake_minimum_required(VERSION 3.18)\nproject(app C)\nfind_package(oauthapp REQUIRED CONFIG)\n\
         add_executable(app app.c)\ntarget_link_libraries(app PRIVATE oauthapp::oauthapp)\n",
    )
    .unwrap();
    fs::write(
        program.join("app.c"),
        "#include <oauthapp.h>\n#include <stdio.h>\nint main(void) { return puts(oauthapp_version()) < 0; }\n",
    )
    .unwrap();
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(&program).arg("-B").arg(program.join("build")).arg("-DANDROID_ABI=x86_64");
    let found = packed.join(format!("oauthapp-{VERSION}-android"));
    output(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", found.display())));
    output(Command::new("cmake").arg("--build").arg(program.join("build")));
    // Cargo names a folder for tests that holds a library of the same soname.
    let mut app = Command::new(program.join("build/app"));
    assert_eq!(output(app.env_remove("LD_LIBRARY_PATH")), "stand-in\n");
}

#[test]
#[ignore = "needs LLVM 22; .ci/run runs it"]
fn a_library_that_androids_packager_would_drop_is_refused() {
    let directory = scratch("android-soname");
    let result = with_stand_ins(ANDROID, &directory).env("STAND_IN_SONAME", "liboauthapp.so.1").output().unwrap();
    let said = String::from_utf8_lossy(&result.stderr);
    assert!(!result.status.success() && said.contains("its soname is not liboauthapp.so"), "{said}");
}

#[test]
#[ignore = "needs shellcheck; .ci/run runs it"]
fn the_scripts_are_clean() {
    let mut shellcheck = Command::new("shellcheck");
    shellcheck.args([APPLE, ANDROID, "tests/mobile/stand-in.sh", ".ci/run", ".ci/oldest-rust", ".ci/targets"]);
    output(
        shellcheck
            .args([".ci/aarch64", ".ci/windows", ".ci/with-emulator", ".ci/with-silent-server"])
            .current_dir(ROOT),
    );
}
