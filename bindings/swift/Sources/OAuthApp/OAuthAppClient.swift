import COAuthApp

/// A client for one application on one server.
///
/// ```swift
/// let client = try OAuthAppClient(appID: 2)
/// let token = try await client.signIn(userName: "wwww", password: password)
/// let profile = try await client.profile(accessToken: token.accessToken)
/// ```
///
/// It holds settings, the connections to the server, kept open between calls, and, with ``Configuration/keepSession``, the
/// session of the last sign-in. Any number of tasks may use one client at once, and one is enough for all of them.
///
/// Each call suspends its task until its answer is there, its deadline has run out, or its task is cancelled; it blocks none of
/// Swift's threads. It throws ``OAuthAppError``, or `CancellationError` when its task is cancelled: at once, in whatever phase it
/// is. What it had sent by then may have taken effect on the server; a call of a task that was cancelled before sends nothing.
///
/// Errors that every call can throw, besides its own: ``OAuthAppError/Code/invalidArgument`` (nothing was sent); those from 2000
/// to 2999, ``OAuthAppError/Code/dns`` to ``OAuthAppError/Code/proxy`` (no answer came); from 3000 to 3999,
/// ``OAuthAppError/Code/badRequest`` to ``OAuthAppError/Code/unexpectedStatus`` (an HTTP error in place of the API's answer); from
/// 4000 to 4999, ``OAuthAppError/Code/notHTTP`` to ``OAuthAppError/Code/unexpectedResponse`` (an answer that can't be
/// understood); ``OAuthAppError/Code/server`` and the others from 5000 on (the server refused).
///
/// When the last reference to a client goes, calls that are under way go on to their end.
public final class OAuthAppClient: Sendable {
    private let handle: ClientHandle
    private let threads: CallThreads
    private let timeout: Duration

    /// Makes a client with these settings. Nothing is sent yet.
    ///
    /// - Throws: ``OAuthAppError/Code/invalidArgument`` and its neighbours for a setting that is not valid;
    ///   ``OAuthAppError/Code/invalidStructSize`` where the library that the program runs with does not fit.
    public init(_ configuration: Configuration) throws(OAuthAppError) {
        try Self.checkLibrary()
        handle = try ClientHandle(configuration)
        threads = CallThreads(limit: configuration.maxConcurrentCalls)
        timeout = configuration.timeout
    }

    /// Makes a client for this application, with all settings at their default, of `https://www.oauthapp.com`.
    ///
    /// - Throws: as ``init(_:)``
    public convenience init(appID: Int64) throws(OAuthAppError) {
        try self.init(Configuration(appID: appID))
    }

    // MARK: Accounts

