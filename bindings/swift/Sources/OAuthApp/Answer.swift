import Foundation

/// What one of the calls gives: read from JSON, and nil where that has another shape.
protocol Answer: Sendable {
    init?(answer json: JSON)
}

extension Bool: Answer {
    init?(answer json: JSON) {
        guard let truth = try? json.bool() else { return nil }
        self = truth
    }
}

/// An answer that is kept whole, and so can be written and read again with nothing lost.
protocol WholeAnswer: Answer, Codable {
    var json: JSON { get }
}

extension WholeAnswer {
    /// Reads an answer from JSON: the server's own, or what ``encode(to:)`` has written.
    public init(from decoder: any Decoder) throws {
        guard let answer = Self(answer: try JSON(from: decoder)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "It does not have the shape of a \(Self.self)."))
        }
        self = answer
    }

    /// Writes the whole answer as the JSON that it is, secrets included.
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }

    /// Takes an answer from JSON, for example in a test or a preview.
    ///
    /// - Throws: ``OAuthAppError/Code/unexpectedResponse`` where it has another shape.
    public init(json: JSON) throws(OAuthAppError) {
        guard let answer = Self(answer: json) else { throw .unexpectedResponse }
        self = answer
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
    let json: JSON

    /// None where the JSON is no object.
    init?(_ json: JSON) {
        guard (try? json.type()) == .object else { return nil }
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
