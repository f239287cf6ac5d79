import COAuthApp
import Foundation

extension OAuthAppClient {
    /// The settings of a client. All but the application's id have a default.
    public struct Configuration: Sendable {
        /// The application's id, above zero.
        public var appID: Int64
        /// The server: `https://host` or `https://host:port`. An http URL is taken for this machine only (localhost, 127.0.0.0/8,
        /// [::1]), or with ``allowPlainHTTP``.
        public var baseURL: URL
        /// The deadline of every call, from its start to the last byte of its answer, retries and the waits between them included;
        /// at most a day.
        public var timeout: Duration = .seconds(30)
        /// How long making a connection may take, name resolution and TLS included; at most a day. Nil: 10 seconds.
        public var connectTimeout: Duration?
        /// How many bytes an answer's body may have, above zero. Nil: 1 MiB.
        public var maxResponseBytes: Int?
        /// How often a call that failed is repeated, within its deadline, 0 to 10. Nil: twice.
        ///
        /// Repeated are: every call whose request can't have left yet; a connection lost before the answer or in the middle of
        /// it, but never for a sign-up, which could meet the account that it made itself; HTTP 429; and HTTP 503, again not for a
        /// sign-up. The wait is random, up to 100 ms, 200 ms, 400 ms and so on, at most 5 s, or what the server asks for if that
        /// is longer; one that doesn't fit into the deadline is not begun.
        public var maxRetries: Int?
        /// How many calls may be under way at once, above zero. Each has a thread for as long as it lasts, none of them Swift's.
        /// Further calls wait for their turn, in order; the wait counts toward their deadline, and ends when they are cancelled.
        public var maxConcurrentCalls = 64
        /// The User-Agent: printable ASCII, at most 256 bytes. Nil: liboauthapp/ and its version.
        public var userAgent: String?
        /// The way to the server.
        public var proxy: Proxy = .none
        /// Which certificate authorities vouch for the server.
        public var trust: Trust = .mozilla
        /// Certificate authorities to believe, as PEM text: besides those that ``trust`` names, or alone with ``Trust/onlyGiven``.
        public var trustedRootsPEM: String?
        /// The same as a PEM file. The authorities of both are believed.
        public var trustedRootsFile: URL?
        /// Public keys of which one has to vouch for the server, besides an authority that is believed: each the SHA-256 of the
        /// SubjectPublicKeyInfo in base64, with `sha256/` before it or without. Give a second one that is not in use yet: with one
        /// alone, a new key on the server locks every client out. Empty: none.
        public var pins: [String] = []
        /// The certificate to show to a server that asks for one. Nil: none.
        public var clientCertificate: ClientCertificate?
        /// The client holds the token of its last sign-in or sign-up, in memory only, and uses it for profile calls that are given
        /// none. It lets go of it when the server says that the session is over (never because of a bad network), on
        /// ``OAuthAppClient/signOut()``, and at its own end. For a program with one user; a program that serves many passes each
        /// one's token.
        public var keepSession = false
        /// Allows an http base URL to a host other than this machine. Passwords and tokens then travel readable for everyone on
        /// the way.
        public var allowPlainHTTP = false
        /// A sign-up whose answer was lost is followed by a sign-in with the same credentials, within the deadline, whose token
        /// then is the answer. False leaves it at that.
        public var settleSignUps = true
        /// DANGER: takes every certificate, also of someone else, and with it passwords and tokens go to whoever answers. For tests
        /// against a server on this machine, with no proxy on the way; refused for every other.
        public var dangerAcceptAnyCertificateOnLoopback = false
        /// Told of each attempt of each call. Nil: nobody is.
        public var log: Log?

        /// The settings for this application, all others at their default.
        public init(appID: Int64, baseURL: URL = URL(string: "https://www.oauthapp.com")!) {
            self.appID = appID
            self.baseURL = baseURL
        }
    }

    /// The way to the server.
    public enum Proxy: Sendable, Hashable {
        /// No proxy.
        case none
        /// The proxy that the environment names (`https_proxy`, `all_proxy`, `no_proxy` and others; `oauthapp.h` says which and
        /// how, at `OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT`). Read once, when the client is made.
        case environment
        /// This one, `scheme://[user:password@]host[:port]` with http, socks5 or socks5h. In user name and password, characters with
        /// a meaning in URLs are percent-encoded: @ is %40.
        case url(Secret)
    }

    /// Which certificate authorities vouch for the server.
    public enum Trust: Sendable {
        /// Mozilla's list, as it was when the library was built.
        case mozilla
        /// Those that this system believes.
        case platform
        /// None but the trusted roots that are given.
        case onlyGiven
    }

    /// A certificate that says who the client is, and its private key, not encrypted: PKCS#8, PKCS#1 or SEC1.
    public enum ClientCertificate: Sendable, Hashable {
        /// As PEM texts; the certificate is followed by those that lead from it to an authority.
        case pem(certificate: String, key: Secret)
        /// As PEM files, which may be one and the same.
        case files(certificate: URL, key: URL)
    }

    /// Gets a line for each attempt of a call: how it went, its times and sizes, and whether another follows. Passwords and tokens
    /// are never in it.
    ///
    /// It runs on the thread of the call, within the call's deadline, and on many at once if there are many calls.
    public typealias Log = @Sendable (LogLine) -> Void

