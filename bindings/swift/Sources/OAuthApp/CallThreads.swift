import Foundation

/// The threads on which a client's calls wait for their answers, as no thread of Swift's own may.
///
/// A thread lives as long as there are calls for it. There are never more than the limit; further calls wait for one, in order.
final class CallThreads: Sendable {
    typealias Start = @Sendable (@escaping @Sendable () -> Void) -> Bool

    private struct State {
        var running = 0
        var waiting: [Call] = []
    }

    private let limit: Int
    private let start: Start
    private let state = Locked(State())

    init(limit: Int, start: @escaping Start = startDetachedThread) {
        self.limit = limit
        self.start = start
    }

    /// Has a thread execute the call: at once, or when one is free.
    func execute(_ call: Call) {
        let first = state.withLock { state in
            if state.running < limit {
                state.running += 1
                return true
            }
            state.waiting.append(call)
            return false
        }
        if first {
            startThread(with: call)
        } else {
            // A call whose turn does not come in time ends in time.
            let seconds = call.timeLeft / .seconds(1)
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak call] in call?.expire() }
        }
    }

    /// Forgets a call that waits.
    func forget(_ call: Call) {
        state.withLock { $0.waiting.removeAll { $0 === call } }
    }

    private func startThread(with call: Call) {
        let started = start {
            var next: Call? = call
            while let call = next {
                call.execute()
                next = self.next()
            }
        }
        if !started {
            // The system has no more threads, and so the next one would not start either.
            call.fail(OAuthAppError(.outOfMemory, "The system has no thread for the call.", isRetryable: true))
            while let call = next() {
                call.fail(OAuthAppError(.outOfMemory, "The system has no thread for the call.", isRetryable: true))
            }
        }
    }

    /// The next call for a thread that has finished one; where there is none, the thread is no longer counted.
    private func next() -> Call? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

/// Runs this on a new thread. False where the system has none.
@Sendable func startDetachedThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)

    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    let context = Unmanaged.passRetained(Body(body))
    let result = pthread_create(
        &thread, &attributes,
        { context in
            let context: UnsafeMutableRawPointer? = context
            if let context {
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            }
            return nil
        }, context.toOpaque())
    if result != 0 {
        context.release()
    }
    return result == 0
}

/// A value that one thread at a time may use.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
