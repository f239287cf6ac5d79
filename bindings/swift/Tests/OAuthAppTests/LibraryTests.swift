import Foundation
import Testing

@testable import OAuthApp

@Suite struct LibraryTests {
    @Test func versions() {
        #expect(OAuthAppClient.libraryVersion.split(separator: ".").compactMap { UInt32($0) }.count == 3)
    }

    static let fitting: [(UInt32, Bool)] = [
        (1_001_999, false), (1_002_000, true), (1_002_003, true), (1_003_000, true), (1_999_999, true), (2_000_000, false),
        (2_002_000, false), (0, false),
    ]

    @Test(arguments: fitting)
    func whichLibraryFits(_ found: UInt32, _ fits: Bool) {
        var error: OAuthAppError?
        do {
            try OAuthAppClient.checkLibrary(number: found, version: "9.8.7", major: 1, minor: 2)
        } catch let refused {
            error = refused
        }
        #expect((error == nil) == fits)
        #expect(fits || error?.code == .invalidStructSize)
        #expect(
            fits || error?.message
                == "The library that the program runs with does not fit. It is liboauthapp 9.8.7, and the program was compiled "
                + "for 1.2 or a later 1.x.")
    }
}

/// Run alone, with a library in front that says it is of version 0.0.9.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["OAUTHAPP_OLD_LIBRARY"] != nil))
struct OldLibraryTests {
    @Test func isRefused() async {
        let error = await expect(.invalidStructSize) { try OAuthAppClient(appID: 2) }
        #expect(error?.message.contains("It is liboauthapp 0.0.9, and") == true)
    }
}
