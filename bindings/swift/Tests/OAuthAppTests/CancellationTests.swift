import Foundation
import OAuthApp
import Testing

/// A task that is cancelled ends its call. With the longest deadline there is, a call that nothing else ends would hang.
@Suite(.timeLimit(.minutes(5))) struct CancellationTests {
    static func patient(_ server: Server, atOnce: Int = 64) throws -> OAuthAppClient {
        var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: server.url)
        configuration.timeout = .seconds(86_400)
        configuration.maxConcurrentCalls = atOnce
        return try OAuthAppClient(configuration)
    }

    @Test func inTheMidst() async throws {
        let server = Server()
        let client = try Self.patient(server)
        let task = Task { try await client.profile(accessToken: "a.b.c") }
        _ = try await server.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func before() async throws {
        let server = Server([success(#"{"id":1}"#)])
        let client = try Self.patient(server)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await client.profile(accessToken: "a.b.c")
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // Nothing was sent: the first request that arrives is the next one.
        _ = try await client.profile(accessToken: "the.next.one")
        #expect(try await server.next().contains("the.next.one"))
    }

    /// A call that has no thread yet ends as well, and is never made.
    @Test func whileItWaitsForItsTurn() async throws {
        let server = Server([success(#"{"id":1}"#), success(#"{"id":2}"#)], gated: true)
        let client = try Self.patient(server, atOnce: 1)
        let first = Task { try await client.profile(accessToken: "the.first.one") }
        #expect(try await server.next().contains("the.first.one"))
        let second = Task { try await client.profile(accessToken: "the.second.one") }
        let third = Task { try await client.profile(accessToken: "the.third.one") }
        await Task.yield()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        server.open()
        server.open()
        #expect(try await first.value.id == 1)
        #expect(try await third.value.id == 2)
        #expect(try await server.next().contains("the.third.one"))
    }

    @Test func aGroupThatHasWhatItWants() async throws {
        let silent = Server()
        let (name, _) = try await Emulator.http.client().someone()
        let clients = (try Self.patient(silent), try Emulator.http.client())
        // The first answer wins, and the group cancels the other call.
        let token = try await withThrowingTaskGroup(of: Token.self) { group in
            group.addTask { try await clients.0.signIn(userName: name, password: "123456") }
            group.addTask { try await clients.1.signIn(userName: name, password: "123456") }
            let first = try await group.next()
            group.cancelAll()
            return try #require(first)
        }
        #expect(token.tokenType == "Bearer")
    }
}
