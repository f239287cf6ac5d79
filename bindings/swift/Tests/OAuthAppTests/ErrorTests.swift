import Foundation
import OAuthApp
import Testing

/// What goes wrong, and how it is told.
@Suite struct ErrorTests {
    @Test func theServerRefuses() async throws {
        let emulator = Emulator("--app", "3=Other")
        let client = try emulator.client()
        let (name, token) = try await client.someone()
        let wrong = await expect(.wrongPassword) { try await client.signIn(userName: name, password: "not it") }
        let error = try #require(wrong)
        #expect(error.serverCode == 500 && error.serverMessage == "密码错误" && error.httpStatus == 200)
        #expect(error.message == "The password is wrong. The server said: 密码错误 (code 500).")
        #expect(error.localizedDescription == error.message && "\(error)" == error.message)
        #expect(!error.isRetryable && error.retryAfter == nil && error.fieldMessages.isEmpty)
        #expect(String(reflecting: error) == "OAUTHAPP_ERROR_WRONG_PASSWORD: \(error.message)")
        #expect((error as NSError).domain == "OAuthApp" && (error as NSError).code == 5001)

        await expect(.noSuchUser) { try await client.signIn(userName: unique("nobody"), password: "123456") }
        await expect(.noSuchUser) { try await client.unionIDSignIn(platform: "web", unionID: "nobody") }
        await expect(.accountExists) { try await client.signUp(SignUpRequest(userName: name, password: "123456")) }
        await expect(.noSuchApplication) {
            try await emulator.client { $0.appID = 99 }.signIn(userName: name, password: "123456")
        }
        let field = try #require(await expect(.badRequest) { try await client.signIn(userName: "", password: "123456") })
        #expect(field.httpStatus == 400 && field.fieldMessages.count == 1)
        #expect(field.fieldMessages.values.first?.isEmpty == false)
        await expect(.tokenRejected) { try await client.profile(accessToken: "a.b.c") }
        await expect(.notSignedIn) { try await client.profile() }

        let key = try await client.qrCodePreSignIn()
        try emulator.act("expire", #"{"key":"\#(key.expose())"}"#)
        await expect(.qrExpired) { try await client.qrCodeSignIn(key: key) }
        await expect(.qrExpired) { try await client.qrCodeScan(key: key) }
        try emulator.act(
            "application", #"{"id":3,"name":"Other","miniProgram":false,"verifiedContacts":false}"#)
        await expect(.qrNotConfigured) { try await emulator.client { $0.appID = 3 }.qrCodePreSignIn() }

        let (_, gone) = try await client.someone()
        let id = try #require(try gone.claims().userID)
        try emulator.act("delete-user", #"{"id":\#(id)}"#)
        await expect(.userGone) { try await client.profile(accessToken: gone.accessToken) }
        try emulator.act("advance-clock", #"{"seconds":86400}"#)
        await expect(.tokenExpired) { try await client.profile(accessToken: token.accessToken) }
    }

    /// What a program switches over.
    @Test func codesAreAnOpenSet() async throws {
        let client = try Emulator.http.client()
        do {
            try await client.signIn(userName: unique("nobody"), password: "123456")
        } catch OAuthAppError.Code.wrongPassword {
            Issue.record("it is another code")
        } catch OAuthAppError.Code.noSuchUser {
            // As it should be.
        }
        let unknown = OAuthAppError.Code(rawValue: 5999)
        switch unknown {
        case .wrongPassword: Issue.record("it is another code")
        default: #expect(unknown.rawValue == 5999 && "\(unknown)" == "OAUTHAPP_ERROR_UNKNOWN")
        }
        #expect(OAuthAppError.Code.internal.rawValue == 9000 && OAuthAppError.Code.outOfMemory.rawValue == 9001)
        let own = OAuthAppError(.server, "Made by hand.", isRetryable: true)
        #expect(own.code == .server && own.message == "Made by hand." && own.isRetryable && own.httpStatus == nil)
    }

    static let answers: [(OAuthAppError.Code, String)] = [
        (.unauthorized, http("401 Unauthorized")),
        (.forbidden, http("403 Forbidden")),
        (.notFound, http("404 Not Found")),
        (.methodNotAllowed, http("405 Method Not Allowed")),
        (.unsupportedMediaType, http("415 Unsupported Media Type")),
        (.requestTooLarge, http("413 Payload Too Large")),
        (.tooManyRequests, http("429 Too Many Requests", ["Retry-After: 7"])),
        (.redirected, http("302 Found", ["Location: http://portal.example/"])),
        (.serverFault, http("500 Internal Server Error")),
        (.serviceUnavailable, http("503 Service Unavailable", ["Retry-After: 7"])),
        (.unexpectedStatus, http("418 I'm a teapot")),
        (.notHTTP, "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        (.emptyResponse, http("200 OK")),
        (.truncatedResponse, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        (.responseTooLarge, success("\"\(String(repeating: "x", count: 2000))\"")),
        (.responseNotJSON, http("200 OK", [], "<!DOCTYPE html>")),
        (.unexpectedResponse, http("200 OK", [], "[]")),
        (.unexpectedResponse, success("[]")),
        (.server, http("200 OK", [], #"{"code":501,"data":"","err":"新的"}"#)),
        (.connectionLost, ""),
    ]

    @Test(arguments: answers)
    func theAnswerIsNoAnswer(_ code: OAuthAppError.Code, _ answer: String) async throws {
        let server = Server([answer])
        var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: server.url)
        configuration.maxRetries = 0
        configuration.maxResponseBytes = 1000
        let client = try OAuthAppClient(configuration)
        let error = try #require(await expect(code) { try await client.profile(accessToken: "a.b.c") })
        #expect(error.retryAfter == (answer.contains("Retry-After") ? .seconds(7) : nil))
        #expect((error.serverMessage == "新的") == (code == .server))
        #expect(try await server.next().hasPrefix("GET /api/AppUsers/2/Profile HTTP/1.1\r\n"))
    }

    @Test func noAnswerComes() async throws {
        func client(_ url: String, _ change: (inout OAuthAppClient.Configuration) -> Void = { _ in }) throws -> OAuthAppClient {
            var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: URL(string: url)!)
            configuration.maxRetries = 0
            change(&configuration)
            return try OAuthAppClient(configuration)
        }
        let error = await expect(.connect) { try await client("http://127.0.0.1:\(closedPort())").profile(accessToken: "a.b.c") }
        #expect(error?.isRetryable == true && error?.httpStatus == nil && error?.serverMessage == nil)
        await expect(.dns) { try await client("https://no-such-host.invalid").profile(accessToken: "a.b.c") }
        await expect(.proxy) {
            try await client("https://oauthapp.invalid") { $0.proxy = .url(Secret("http://127.0.0.1:\(closedPort())")) }
                .profile(accessToken: "a.b.c")
        }
        let silent = Server()
        await expect(.timeout) {
            try await client(silent.url.absoluteString).profile(accessToken: "a.b.c", options: .timeout(.milliseconds(50)))
        }
        await expect(.timeout) {
            try await client(silent.url.absoluteString) { $0.timeout = .milliseconds(50) }.profile(accessToken: "a.b.c")
        }
        let plain = Server([http("400 Bad Request")])
        await expect(.notTLS) {
            try await client(plain.url.absoluteString.replacingOccurrences(of: "http:", with: "https:"))
                .profile(accessToken: "a.b.c")
        }
    }

    @Test func certificatesAreChecked() async throws {
        let emulator = Emulator.https
        await expect(.certificateUntrusted) { try await emulator.client { $0.trust = .mozilla; $0.trustedRootsFile = nil }.someone() }
        let pin = Data(repeating: 7, count: 32).base64EncodedString()
        await expect(.certificateNotPinned) { try await emulator.client { $0.pins = [pin, "sha256/" + pin] }.someone() }
        // The same authority as a text, beside Mozilla's; and no check at all.
        let pem = try String(contentsOf: emulator.authority, encoding: .utf8)
        _ = try await emulator.client { $0.trust = .mozilla; $0.trustedRootsFile = nil; $0.trustedRootsPEM = pem }.someone()
        _ = try await emulator.client {
            $0.trust = .mozilla
            $0.trustedRootsFile = nil
            $0.dangerAcceptAnyCertificateOnLoopback = true
        }.someone()
    }

    static let settings: [(OAuthAppError.Code, @Sendable (inout OAuthAppClient.Configuration) -> Void)] = [
        (.invalidArgument, { $0.appID = 0 }),
        (.invalidArgument, { $0.timeout = .zero }),
        (.invalidArgument, { $0.timeout = .seconds(86_401) }),
        (.invalidArgument, { $0.timeout = .seconds(Int64.max) }),
        (.invalidArgument, { $0.connectTimeout = .seconds(-1) }),
        (.invalidArgument, { $0.maxRetries = 11 }),
        (.invalidArgument, { $0.maxRetries = -1 }),
        (.invalidArgument, { $0.maxResponseBytes = 0 }),
        (.invalidArgument, { $0.maxConcurrentCalls = 0 }),
        (.invalidArgument, { $0.userAgent = "two\nlines" }),
        (.invalidArgument, { $0.userAgent = "a\0b" }),
        (.invalidArgument, { $0.trust = .onlyGiven }),
        (.invalidBaseURL, { $0.baseURL = URL(string: "https://example.com/path")! }),
        (.insecureBaseURL, { $0.baseURL = URL(string: "http://example.com")! }),
        (.invalidCertificate, { $0.trustedRootsPEM = "none" }),
        (.invalidCertificate, { $0.trustedRootsFile = URL(fileURLWithPath: "/no/such/file.pem") }),
        (.invalidProxy, { $0.proxy = .url("ftp://example.com") }),
        (.invalidPin, { $0.pins = ["short"] }),
        (.invalidClientCertificate, { $0.clientCertificate = .pem(certificate: "none", key: "none") }),
        (
            .invalidClientCertificate,
            {
                let file = URL(fileURLWithPath: "/no/such/file.pem")
                $0.clientCertificate = .files(certificate: file, key: file)
            }
        ),
        (.verificationRequired, { $0.dangerAcceptAnyCertificateOnLoopback = true }),
    ]

    @Test(arguments: settings)
    func settingsAreChecked(
        _ code: OAuthAppError.Code, _ change: @Sendable (inout OAuthAppClient.Configuration) -> Void
    ) async throws {
        var configuration = OAuthAppClient.Configuration(appID: 2)
        change(&configuration)
        await expect(code) { try OAuthAppClient(configuration) }
    }

    @Test func settingsThatAreRightAreTaken() async throws {
        var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: URL(string: "http://example.com")!)
        configuration.allowPlainHTTP = true
        configuration.timeout = .seconds(86_400)
        configuration.connectTimeout = .nanoseconds(1)
        configuration.maxRetries = 10
        configuration.settleSignUps = false
        configuration.proxy = .environment
        configuration.trust = .platform
        configuration.userAgent = "tests/1.0"
        _ = try OAuthAppClient(configuration)
        _ = try OAuthAppClient(appID: 2)
    }

    @Test func textsAreChecked() async throws {
        let client = try Emulator.http.client()
        let error = await expect(.invalidArgument) { try await client.signIn(userName: "a\0b", password: "123456") }
        #expect(error?.message == "An argument is not valid. userName holds a NUL character.")
        await expect(.invalidArgument) { try await client.signIn(userName: "wwww", password: "a\0b") }
        await expect(.invalidArgument) { try await client.profile(accessToken: "") }
        await expect(.invalidArgument) { try await client.profile(accessToken: "a b") }
        for timeout in [Duration.zero, .seconds(Int64.min), .seconds(Int64.max)] {
            await expect(.invalidArgument) { try await client.profile(accessToken: "a.b.c", options: .timeout(timeout)) }
        }
        await expect(.invalidArgument) {
            try await client.profile(accessToken: "a.b.c", options: .timeout(.seconds(86_401)))
        }
        await expect(.invalidArgument) {
            try await client.profile(accessToken: "a.b.c", options: CallOptions(connectTimeout: .seconds(-1)))
        }
    }
}
