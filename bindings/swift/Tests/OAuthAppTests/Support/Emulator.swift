import Foundation
import OAuthApp

/// The emulator as a program, OAUTHAPP_EMULATOR in the environment; it ends with this object.
final class Emulator: Sendable {
    let url: URL
    let authority: URL
    private let input = Pipe()

    /// Shared by the tests that leave its clock and one another's users alone. Number keys over http, text over https.
    static let http = Emulator()
    static let https = Emulator("--https", "--key-style", "hex")

    init(_ arguments: String...) {
        let directory = FileManager.default.temporaryDirectory
        authority = directory.appendingPathComponent("oauthapp-swift-\(UUID().uuidString).pem")
        guard let program = ProcessInfo.processInfo.environment["OAUTHAPP_EMULATOR"] else {
            fatalError("OAUTHAPP_EMULATOR has to name the emulator's program")
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["--port", "0", "--until-stdin-closes", "--ca-file", authority.path] + arguments
        process.standardInput = input
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            fatalError("the emulator does not start: \(error)")
        }
        var line = Data()
        while let byte = try? output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8), !byte.isEmpty {
            line += byte
        }
        guard let address = String(decoding: line, as: UTF8.self).split(separator: " ").last,
            let url = URL(string: String(address))
        else { fatalError("the emulator says nothing") }
        self.url = url
        // What it prints later is read, so that it never waits for that.
        output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }

    /// A client of application 2.
    func client(_ change: (inout OAuthAppClient.Configuration) -> Void = { _ in }) throws -> OAuthAppClient {
        var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: url)
        if url.scheme == "https" {
            configuration.trust = .onlyGiven
            configuration.trustedRootsFile = authority
        }
        change(&configuration)
        return try OAuthAppClient(configuration)
    }

    /// What the emulator's page does.
    func act(_ action: String, _ json: String) throws {
        let answer = try exchange(
            with: url,
            "POST /emulator/\(action) HTTP/1.1\r\nHost: \(url.host ?? ""):\(url.port ?? 0)\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)")
        guard answer.hasPrefix("HTTP/1.1 200") || answer.hasPrefix("HTTP/1.1 204") else {
            throw Unexpected(what: "\(action): \(answer.prefix(40))")
        }
    }
}

/// What the test's surroundings did that they should not.
struct Unexpected: Error {
    let what: String
}

/// A name that no other test has.
func unique(_ name: String) -> String {
    "\(name)-\(UUID().uuidString)"
}

extension OAuthAppClient {
    /// A new account.
    func someone(password: String = "123456") async throws -> (name: String, token: Token) {
        let name = unique("someone")
        return (name, try await signUp(SignUpRequest(userName: name, password: password)))
    }
}
