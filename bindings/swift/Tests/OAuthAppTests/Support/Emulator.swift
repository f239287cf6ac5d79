import Foundation

@testable import OAuthApp

/// The emulator as a program, OAUTHAPP_EMULATOR in the environment; it ends with this object.
final class Emulator: Sendable {
    let url: URL
    let authority: URL
    private let program: Program

    /// Shared by the tests that leave its clock and one another's users alone. Number keys over http, text over https.
    static let http = Emulator()
    static let https = Emulator("--https", "--key-style", "hex")

    init(_ arguments: String...) {
        guard let path = ProcessInfo.processInfo.environment["OAUTHAPP_EMULATOR"] else {
            fatalError("OAUTHAPP_EMULATOR has to name the emulator's program")
        }
        authority = FileManager.default.temporaryDirectory.appendingPathComponent("oauthapp-\(UUID().uuidString).pem")
        program = Program([path, "--port", "0", "--until-stdin-closes", "--ca-file", authority.path] + arguments)
        // "listening on URL"
        guard let address = program.firstLine.split(separator: " ").last, let url = URL(string: String(address)) else {
            fatalError("the emulator does not start")
        }
        self.url = url
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

/// A program that ends when its standard input does, which this object holds open. Foundation's `Process` would do, but leaks.
private final class Program: Sendable {
    let firstLine: String
    private let input: Int32
    private let output: Int32

    /// One at a time, so that no program gets the pipes of another.
    private static let starting = Locked(())

    init(_ arguments: [String]) {
        (input, output) = Self.starting.withLock { _ in
            var (stdin, stdout): ([Int32], [Int32]) = ([0, 0], [0, 0])
            precondition(pipe(&stdin) == 0 && pipe(&stdout) == 0)
            for end in stdin + stdout { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            #if canImport(Darwin)
                var actions: posix_spawn_file_actions_t?
            #else
                var actions = posix_spawn_file_actions_t()
            #endif
            posix_spawn_file_actions_init(&actions)
            posix_spawn_file_actions_adddup2(&actions, stdin[0], 0)
            posix_spawn_file_actions_adddup2(&actions, stdout[1], 1)
            var process = pid_t()
            var cArguments = arguments.map { strdup($0) } + [nil]
            precondition(posix_spawn(&process, arguments[0], &actions, nil, &cArguments, environ) == 0, "no emulator there")
            cArguments.forEach { free($0) }
            posix_spawn_file_actions_destroy(&actions)
            close(stdin[0])
            close(stdout[1])
            return (stdin[1], stdout[0])
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        firstLine = String(decoding: line, as: UTF8.self)
    }

    deinit {
        close(input)
        close(output)
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
