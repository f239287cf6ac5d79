import COAuthApp

/// The liboauthapp that the program runs with.
public enum Library {
    /// Its version, for example `"0.1.0"`.
    public static var version: String { String(cString: oauthapp_version()) }

    /// Its version as one number: major * 1000000 + minor * 1000 + patch.
    public static var versionNumber: UInt32 { oauthapp_version_number() }

    /// Refuses a library that is not the one the program was compiled for: another major version, whose ABI is another, or an
    /// older minor version, which lacks functions.
    static func check(
        found: UInt32 = versionNumber, named version: String = version,
        major: Int32 = OAUTHAPP_VERSION_MAJOR, minor: Int32 = OAUTHAPP_VERSION_MINOR
    ) throws(OAuthAppError) {
        let least = UInt32(major * 1_000_000 + minor * 1_000)
        guard found >= least, found < UInt32((major + 1) * 1_000_000) else {
            throw OAuthAppError(
                .invalidStructSize,
                "The library that the program runs with does not fit. It is liboauthapp \(version), and the program was "
                    + "compiled for \(major).\(minor) or a later \(major).x.")
        }
    }
}
