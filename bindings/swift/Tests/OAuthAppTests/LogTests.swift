import Foundation
import Testing

@testable import OAuthApp

@Suite(.timeLimit(.minutes(5))) struct LogTests {
    final class Lines: Sendable {
        private let lines = Locked<[OAuthAppClient.LogLine]>([])
        func add(_ line: OAuthAppClient.LogLine) { lines.withLock { $0.append(line) } }
        var all: [OAuthAppClient.LogLine] { lines.withLock { $0 } }
    }

    @Test func eachAttemptHasALine() async throws {
        let lines = Lines()
        let client = try Emulator.http.client { $0.log = { lines.add($0) } }
        await expect(.noSuchUser) { try await client.signIn(userName: unique("nobody"), password: "canary-4711") }
        let silent = Server()
        var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: silent.url)
        configuration.log = { lines.add($0) }
        let impatient = try OAuthAppClient(configuration)
        await expect(.timeout) {
            try await impatient.profile(accessToken: "canary-4711.a.b", options: .timeout(.milliseconds(50)))
        }
        let all = lines.all
        #expect(all.count == 2 && all.first?.level == .debug && all.last?.level == .warn)
        #expect(all.allSatisfy { $0.target == "oauthapp::transport" && !$0.message.contains("4711") })
        #expect(all.first?.message.hasPrefix("POST /api/AppUsers/2/SignIn: HTTP 200 after ") == true)
    }

    /// What the log goes to lives as long as the client and its calls, and no longer.
    @Test func theLogGoesWithTheClient() async throws {
        let server = Server([success(#"{"id":7}"#)], gated: true)
        var lines: Lines? = Lines()
        weak var weakLines = lines
        var configuration: OAuthAppClient.Configuration? = .init(appID: 2, baseURL: server.url)
        configuration?.log = { [lines] in lines?.add($0) }
        var client: OAuthAppClient? = try OAuthAppClient(#require(configuration))
        configuration = nil
        let task = Task { [client] in try await client?.profile(accessToken: "a.b.c") }
        _ = try await server.next()
        client = nil
        lines = nil
        #expect(weakLines != nil)
        server.open()
        #expect(try await task.value?.id == 7)
        // The call's thread lets go of the client after the task has its answer.
        while weakLines != nil { await Task.yield() }
    }
}