    /// A line of the log.
    public struct LogLine: Sendable, Hashable {
        /// How much it matters.
        public let level: LogLevel
        /// The part of the library that speaks, for filters: `oauthapp::transport`.
        public let target: String
        /// One line, for example: POST /api/AppUsers/2/SignIn: HTTP 200 after 12.3 ms with a new connection (…)
        public let message: String
    }

    /// How much a line of the log matters: an open set, as later versions may have more.
    public struct LogLevel: RawRepresentable, Sendable, Hashable {
        /// The number; less is more important.
        public let rawValue: Int32

        /// The level with this number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        init(_ level: oauthapp_log_level) {
            rawValue = level.rawValue
        }

        /// An attempt failed, or was answered with an HTTP status from 300 on.
        public static let warn = LogLevel(.OAUTHAPP_LOG_WARN)
        /// An attempt went well, or was cancelled.
        public static let debug = LogLevel(.OAUTHAPP_LOG_DEBUG)
    }
}

/// What can be set for a single call.
public struct CallOptions: Sendable, Hashable {
    /// The deadline of the call, from its start to the last byte of its answer, retries and the waits between them included; at
    /// most a day. Nil: the client's.
    public var timeout: Duration?
    /// How long making a connection may take; at most a day. Nil: the client's.
    public var connectTimeout: Duration?

    /// Options, all of them the client's unless given.
    public init(timeout: Duration? = nil, connectTimeout: Duration? = nil) {
        self.timeout = timeout
        self.connectTimeout = connectTimeout
    }

    /// A call with this deadline.
    public static func timeout(_ timeout: Duration) -> CallOptions {
        CallOptions(timeout: timeout)
    }

    func inC(cancelToken: OpaquePointer) throws(OAuthAppError) -> oauthapp_call_options {
        var c = oauthapp_call_options_init()
        c.timeout_ms = try milliseconds("timeout", timeout)
        c.connect_timeout_ms = try milliseconds("connectTimeout", connectTimeout)
        c.cancel_token = cancelToken
        return c
    }
}

extension OAuthAppClient.Configuration {
    func inC(_ input: Input, log: LogBox?) throws(OAuthAppError) -> oauthapp_client_config {
        guard maxConcurrentCalls > 0 else { throw .invalidArgument("maxConcurrentCalls", "must be above zero") }
        guard maxResponseBytes ?? 1 > 0 else { throw .invalidArgument("maxResponseBytes", "must be above zero") }
        guard (0...10).contains(maxRetries ?? 2) else { throw .invalidArgument("maxRetries", "must be 0 to 10") }
        var c = oauthapp_client_config_init()
        c.app_id = appID
        c.base_url = try input.text("baseURL", baseURL.absoluteString)
        c.timeout_ms = try milliseconds("timeout", timeout)
        c.connect_timeout_ms = try milliseconds("connectTimeout", connectTimeout)
        c.max_response_bytes = UInt64(maxResponseBytes ?? 0)
        c.user_agent = try input.text("userAgent", userAgent)
        if case .url(let url) = proxy {
            c.proxy = try input.text("proxy", url)
        }
        c.trust = trust.inC
        c.trusted_roots_pem = try input.text("trustedRootsPEM", trustedRootsPEM)
        c.trusted_roots_file = try input.text("trustedRootsFile", trustedRootsFile?.path)
        c.pins = try input.text("pins", pins.isEmpty ? nil : pins.joined(separator: " "))
        switch clientCertificate {
        case .pem(let certificate, let key):
            c.client_certificate_pem = try input.text("clientCertificate", certificate)
            c.client_key_pem = try input.text("clientCertificate", key)
        case .files(let certificate, let key):
            c.client_certificate_file = try input.text("clientCertificate", certificate.path)
            c.client_key_file = try input.text("clientCertificate", key.path)
        case nil: break
        }
        // In C, 0 is the default and -1 is none.
        c.max_retries = maxRetries == 0 ? -1 : Int32(maxRetries ?? 0)
        c.flags = flags.reduce(0) { $0 | UInt32(bitPattern: $1.rawValue) }
        c.log_callback = log == nil ? nil : LogBox.callback
        c.log_context = log.map { Unmanaged.passUnretained($0).toOpaque() }
        return c
    }

    private var flags: [oauthapp_client_flag] {
        var flags: [oauthapp_client_flag] = []
        if keepSession { flags.append(.OAUTHAPP_CLIENT_KEEP_SESSION) }
        if allowPlainHTTP { flags.append(.OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP) }
        if !settleSignUps { flags.append(.OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS) }
        if proxy == .environment { flags.append(.OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT) }
        if dangerAcceptAnyCertificateOnLoopback {
            flags.append(.OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK)
        }
        return flags
    }
}

extension OAuthAppClient.Trust {
    fileprivate var inC: oauthapp_trust {
        switch self {
        case .mozilla: .OAUTHAPP_TRUST_MOZILLA
        case .platform: .OAUTHAPP_TRUST_PLATFORM
        case .onlyGiven: .OAUTHAPP_TRUST_ONLY_GIVEN
        }
    }
}

/// What the library's log goes to.
final class LogBox: Sendable {
    private let log: OAuthAppClient.Log

    init(_ log: @escaping OAuthAppClient.Log) {
        self.log = log
    }

    static let callback: oauthapp_log_callback = { context, level, target, message in
        guard let context else { return }
        let box = Unmanaged<LogBox>.fromOpaque(context).takeUnretainedValue()
        let line = OAuthAppClient.LogLine(
            level: .init(level), target: String(cString: target), message: String(cString: message))
        box.log(line)
    }
}
