/// A whole QR sign-in, seen from the screen: the code to show, the scan, and the token.
///
/// ```swift
/// for try await event in client.signInByQRCode() {
///     switch event {
///     case .code(let key): show(qrCode: "appId=2&signinKey=\(key.expose())")
///     case .scanned: show("Now confirm on the phone.")
///     case .signedIn(let token): use(token)
///     }
/// }
/// ```
///
/// It asks the server as long as somebody waits for the next event, and ends after the token. A single question that fails in a
/// way that can pass does not end it. It throws ``OAuthAppError/Code/qrExpired`` when the code is no longer valid or not used in
/// time, and then a new loop makes a new code; what ``OAuthAppClient/qrCodePreSignIn(_:options:)`` and
/// ``OAuthAppClient/qrCodeSignIn(key:options:)`` throw that is not to pass; and `CancellationError`.
public struct QRCodeSignIn: AsyncSequence, Sendable {
    /// What happens in a QR sign-in.
    public enum Event: Sendable, Hashable {
        /// The key to show as a QR code. The first event.
        case code(SignInKey)
        /// The phone has scanned the code, and its user is to confirm. It may be missed.
        case scanned
        /// The user has confirmed. The last event.
        case signedIn(Token)
    }

    /// How often the server is asked, and how long. The server itself gives a key no lifetime, and does not say when the user
    /// declines.
    public struct Timing: Sendable, Hashable {
        /// The time between two questions, at least a second.
        public var interval: Duration
        /// How long to wait for the scan.
        public var scan: Duration
        /// How long to wait for the confirmation after the scan.
        public var confirmation: Duration

        /// These times.
        public init(
            interval: Duration = .seconds(1), scan: Duration = .seconds(120), confirmation: Duration = .seconds(120)
        ) {
            self.interval = interval
            self.scan = scan
            self.confirmation = confirmation
        }
    }

    let client: OAuthAppClient
    let request: QRCodePreSignInRequest
    let timing: Timing
    var shortestInterval = Duration.seconds(1)

    /// Begins a sign-in of its own.
    public func makeAsyncIterator() -> Iterator {
        Iterator(signIn: self)
    }

    /// One sign-in.
    public struct Iterator: AsyncIteratorProtocol {
        private enum State {
            case new
            case asking(SignInKey, scanned: Bool, deadline: ContinuousClock.Instant)
            case over
        }

        private let signIn: QRCodeSignIn
        private var state = State.new

        fileprivate init(signIn: QRCodeSignIn) {
            self.signIn = signIn
        }

        /// Waits for what happens next; nil after the last event, or an error.
        public mutating func next() async throws -> Event? {
            do {
                switch state {
                case .new:
                    let key = try await signIn.client.qrCodePreSignIn(signIn.request)
                    state = .asking(key, scanned: false, deadline: time(after: signIn.timing.scan))
                    return .code(key)
                case .asking(let key, let scanned, let deadline):
                    return try await ask(key, scanned, deadline)
                case .over:
                    return nil
                }
            } catch {
                state = .over
                throw error
            }
        }

        private mutating func ask(
            _ key: SignInKey, _ scanned: Bool, _ deadline: ContinuousClock.Instant
        ) async throws -> Event {
            while true {
                var wait = Swift.max(signIn.timing.interval, signIn.shortestInterval)
                do {
                    let token = try await signIn.client.qrCodeSignIn(key: key)
                    state = .over
                    return .signedIn(token)
                } catch let error as OAuthAppError {
                    switch error.code {
                    case .qrScanned where !scanned:
                        state = .asking(key, scanned: true, deadline: time(after: signIn.timing.confirmation))
                        return .scanned
                    case .qrWaiting, .qrScanned: break
                    case _ where error.isRetryable: wait = Swift.max(wait, error.retryAfter ?? wait)
                    default: throw error
                    }
                }
                guard time(after: wait) < deadline else {
                    throw OAuthAppError(
                        .qrExpired,
                        "The QR code was not \(scanned ? "confirmed" : "scanned") in time. Make a new one.")
                }
                try await Task.sleep(for: wait)
            }
        }

        /// No wait is so long that the clock would overflow.
        private func time(after duration: Duration) -> ContinuousClock.Instant {
            .now + Swift.min(Swift.max(duration, .zero), .seconds(365 * 86_400))
        }
    }
}

extension OAuthAppClient {
    /// A whole QR sign-in, seen from the screen: nothing is sent until its first event is asked for.
    public func signInByQRCode(
        _ request: QRCodePreSignInRequest = QRCodePreSignInRequest(), timing: QRCodeSignIn.Timing = .init()
    ) -> QRCodeSignIn {
        QRCodeSignIn(client: self, request: request, timing: timing)
    }
}
