import COAuthApp

/// One of the ten calls, from its beginning in a task to its end on a thread.
final class Call: Sendable {
    /// Calls one of the library's functions with the client, the options, and where answer and error go.
    typealias Function = @Sendable (
        OpaquePointer, UnsafePointer<oauthapp_call_options>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
        UnsafeMutablePointer<OpaquePointer?>, Input
    ) throws(OAuthAppError) -> oauthapp_code
    private typealias Outcome = Result<JSONText, any Error>
    private typealias Continuation = CheckedContinuation<Void, Never>

    private enum State {
        case new
        case waiting(Continuation)
        case running
        case over(Outcome)
    }

    private let client: ClientHandle
    private let options: CallOptions
    private let threads: CallThreads
    private let deadline: ContinuousClock.Instant
    private let cancelToken: CancelToken
    private let function: Function
    private let state = Locked(State.new)

    init(
        client: ClientHandle, options: CallOptions, timeout: Duration, threads: CallThreads,
        function: @escaping Function
    ) throws(OAuthAppError) {
        self.client = client
        self.options = options
        self.threads = threads
        // No deadline is later: the library takes a day at most.
        deadline = .now + min(max(timeout, .zero), .seconds(2 * 86_400))
        cancelToken = try CancelToken()
        self.function = function
    }

    /// The whole of the call.
    func answer() async throws -> JSONText {
        try Task.checkCancellation()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let begun = state.withLock { state in
                    // It has been cancelled already.
                    guard case .new = state else { return false }
                    state = .waiting(continuation)
                    return true
                }
                if begun {
                    threads.execute(self)
                } else {
                    continuation.resume()
                }
            }
        } onCancel: {
            cancel()
        }
        return try state.withLock { state in
            guard case .over(let outcome) = state else { throw CancellationError() }
            return try outcome.get()
        }
    }

    /// How long the call may still take.
    var timeLeft: Duration { ContinuousClock.now.duration(to: deadline) }

    /// Makes the call, and waits for its answer. A call that has ended while it waited for its turn is left alone.
    func execute() {
        guard let continuation = leaveWaiting(for: .running) else { return }
        let outcome = Outcome(catching: blockingAnswer)
        state.withLock { $0 = .over(outcome) }
        continuation.resume()
    }

    /// Ends the call if its turn has not come.
    func expire() {
        threads.forget(self)
        fail(
            OAuthAppError(
                .timeout,
                "The deadline ran out. The call waited for its turn, as maxConcurrentCalls others were under way.",
                isRetryable: true))
    }

    /// Ends the call with this error if its turn has not come.
    func fail(_ error: any Error) {
        leaveWaiting(for: .over(.failure(error)))?.resume()
    }

    private func cancel() {
        let wasWaiting = state.withLock { state in
            switch state {
            case .new:
                state = .over(.failure(CancellationError()))
                return false
            case .waiting: return true
            case .running:
                cancelToken.cancel()
                return false
            case .over: return false
            }
        }
        if wasWaiting {
            threads.forget(self)
            // Its turn may have come meanwhile.
            cancelToken.cancel()
            fail(CancellationError())
        }
    }

    private func leaveWaiting(for next: State) -> Continuation? {
        state.withLock { state in
            guard case .waiting(let continuation) = state else { return nil }
            state = next
            return continuation
        }
    }

    private func blockingAnswer() throws -> JSONText {
        let input = Input()
        var options = try options.inC(cancelToken: cancelToken.pointer)
        // What the wait has taken is gone, and less than a millisecond would be no deadline at all.
        let left = try milliseconds("timeout", max(timeLeft, .milliseconds(1)))
        options.timeout_ms = min(options.timeout_ms == 0 ? .max : options.timeout_ms, left)
        var data: UnsafeMutablePointer<CChar>?
        var error: OpaquePointer?
        let code = try function(client.pointer, &options, &data, &error, input)
        withExtendedLifetime(input) {}
        switch code {
        case .OAUTHAPP_OK: break
        case .OAUTHAPP_ERROR_CANCELLED:
            oauthapp_error_free(error)
            throw CancellationError()
        default: throw OAuthAppError(adopting: error, code: code)
        }
        guard let data else { throw OAuthAppError.unexpectedResponse }
        return JSONText(adopting: data)
    }
}

/// The library's switch that ends a call.
private final class CancelToken: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer

    init() throws(OAuthAppError) {
        var token: OpaquePointer?
        var error: OpaquePointer?
        let code = oauthapp_cancel_token_new(&token, &error)
        guard let token else { throw OAuthAppError(adopting: error, code: code) }
        pointer = token
    }

    deinit {
        oauthapp_cancel_token_free(pointer)
    }

    func cancel() {
        _ = oauthapp_cancel_token_cancel(pointer, nil)
    }
}
