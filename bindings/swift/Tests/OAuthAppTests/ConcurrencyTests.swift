import Foundation
import Testing

@testable import OAuthApp

/// Many calls at once: they block none of Swift's threads, and take no more of their own than they may.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConcurrencyTests {
    @Test func callsThatHangLeaveTheOthersAlone() async throws {
        let silent = Server()
        let client = try CancellationTests.patient(silent)
        let before = threadCount()
        let hanging = (0..<200).map { number in
            Task { try await client.profile(accessToken: "hangs.number.\(number)") }
        }
        // All 64 that have a thread are under way.
        for _ in 0..<64 { _ = try await silent.next() }

        // Swift's own threads are few; were one call to hold one, this would not get on.
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    for _ in 0..<10 { await Task.yield() }
                    return number
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 499_500)
        // Another client has threads of its own.
        _ = try await Emulator.http.client().someone()
        if let before, let now = threadCount() {
            #expect(now - before <= 64 + 16, "\(now - before) threads more")
        }

        hanging.forEach { $0.cancel() }
        for task in hanging {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        // The client goes on.
        let next = Task { try await client.profile(accessToken: "the.next.one") }
        while try await !silent.next().contains("the.next.one") {}
        next.cancel()
        await #expect(throws: CancellationError.self) { try await next.value }
    }

    @Test func moreCallsThanThreads() async throws {
        let client = try Emulator.http.client { $0.maxConcurrentCalls = 3 }
        let (name, _) = try await client.someone()
        let names = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    let token = try await client.signIn(userName: name, password: "123456")
                    return try await client.profile(accessToken: token.accessToken).userName
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(names == Array(repeating: name, count: 60))
    }

    /// The wait for a thread counts, and ends in time.
    @Test func aCallWhoseTurnDoesNotCome() async throws {
        let silent = Server()
        let client = try CancellationTests.patient(silent, atOnce: 1)
        let first = Task { try await client.profile(accessToken: "a.b.c") }
        _ = try await silent.next()
        let error = await expect(.timeout) {
            try await client.profile(accessToken: "a.b.c", options: .timeout(.milliseconds(50)))
        }
        #expect(error?.isRetryable == true)
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
    }

    @Test func noThreadIsToBeHad() async throws {
        let silent = Server()
        let handle = try ClientHandle(.init(appID: 2, baseURL: silent.url))
        let threads = CallThreads(limit: 2) { _ in false }
        for _ in 0..<3 {
            let call = try Call(client: handle, options: CallOptions(), timeout: .seconds(30), threads: threads) { _, _, _, _, _ in
                .OAUTHAPP_OK
            }
            let error = await expect(.outOfMemory) { try await call.answer() }
            #expect(error?.isRetryable == true)
        }
    }

    /// The last reference goes, and the call goes on.
    @Test func aCallOutlivesItsClient() async throws {
        let server = Server([success(#"{"id":7}"#)], gated: true)
        var client: OAuthAppClient? = try CancellationTests.patient(server)
        weak var weakClient = client
        let task = Task { [client] in try await client?.profile(accessToken: "a.b.c") }
        _ = try await server.next()
        client = nil
        server.open()
        #expect(try await task.value?.id == 7)
        #expect(weakClient == nil)
    }

    /// Clients that come and go, with calls under way that are cancelled, awaited or left alone.
    @Test func manyClients() async throws {
        let silent = Server()
        for round in 0..<50 {
            let task = Task {
                let client = try CancellationTests.patient(silent)
                return try await client.profile(accessToken: "a.b.c")
            }
            if round.isMultiple(of: 2) { _ = try await silent.next() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    /// How many threads this process has, where the system tells.
    private func threadCount() -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
}
