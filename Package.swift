// swift-tools-version: 6.0

import PackageDescription

// For packages that name this repository by its URL, as SwiftPM looks for a manifest at the top only. bindings/swift is the
// package, with its tests and its README.
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
            ? .binaryTarget(name: "COAuthApp", path: "bindings/swift/COAuthApp.xcframework")
            : .systemLibrary(name: "COAuthApp", path: "bindings/swift/Sources/COAuthApp", pkgConfig: "oauthapp"),
        .target(name: "OAuthApp", dependencies: ["COAuthApp"], path: "bindings/swift/Sources/OAuthApp"),
    ],
    swiftLanguageModes: [.v6]
)
