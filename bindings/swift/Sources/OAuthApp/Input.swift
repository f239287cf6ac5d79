/// What goes into a function of the library: C strings that live as long as this does, checked on their way.
final class Input {
    private var texts: [SecretBytes] = []

    /// A text as C string; overwritten when it is no longer needed.
    func text(_ name: String, _ text: some SecretText) throws(OAuthAppError) -> UnsafePointer<CChar> {
        try checked(name, text.asSecret().bytes)
    }

    /// NULL, which stands for "not given", where there is none.
    func text(_ name: String, _ text: (any SecretText)?) throws(OAuthAppError) -> UnsafePointer<CChar>? {
        guard let text else { return nil }
        return try checked(name, text.asSecret().bytes)
    }

    private func checked(_ name: String, _ bytes: SecretBytes) throws(OAuthAppError) -> UnsafePointer<CChar> {
        if bytes.holdsNUL {
            throw .invalidArgument(name, "holds a NUL character")
        }
        texts.append(bytes)
        return bytes.pointer
    }
}

/// A duration in whole milliseconds, rounded up; 0, which stands for "not given", where there is none. What is more than the
/// library takes it refuses itself.
func milliseconds(_ name: String, _ duration: Duration?) throws(OAuthAppError) -> UInt32 {
    guard let duration else { return 0 }
    guard duration > .zero else {
        throw .invalidArgument(name, "must be more than zero")
    }
    let (seconds, attoseconds) = duration.components
    let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return seconds > 1_000_000 ? .max : UInt32(seconds * 1_000 + part)
}

extension OAuthAppError {
    static func invalidArgument(_ name: String, _ why: String) -> OAuthAppError {
        OAuthAppError(.invalidArgument, "An argument is not valid. \(name) \(why).")
    }
}
