import Foundation

/// What is taken for a secret: a `String`, a `Substring` or a ``Secret``.
public protocol SecretText: Sendable {
    /// The text as a secret.
    func asSecret() -> Secret
}

extension String: SecretText {
    /// A copy of the text, as a secret.
    public func asSecret() -> Secret { Secret(self) }
}

extension Substring: SecretText {
    /// A copy of the text, as a secret.
    public func asSecret() -> Secret { Secret(self) }
}

/// A text that must not leak: a password, a token, a union id.
///
/// It prints as `<REDACTED>`, in `dump` too, and its memory is overwritten when the last copy of it goes. ``expose()`` is the way
/// to the text, so that a look for `expose` finds every use. Encoded (`Codable`), it is the plain text, as a program that keeps
/// its token in a keychain needs it.
///
/// The `String` that it is made from, and the one that ``expose()`` gives, are Swift's own and not overwritten.
public struct Secret: Sendable, Hashable {
    let bytes: SecretBytes

    /// A secret with a copy of this text.
    public init(_ text: some StringProtocol) {
        bytes = SecretBytes(copying: text)
    }

    init(bytes: SecretBytes) {
        self.bytes = bytes
    }

    /// The text itself.
    public func expose() -> String { bytes.text }

    /// Whether the text is empty.
    public var isEmpty: Bool { bytes.count == 0 }
}

extension Secret: SecretText {
    /// The secret itself.
    public func asSecret() -> Secret { self }
}

extension Secret: ExpressibleByStringInterpolation {
    /// A secret that stands in the program's text, for tests and examples, or that is put together there.
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension Secret: Redacted {}

extension Secret: Codable {
    /// Reads a string.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the plain text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(expose())
    }
}

/// Prints as `<REDACTED>`, whoever asks.
protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
    /// `<REDACTED>`
    public var description: String { "<REDACTED>" }
    /// `<REDACTED>`
    public var debugDescription: String { description }
    /// Nothing is inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A NUL-terminated text that is overwritten when nobody holds it any more. It never changes.
final class SecretBytes: @unchecked Sendable, Hashable {
    let pointer: UnsafePointer<CChar>
    let count: Int
    private let free: (UnsafeMutablePointer<CChar>, Int) -> Void

    init(copying text: some StringProtocol) {
        var text = String(text)
        let (copy, count) = text.withUTF8 { utf8 in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count + 1)
            for (index, byte) in utf8.enumerated() {
                copy[index] = CChar(bitPattern: byte)
            }
            copy[utf8.count] = 0
            return (copy, utf8.count)
        }
        pointer = UnsafePointer(copy)
        self.count = count
        free = { pointer, count in
            overwrite(pointer, count)
            pointer.deallocate()
        }
    }

    /// Takes over what is freed with this function, which overwrites it.
    init(adopting text: UnsafeMutablePointer<CChar>, free: @escaping (UnsafeMutablePointer<CChar>) -> Void) {
        pointer = UnsafePointer(text)
        count = strlen(text)
        self.free = { pointer, _ in free(pointer) }
    }

    deinit {
        free(UnsafeMutablePointer(mutating: pointer), count)
    }

    var text: String { String(decoding: raw, as: UTF8.self) }

    /// A C string ends at its first NUL, so what holds another is no C string.
    var holdsNUL: Bool { strlen(pointer) != count }

    private var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pointer, count: count) }

    static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.count == right.count && memcmp(left.pointer, right.pointer, left.count) == 0
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: raw)
    }
}

/// In a way that the compiler may not leave out.
private func overwrite(_ pointer: UnsafeMutablePointer<CChar>, _ count: Int) {
    #if canImport(Darwin)
        memset_s(pointer, count, 0, count)
    #else
        explicit_bzero(pointer, count)
    #endif
}
