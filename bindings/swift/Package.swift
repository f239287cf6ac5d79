// swift-tools-version: 6.0

import PackageDescription

// liboauthapp itself. On Apple's systems it comes as an XCFramework beside this file; elsewhere, or where
// OAUTHAPP_PKG_CONFIG is set, it is the installed library that pkg-config knows.
let xcframework: Bool
#if os(macOS)
xcframework = Context.environment["OAUTHAPP_PKG_CONFIG"] == nil
#else
xcframework = false
#endif

let package = Package(
    name: "OAuthApp",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [.library(name: "OAuthApp", targets: ["OAuthApp"])],
    targets: [
        xcframework
            ? .binaryTarget(name: "COAuthApp", path: "COAuthApp.xcframework")
            : .systemLibrary(name: "COAuthApp", pkgConfig: "oauthapp"),
        .target(name: "OAuthApp", dependencies: ["COAuthApp"]),
        .testTarget(name: "OAuthAppTests", dependencies: ["OAuthApp"]),
    ],
    swiftLanguageModes: [.v6]
)
