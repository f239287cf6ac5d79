import Foundation
import Testing

@testable import OAuthApp

@Suite(.timeLimit(.minutes(5))) struct QRCodeSignInTests {
    /// One that asks without a pause.
    private func signIn(_ client: OAuthAppClient, timing: QRCodeSignIn.Timing = .init(interval: .zero)) -> QRCodeSignIn {
        var signIn = client.signInByQRCode(timing: timing)
        signIn.shortestInterval = .zero
        return signIn
    }

    @Test func fromTheCodeToTheToken() async throws {
        let client = try Emulator.http.client()
        var events: [QRCodeSignIn.Event] = []
        var shown: SignInKey?
        for try await event in signIn(client) {
            events.append(event)
            // The phone does its part when the screen has done its own.
            switch event {
            case .code(let key):
                shown = key
                _ = try await client.qrCodeScan(key: key)
            case .scanned:
                let key = try #require(shown)
                try await client.qrCodeSignUp(QRCodeSignUpRequest(signInKey: key, unionID: unique("phone"), platform: "wxminip"))
            case .signedIn(let token):
                _ = try await client.profile(accessToken: token.accessToken)
            }
        }
        #expect(events.count == 3 && events[1] == .scanned)
    }

    @Test func aQuestionThatFailsDoesNotEndIt() async throws {
        func waits(_ err: String) -> String { http("200 OK", [], #"{"code":500,"data":"","err":"\#(err)"}"#) }
        let server = Server([
            success("19"), waits("请扫码"), http("503 Service Unavailable"), "", waits("登陆中..."), waits("登陆中..."), http("502 Bad Gateway"),
            success(#"{"access_token":"a.b.c"}"#),
        ])
        var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: server.url)
        configuration.maxRetries = 0
        var events = signIn(try OAuthAppClient(configuration)).makeAsyncIterator()
        #expect(try await events.next() == .code("19"))
        #expect(try await events.next() == .scanned)
        guard case .signedIn(let token) = try await events.next() else { throw Unexpected(what: "no token") }
        #expect(token.accessToken == "a.b.c")
        #expect(try await events.next() == nil)
    }

    @Test func aCodeThatIsNotUsed() async throws {
        let emulator = Emulator()
        let client = try emulator.client()
        var expired = signIn(client).makeAsyncIterator()
        guard case .code(let key) = try await expired.next() else { throw Unexpected(what: "no code") }
        try emulator.act("expire", #"{"key":"\#(key.expose())"}"#)
        let said = await expect(.qrExpired) { try await expired.next() }
        #expect(said?.serverMessage != nil)
        #expect(try await expired.next() == nil)

        var late = signIn(client, timing: .init(interval: .zero, scan: .zero)).makeAsyncIterator()
        _ = try await late.next()
        let own = await expect(.qrExpired) { try await late.next() }
        #expect(own?.message == "The QR code was not scanned in time. Make a new one.")

        var unconfirmed = signIn(client, timing: .init(interval: .zero, confirmation: .zero)).makeAsyncIterator()
        guard case .code(let second) = try await unconfirmed.next() else { throw Unexpected(what: "no code") }
        _ = try await client.qrCodeScan(key: second)
        #expect(try await unconfirmed.next() == .scanned)
        let declined = await expect(.qrExpired) { try await unconfirmed.next() }
        #expect(declined?.message == "The QR code was not confirmed in time. Make a new one.")
    }

    @Test func whatCanNotPassEndsIt() async throws {
        let emulator = Emulator.http
        var events = signIn(try emulator.client { $0.appID = 99 }).makeAsyncIterator()
        await expect(.noSuchApplication) { try await events.next() }
        #expect(try await events.next() == nil)
    }

    @Test func cancelling() async throws {
        // The interval is an hour: only the cancelling ends the pause.
        let sequence = try Emulator.http.client().signInByQRCode(
            timing: .init(interval: .seconds(3600), scan: .seconds(86_400)))
        let task = Task {
            for try await _ in sequence {}
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func itIsNeverTooFast() throws {
        #expect(try OAuthAppClient(appID: 2).signInByQRCode(timing: .init(interval: .zero)).shortestInterval == .seconds(1))
    }
}
