import Foundation

/// What the server answers, with the whole of its JSON, so that it can be written and read again with nothing lost.
public protocol ServerAnswer: Sendable, Hashable, Codable {
    /// The whole answer.
    var json: JSONText { get }

    /// Takes an answer from JSON, for example in a test or a preview.
    ///
    /// - Throws: ``OAuthAppError/Code/unexpectedResponse`` where it has another shape.
    init(json: JSONText) throws(OAuthAppError)
}

extension ServerAnswer {
    /// Reads an answer from JSON: the server's own, or what ``encode(to:)`` has written.
    public init(from decoder: any Decoder) throws {
        let json = try JSONText(from: decoder)
        self = try decoder.wellShaped { () throws(OAuthAppError) in try Self(json: json) }
    }

    /// Writes the whole answer as the JSON that it is, secrets included.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }
}

extension Decoder {
    /// Has a value of another shape fail as Swift's coders have it.
    func wellShaped<Value>(_ read: () throws(OAuthAppError) -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "It is no \(Value.self).", underlyingError: error))
        }
    }
}

extension OAuthAppError {
    static var unexpectedResponse: OAuthAppError {
        OAuthAppError(
            .unexpectedResponse,
            "The answer has an unexpected shape. Its data is not of the type that answers this call.")
    }
}

/// The fields of a JSON object. Their types have changed, or may change, from one version of the server to the next: an id that
/// turns from a number into a string is still that id. What can't be read as the wanted type is nil, since one odd field must
/// not cost the whole answer.
struct Fields {
    let json: JSONText

    init(_ json: JSONText) throws(OAuthAppError) {
        guard (try? json.type()) == .object else { throw .unexpectedResponse }
        self.json = json
    }

    /// A text; numbers and booleans as they are written.
    func text(_ pointer: String) -> String? {
        switch try? json.type(at: pointer) {
        case .string: try? json.string(at: pointer)
        case .number, .boolean: try? json.value(at: pointer).text
        default: nil
        }
    }

    /// A text that must not leak.
    func secret(_ pointer: String) -> Secret? {
        (try? json.secret(at: pointer)) ?? text(pointer).map { Secret($0) }
    }

    /// A whole number; also from a string of digits, or from a number with a fraction, which is cut off.
    func integer(_ pointer: String) -> Int64? {
        let exact = 9_007_199_254_740_992.0  // 2^53: beyond it a double has lost digits already.
        switch try? json.type(at: pointer) {
        case .string:
            return text(pointer).flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        case .number:
            if let integer = try? json.integer(at: pointer) { return integer }
            guard let double = try? json.double(at: pointer), abs(double) <= exact else { return nil }
            return Int64(double)
        default: return nil
        }
    }

    /// A truth value; also from the strings true and false in any case.
    func bool(_ pointer: String) -> Bool? {
        if let truth = try? json.bool(at: pointer) { return truth }
        guard let word = try? json.string(at: pointer) else { return nil }
        return Bool(word.trimmingCharacters(in: .whitespacesAndNewlines).lowercased())
    }

    /// A point in time that is written as Unix time in seconds.
    func date(_ pointer: String) -> Date? {
        integer(pointer).map { Date(timeIntervalSince1970: TimeInterval($0)) }
    }
}
