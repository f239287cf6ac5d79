import COAuthApp

extension OAuthAppClient {
    /// The version of the liboauthapp that the program runs with, for example `"1.0.0"`.
    public static var libraryVersion: String { String(cString: oauthapp_version()) }

    /// Refuses a library that is not the one the program was compiled for: another major version, whose ABI is another, or an
    /// older minor version, which lacks functions.
    static func checkLibrary(
        number: UInt32 = oauthapp_version_number(), version: String = libraryVersion,
        major: Int32 = OAUTHAPP_VERSION_MAJOR, minor: Int32 = OAUTHAPP_VERSION_MINOR
    ) throws(OAuthAppError) {
        let least = UInt32(major * 1_000_000 + minor * 1_000)
        guard number >= least, number < UInt32((major + 1) * 1_000_000) else {
            throw OAuthAppError(
                .invalidStructSize,
                "The library that the program runs with does not fit. It is liboauthapp \(version), and the program was "
                    + "compiled for \(major).\(minor) or a later \(major).x.")
        }
    }
}
