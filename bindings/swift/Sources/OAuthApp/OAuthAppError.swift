import COAuthApp
import Foundation

/// Why a call failed.
///
/// ```swift
/// do {
///     try await client.signIn(userName: userName, password: password)
/// } catch let error as OAuthAppError {
///     switch error.code {
///     case .wrongPassword, .noSuchUser: show("Check name and password.")
///     case _ where error.isRetryable: show("Try again later.")
///     default: show(error.localizedDescription)
///     }
/// }
/// ```
///
/// A single kind can be caught by its code: `catch OAuthAppError.Code.wrongPassword { … }`. A call that is cancelled throws
/// `CancellationError`.
public struct OAuthAppError: Error, Sendable {
    /// What kind of failure this is.
    public let code: Code

    /// What happened, as English sentences for people: to show, or to log. One line.
    ///
    /// It never holds a password, a token, a sign-in key or a union id of the call, also where the server's own text, which is
    /// part of it, repeats one.
    public let message: String

    /// The HTTP status, for example 401; nil where no HTTP answer came.
    public let httpStatus: Int?

    /// The `code` of the server's envelope, untouched, mostly 500; nil where that did not come.
    public let serverCode: Int64?

    /// Whether the same call can succeed later without anything being changed.
    ///
    /// False after a sign-up whose answer got lost: the account may exist by now, so sign in to find out.
    public let isRetryable: Bool

    /// How long the server asks to wait before a retry, at most a day; nil where it did not say.
    public let retryAfter: Duration?

    private let said: Secret?
    private let saidOfFields: Secret?

    /// The `err` of the server's envelope, untouched: mostly Chinese, for people; nil where that did not come.
    ///
    /// It may repeat what was sent: to log, take ``message``.
    public var serverMessage: String? { said?.expose() }

    /// What the server finds wrong with each field of the request (``Code/badRequest``), by the field's name as the server has
    /// it, for example `pwd` or `$.signInKey`; mostly empty.
    ///
    /// It may repeat what was sent: to log, take ``message``.
    public var fieldMessages: [String: [String]] {
        guard let json = saidOfFields?.expose() else { return [:] }
        return (try? JSONDecoder().decode([String: [String]].self, from: Data(json.utf8))) ?? [:]
    }
}

extension OAuthAppError {
    /// An error of the program's own, for example in a test that stands in for a server.
    public init(_ code: Code, _ message: String, isRetryable: Bool = false) {
        self.init(
            code: code, message: message, httpStatus: nil, serverCode: nil, isRetryable: isRetryable, retryAfter: nil,
            said: nil, saidOfFields: nil)
    }

    /// Takes over what a function of the library has given: its code, and its error object, which is freed.
    init(adopting error: OpaquePointer?, code: oauthapp_code) {
        guard let error else {
            // Not even memory for it.
            self.init(Code(code), String(cString: oauthapp_code_name(code)))
            return
        }
        defer { oauthapp_error_free(error) }
        let status = oauthapp_error_http_status(error)
        let said = oauthapp_error_server_message(error)
        let wait = oauthapp_error_retry_after_ms(error)
        self.init(
            code: Code(oauthapp_error_code(error)),
            message: String(cString: oauthapp_error_message(error)),
            httpStatus: status == 0 ? nil : Int(status),
            serverCode: said == nil ? nil : oauthapp_error_server_code(error),
            isRetryable: oauthapp_error_retryable(error),
            retryAfter: wait < 0 ? nil : .milliseconds(wait),
            said: said.map { Secret(String(cString: $0)) },
            saidOfFields: oauthapp_error_fields_json(error).map { Secret(String(cString: $0)) })
    }
}

extension OAuthAppError: LocalizedError {
    /// The ``message``; `localizedDescription` is the same.
    public var errorDescription: String? { message }
}

extension OAuthAppError: CustomNSError {
    /// `OAuthApp`
    public static var errorDomain: String { "OAuthApp" }
    /// The number of the code.
    public var errorCode: Int { Int(code.rawValue) }
    /// The ``message``.
    public var errorUserInfo: [String: Any] { [NSLocalizedDescriptionKey: message] }
}

extension OAuthAppError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The ``message``.
    public var description: String { message }
    /// The name of the code, and the ``message``.
    public var debugDescription: String { "\(code): \(message)" }
    /// All but the server's own texts, which may repeat what was sent.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "code": code, "message": message, "httpStatus": httpStatus as Any, "serverCode": serverCode as Any,
                "isRetryable": isRetryable, "retryAfter": retryAfter as Any,
            ])
    }
}
