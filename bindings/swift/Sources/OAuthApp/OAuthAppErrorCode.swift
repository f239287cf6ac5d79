import COAuthApp

extension OAuthAppError {
    /// What kind of failure an error is: an open set, as later versions of the library may have more. A `switch` over it has a
    /// `default`.
    ///
    /// The numbers are those of `oauthapp_code` and never change.
    public struct Code: RawRepresentable, Hashable, Sendable, Codable {
        /// The number.
        public let rawValue: Int32

        /// The code with this number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        init(_ code: oauthapp_code) {
            rawValue = code.rawValue
        }
    }
}

extension OAuthAppError.Code: CustomStringConvertible {
    /// The code's name, for logs: `OAUTHAPP_ERROR_WRONG_PASSWORD`; `OAUTHAPP_ERROR_UNKNOWN` for one that the library doesn't know.
    public var description: String {
        String(cString: oauthapp_code_name(oauthapp_code(rawValue: rawValue) ?? .OAUTHAPP_ERROR_INTERNAL))
    }
}

extension OAuthAppError.Code {
    /// Lets `catch OAuthAppError.Code.wrongPassword` catch the errors of that code.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? OAuthAppError)?.code == code
    }

    // MARK: The calling program. Nothing was sent

    /// An argument is empty where it must not be, too long, or holds characters that it can't hold.
    public static let invalidArgument = Self(.OAUTHAPP_ERROR_INVALID_ARGUMENT)
    /// A text is not UTF-8.
    public static let invalidUTF8 = Self(.OAUTHAPP_ERROR_INVALID_UTF8)
    /// The library's object was freed.
    public static let invalidHandle = Self(.OAUTHAPP_ERROR_INVALID_HANDLE)
    /// The library that the program runs with is older than this package.
    public static let invalidStructSize = Self(.OAUTHAPP_ERROR_INVALID_STRUCT_SIZE)
    /// The base URL must be https://host or https://host:port.
    public static let invalidBaseURL = Self(.OAUTHAPP_ERROR_INVALID_BASE_URL)
    /// The base URL is http to a host that is not this machine.
    public static let insecureBaseURL = Self(.OAUTHAPP_ERROR_INSECURE_BASE_URL)
    /// The trusted roots hold no certificate, or one that can't be read; or the system has none to trust.
    public static let invalidCertificate = Self(.OAUTHAPP_ERROR_INVALID_CERTIFICATE)
    /// The proxy must be scheme://[user:password@]host[:port], with http, socks5 or socks5h.
    public static let invalidProxy = Self(.OAUTHAPP_ERROR_INVALID_PROXY)
    /// The client certificate or its key can't be read, or they don't belong together.
    public static let invalidClientCertificate = Self(.OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE)
    /// A pin must be the SHA-256 of a public key in base64.
    public static let invalidPin = Self(.OAUTHAPP_ERROR_INVALID_PIN)
    /// Certificates can be left unverified toward this machine only.
    public static let verificationRequired = Self(.OAUTHAPP_ERROR_VERIFICATION_REQUIRED)
    /// No access token was given, and the client holds no session.
    public static let notSignedIn = Self(.OAUTHAPP_ERROR_NOT_SIGNED_IN)
    /// A text is not a JSON Web Token whose claims can be read.
    public static let invalidToken = Self(.OAUTHAPP_ERROR_INVALID_TOKEN)
    /// A text is not one well-formed JSON value.
    public static let jsonSyntax = Self(.OAUTHAPP_ERROR_JSON_SYNTAX)
    /// A JSON Pointer (RFC 6901) is empty or starts with a slash.
    public static let jsonPointerSyntax = Self(.OAUTHAPP_ERROR_JSON_POINTER_SYNTAX)
    /// The JSON has no value at that place.
    public static let jsonNotFound = Self(.OAUTHAPP_ERROR_JSON_NOT_FOUND)
    /// The JSON has null at that place.
    public static let jsonNull = Self(.OAUTHAPP_ERROR_JSON_NULL)
    /// The JSON value is of another type than was asked for.
    public static let jsonType = Self(.OAUTHAPP_ERROR_JSON_TYPE)
    /// The JSON value doesn't fit the type that was asked for.
    public static let jsonRange = Self(.OAUTHAPP_ERROR_JSON_RANGE)

    // MARK: The way to the server. No answer came

    /// The host name has no address, or the name service can't be reached.
    public static let dns = Self(.OAUTHAPP_ERROR_DNS)
    /// No connection could be made.
    public static let connect = Self(.OAUTHAPP_ERROR_CONNECT)
    /// The TLS handshake failed for another reason than those below.
    public static let tls = Self(.OAUTHAPP_ERROR_TLS)
    /// Nobody whom the client trusts vouches for the server.
    public static let certificateUntrusted = Self(.OAUTHAPP_ERROR_CERTIFICATE_UNTRUSTED)
    /// The certificate doesn't name the host of the base URL.
    public static let certificateWrongHost = Self(.OAUTHAPP_ERROR_CERTIFICATE_WRONG_HOST)
    /// The certificate has expired or is not valid yet, by this machine's clock.
    public static let certificateExpired = Self(.OAUTHAPP_ERROR_CERTIFICATE_EXPIRED)
    /// The authority has withdrawn the certificate.
    public static let certificateRevoked = Self(.OAUTHAPP_ERROR_CERTIFICATE_REVOKED)
    /// The server answers https with something else.
    public static let notTLS = Self(.OAUTHAPP_ERROR_NOT_TLS)
    /// None of the pinned public keys vouches for the certificate.
    public static let certificateNotPinned = Self(.OAUTHAPP_ERROR_CERTIFICATE_NOT_PINNED)
    /// The server wants a client certificate, and none is set.
    public static let clientCertificateRequired = Self(.OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REQUIRED)
    /// The server has refused the client's certificate.
    public static let clientCertificateRejected = Self(.OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REJECTED)
    /// The call's deadline ran out.
    public static let timeout = Self(.OAUTHAPP_ERROR_TIMEOUT)
    /// The connection broke before the head of an answer had arrived.
    public static let connectionLost = Self(.OAUTHAPP_ERROR_CONNECTION_LOST)
    /// The call was cancelled.
    public static let cancelled = Self(.OAUTHAPP_ERROR_CANCELLED)
    /// The proxy has no address, can't be reached or did not open a connection to the server.
    public static let proxy = Self(.OAUTHAPP_ERROR_PROXY)

    // MARK: An HTTP answer that is not the API's

    /// HTTP 400. ``OAuthAppError/fieldMessages`` has the server's messages for each field.
    public static let badRequest = Self(.OAUTHAPP_ERROR_BAD_REQUEST)
    /// HTTP 401 that says nothing against the token.
    public static let unauthorized = Self(.OAUTHAPP_ERROR_UNAUTHORIZED)
    /// HTTP 401: the token has expired. The user signs in again.
    public static let tokenExpired = Self(.OAUTHAPP_ERROR_TOKEN_EXPIRED)
    /// HTTP 401: the token is malformed, wrongly signed or meant for someone else.
    public static let tokenRejected = Self(.OAUTHAPP_ERROR_TOKEN_REJECTED)
    /// HTTP 403.
    public static let forbidden = Self(.OAUTHAPP_ERROR_FORBIDDEN)
    /// HTTP 404: the base URL is most likely not that of an OAuthApp server.
    public static let notFound = Self(.OAUTHAPP_ERROR_NOT_FOUND)
    /// HTTP 405.
    public static let methodNotAllowed = Self(.OAUTHAPP_ERROR_METHOD_NOT_ALLOWED)
    /// HTTP 415.
    public static let unsupportedMediaType = Self(.OAUTHAPP_ERROR_UNSUPPORTED_MEDIA_TYPE)
    /// HTTP 413 or 431.
    public static let requestTooLarge = Self(.OAUTHAPP_ERROR_REQUEST_TOO_LARGE)
    /// HTTP 429. ``OAuthAppError/retryAfter`` says how long to wait where the server said so.
    public static let tooManyRequests = Self(.OAUTHAPP_ERROR_TOO_MANY_REQUESTS)
    /// HTTP 3xx. A redirect is never followed; the message says what to change.
    public static let redirected = Self(.OAUTHAPP_ERROR_REDIRECTED)
    /// HTTP 5xx other than 503, 504 and 511.
    public static let serverFault = Self(.OAUTHAPP_ERROR_SERVER_FAULT)
    /// HTTP 503 or 504. ``OAuthAppError/retryAfter`` says how long to wait where the server said so.
    public static let serviceUnavailable = Self(.OAUTHAPP_ERROR_SERVICE_UNAVAILABLE)
    /// Any other HTTP status that is not success.
    public static let unexpectedStatus = Self(.OAUTHAPP_ERROR_UNEXPECTED_STATUS)

    // MARK: An answer that can't be understood

    /// What came is not HTTP, or its head is too large.
    public static let notHTTP = Self(.OAUTHAPP_ERROR_NOT_HTTP)
    /// HTTP success with an empty body.
    public static let emptyResponse = Self(.OAUTHAPP_ERROR_EMPTY_RESPONSE)
    /// The connection ended before the body was complete.
    public static let truncatedResponse = Self(.OAUTHAPP_ERROR_TRUNCATED_RESPONSE)
    /// The body is larger than ``OAuthAppClient/Configuration/maxResponseBytes``.
    public static let responseTooLarge = Self(.OAUTHAPP_ERROR_RESPONSE_TOO_LARGE)
    /// The body is not UTF-8.
    public static let responseNotUTF8 = Self(.OAUTHAPP_ERROR_RESPONSE_NOT_UTF8)
    /// The body is not JSON; often the page of a network that wants a sign-in of its own.
    public static let responseNotJSON = Self(.OAUTHAPP_ERROR_RESPONSE_NOT_JSON)
    /// The body is JSON, but not the answer to this call.
    public static let unexpectedResponse = Self(.OAUTHAPP_ERROR_UNEXPECTED_RESPONSE)

    // MARK: The server's own word. ``OAuthAppError/serverMessage`` has it

    /// The server refused in words that have no code of their own.
    public static let server = Self(.OAUTHAPP_ERROR_SERVER)
    /// The password is wrong.
    public static let wrongPassword = Self(.OAUTHAPP_ERROR_WRONG_PASSWORD)
    /// There is no such user.
    public static let noSuchUser = Self(.OAUTHAPP_ERROR_NO_SUCH_USER)
    /// The account exists already.
    public static let accountExists = Self(.OAUTHAPP_ERROR_ACCOUNT_EXISTS)
    /// There is no application with this id.
    public static let noSuchApplication = Self(.OAUTHAPP_ERROR_NO_SUCH_APPLICATION)
    /// The user of this token no longer exists.
    public static let userGone = Self(.OAUTHAPP_ERROR_USER_GONE)
    /// The QR code has not been scanned yet. Ask again in a moment.
    public static let qrWaiting = Self(.OAUTHAPP_ERROR_QR_WAITING)
    /// The QR code has been scanned, and the sign-in is not confirmed yet. Ask again in a moment.
    public static let qrScanned = Self(.OAUTHAPP_ERROR_QR_SCANNED)
    /// The QR code is no longer valid. Make a new one.
    public static let qrExpired = Self(.OAUTHAPP_ERROR_QR_EXPIRED)
    /// QR sign-in is not set up for this application.
    public static let qrNotConfigured = Self(.OAUTHAPP_ERROR_QR_NOT_CONFIGURED)
    /// A fault in the library, which was caught. Please report it.
    public static let `internal` = Self(.OAUTHAPP_ERROR_INTERNAL)
    /// There is no memory for a text that was given, for an answer, or for what is made of them.
    public static let outOfMemory = Self(.OAUTHAPP_ERROR_OUT_OF_MEMORY)
}
