// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "swift-app",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "OAuthApp", path: "../../bindings/swift")],
    targets: [
        .executableTarget(name: "quickstart", dependencies: ["OAuthApp"]),
        .executableTarget(name: "getting-started", dependencies: ["OAuthApp"]),
    ],
    swiftLanguageModes: [.v6]
)