    /// Signs in with an account name and a password.
    ///
    /// - Throws: ``OAuthAppError/Code/noSuchUser``, ``OAuthAppError/Code/wrongPassword``,
    ///   ``OAuthAppError/Code/noSuchApplication``, and what every call can throw.
    @discardableResult
    public func signIn(
        userName: String, password: some SecretText, options: CallOptions = CallOptions()
    ) async throws -> Token {
        let password = password.asSecret()
        return try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_sign_in(
                client, try input.text("userName", userName), try input.text("password", password), options, data, error)
        }
    }

    /// Makes an account and signs it in.
    ///
    /// A sign-up is sent once. When its answer gets lost, a sign-in with the same credentials finds out, within the deadline,
    /// whether the account exists all the same; its token then is the answer (``Configuration/settleSignUps``). With another
    /// password it is ``OAuthAppError/Code/accountExists``. Where that can't be found out either, the error is not retryable: a
    /// second sign-up could only answer the same.
    ///
    /// - Throws: ``OAuthAppError/Code/accountExists``, ``OAuthAppError/Code/noSuchApplication``,
    ///   ``OAuthAppError/Code/badRequest`` for fields that the server misses or can't read, and what every call can throw.
    @discardableResult
    public func signUp(_ request: SignUpRequest, options: CallOptions = CallOptions()) async throws -> Token {
        try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            var request = try request.inC(input)
            return oauthapp_sign_up(client, &request, options, data, error)
        }
    }

    /// Signs in with platform and union id.
    ///
    /// There is no password in it: whoever knows platform and union id signs in. Keep union ids as secret as passwords.
    ///
    /// - Throws: ``OAuthAppError/Code/noSuchUser``, ``OAuthAppError/Code/noSuchApplication``, and what every call can throw.
    @discardableResult
    public func unionIDSignIn(
        platform: String, unionID: some SecretText, options: CallOptions = CallOptions()
    ) async throws -> Token {
        let unionID = unionID.asSecret()
        return try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_union_id_sign_in(
                client, try input.text("platform", platform), try input.text("unionID", unionID), options, data, error)
        }
    }

    /// Makes an account for a union id and signs it in.
    ///
    /// When the answer gets lost, it is done as for ``signUp(_:options:)``.
    ///
    /// - Throws: as ``signUp(_:options:)``
    @discardableResult
    public func unionIDSignUp(
        _ request: UnionIDSignUpRequest, options: CallOptions = CallOptions()
    ) async throws -> Token {
        try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            var request = try request.inC(input)
            return oauthapp_union_id_sign_up(client, &request, options, data, error)
        }
    }

    // MARK: QR codes

    /// Asks for the key of a new QR code (the screen's side).
    ///
    /// - Throws: ``OAuthAppError/Code/qrNotConfigured``, ``OAuthAppError/Code/noSuchApplication``, and what every call can throw.
    public func qrCodePreSignIn(
        _ request: QRCodePreSignInRequest = QRCodePreSignInRequest(), options: CallOptions = CallOptions()
    ) async throws -> SignInKey {
        let answer = try await json(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_qr_code_pre_sign_in(
                client, try input.text("scopes", request.scopes), try input.text("remark", request.remark),
                try input.text("scheme", request.scheme), options, data, error)
        }
        return try SignInKey(json: answer)
    }

    /// Asks once what has become of a QR code (the screen's side).
    ///
    /// Ask every second or two until there is a token. The server gives the key no lifetime and does not say when the user
    /// declines, so set a deadline of your own, and then make a new code.
    ///
    /// - Throws: ``OAuthAppError/Code/qrWaiting`` and ``OAuthAppError/Code/qrScanned`` (ask again),
    ///   ``OAuthAppError/Code/qrExpired`` (make a new code), and what every call can throw.
    @discardableResult
    public func qrCodeSignIn(key: SignInKey, options: CallOptions = CallOptions()) async throws -> Token {
        try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_qr_code_sign_in(client, try input.text("key", key.given), options, data, error)
        }
    }

    /// Reports that the phone has scanned a code, and learns which application wants to sign someone in.
    ///
    /// - Throws: ``OAuthAppError/Code/qrExpired``, and what every call can throw.
    public func qrCodeScan(key: SignInKey, options: CallOptions = CallOptions()) async throws -> ApplicationInfo {
        try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_qr_code_scan(client, try input.text("key", key.given), options, data, error)
        }
    }

    /// Confirms a QR sign-in on the phone's side, with the phone's user. It is sent once; when its answer gets lost, it may have
    /// been done all the same.
    ///
    /// - Throws: ``OAuthAppError/Code/qrExpired``, and what every call can throw.
    @discardableResult
    public func qrCodeSignUp(
        _ request: QRCodeSignUpRequest, options: CallOptions = CallOptions()
    ) async throws -> Token {
        try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            var request = try request.inC(input)
            return oauthapp_qr_code_sign_up(client, &request, options, data, error)
        }
    }

    // MARK: Profile

    /// Reads the profile of the user of this token, or without one of the session that the client holds
    /// (``Configuration/keepSession``).
    ///
    /// - Throws: ``OAuthAppError/Code/notSignedIn`` without a token, ``OAuthAppError/Code/tokenExpired``,
    ///   ``OAuthAppError/Code/tokenRejected``, ``OAuthAppError/Code/unauthorized``, ``OAuthAppError/Code/userGone``, and what every
    ///   call can throw.
    public func profile(
        accessToken: (any SecretText)? = nil, options: CallOptions = CallOptions()
    ) async throws -> Profile {
        let accessToken = accessToken?.asSecret()
        return try await call(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_get_profile(client, try input.text("accessToken", accessToken), options, data, error)
        }
    }

    /// Changes the profile of that user. Gives what the server says of it, true or false.
    ///
    /// - Throws: as ``profile(accessToken:options:)``
    @discardableResult
    public func updateProfile(
        _ request: UpdateProfileRequest, accessToken: (any SecretText)? = nil, options: CallOptions = CallOptions()
    ) async throws -> Bool {
        let accessToken = accessToken?.asSecret()
        let answer = try await json(options) { client, options, data, error, input throws(OAuthAppError) in
            oauthapp_update_profile(
                client, try input.text("accessToken", accessToken), try input.text("avatar", request.avatar),
                try input.text("data", request.data), try input.text("nickName", request.nickName), options, data, error)
        }
        guard let changed = try? answer.bool() else { throw OAuthAppError.unexpectedResponse }
        return changed
    }

    // MARK: Session

    /// Whether the client holds a session: the server has answered a sign-in or sign-up with a token, and the session has not
    /// ended since. That is so also where the call threw ``OAuthAppError/Code/unexpectedResponse`` because the rest of the answer
    /// could not be read. Always false without ``Configuration/keepSession``.
    public var isSignedIn: Bool { oauthapp_client_is_signed_in(handle.pointer) }

    /// Forgets the session that the client holds; without one, does nothing. The server has no sign-out: the token stays good
    /// until it runs out.
    public func signOut() {
        // It can fail for a client that is not alive only.
        _ = oauthapp_client_sign_out(handle.pointer, nil)
    }

    private func call<Value: ServerAnswer>(_ options: CallOptions, _ function: @escaping Call.Function) async throws -> Value {
        try Value(json: await json(options, function))
    }

    /// Makes one of the ten calls, and gives its answer.
    private func json(_ options: CallOptions, _ function: @escaping Call.Function) async throws -> JSONText {
        let timeout = options.timeout ?? timeout
        let call = try Call(client: handle, options: options, timeout: timeout, threads: threads, function: function)
        return try await call.answer()
    }
}

/// The library's client. Calls that are under way hold it, and with it what it logs to.
final class ClientHandle: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    private let log: LogBox?

    init(_ configuration: OAuthAppClient.Configuration) throws(OAuthAppError) {
        log = configuration.log.map { LogBox($0) }
        let input = Input()
        var c = try configuration.inC(input, log: log)
        var client: OpaquePointer?
        var error: OpaquePointer?
        let code = oauthapp_client_new(&c, &client, &error)
        withExtendedLifetime(input) {}
        guard let client else { throw OAuthAppError(adopting: error, code: code) }
        pointer = client
    }

    deinit {
        oauthapp_client_free(pointer)
    }
}
