import COAuthApp
import Foundation

/// A JSON text, for example the whole of an answer, byte for byte as it came, with the fields that this package does not know.
///
/// Single values are read by JSON Pointer (RFC 6901), `"/access_token"` or `"/errors/0"`; `""` is the whole text. It prints as
/// `<REDACTED>`, since it may hold tokens; ``text`` is the way to all of it.
///
/// The getters throw ``OAuthAppError/Code/jsonNotFound``, ``OAuthAppError/Code/jsonNull`` (null is there),
/// ``OAuthAppError/Code/jsonType`` (something else is there), ``OAuthAppError/Code/jsonRange`` (it can't be represented, or the
/// pointer has more than 100 steps) or ``OAuthAppError/Code/jsonPointerSyntax``. `try?` makes nil of all of these.
public struct JSONText: Sendable, Hashable {
    private let bytes: SecretBytes

    /// Takes a JSON text of the program's own.
    ///
    /// - Throws: ``OAuthAppError/Code/jsonSyntax`` where it is not one well-formed JSON value, and
    ///   ``OAuthAppError/Code/invalidArgument`` where it holds a NUL character.
    public init(_ text: some SecretText) throws(OAuthAppError) {
        bytes = text.asSecret().bytes
        if bytes.holdsNUL {
            throw .invalidArgument("text", "holds a NUL character")
        }
        _ = try type()
    }

    /// Takes over a JSON text of the library's.
    init(adopting text: UnsafeMutablePointer<CChar>) {
        bytes = SecretBytes(adopting: text) { oauthapp_string_free($0) }
    }

    /// The text. It may hold tokens and keys.
    public var text: String { bytes.text }

    /// The type of the value at this place; null has one too.
    public func type(at pointer: String = "") throws(OAuthAppError) -> Kind {
        guard let type = Kind(try get(pointer, .OAUTHAPP_JSON_NULL, oauthapp_json_get_type)) else {
            throw OAuthAppError(.jsonType, "The JSON value is of a type that is not known.")
        }
        return type
    }

    /// The string at this place.
    public func string(at pointer: String = "") throws(OAuthAppError) -> String {
        try taken(pointer, oauthapp_json_get_string).text
    }

    /// The string at this place, as a secret.
    public func secret(at pointer: String = "") throws(OAuthAppError) -> Secret {
        Secret(bytes: try taken(pointer, oauthapp_json_get_string))
    }

    /// The whole number at this place, written without fraction and exponent.
    public func integer(at pointer: String = "") throws(OAuthAppError) -> Int64 {
        try get(pointer, 0, oauthapp_json_get_int64)
    }

    /// The number at this place, rounded to the nearest `Double`.
    public func double(at pointer: String = "") throws(OAuthAppError) -> Double {
        try get(pointer, 0, oauthapp_json_get_double)
    }

    /// The truth value at this place.
    public func bool(at pointer: String = "") throws(OAuthAppError) -> Bool {
        try get(pointer, false, oauthapp_json_get_bool)
    }

    /// The value of any type, null too, at this place, as it is written there.
    public func value(at pointer: String = "") throws(OAuthAppError) -> JSONText {
        JSONText(bytes: try taken(pointer, oauthapp_json_get_json))
    }

    /// The value at this place as a type of the program's own.
    ///
    /// - Throws: `DecodingError` where it is not such a value, and what the other getters throw.
    public func decode<Value: Decodable>(
        _ type: Value.Type, at pointer: String = "", using decoder: JSONDecoder = JSONDecoder()
    ) throws -> Value {
        try decoder.decode(type, from: Data(value(at: pointer).text.utf8))
    }

    private init(bytes: SecretBytes) {
        self.bytes = bytes
    }

    private typealias Getter<Value> = (
        UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutablePointer<Value>, UnsafeMutablePointer<OpaquePointer?>?
    ) -> oauthapp_code

    private func get<Value>(
        _ pointer: String, _ initial: Value, _ getter: Getter<Value>
    ) throws(OAuthAppError) -> Value {
        let pointer = SecretBytes(copying: pointer)
        if pointer.holdsNUL {
            throw .invalidArgument("pointer", "holds a NUL character")
        }
        var value = initial
        var error: OpaquePointer?
        let code = withExtendedLifetime((self, pointer)) { getter(bytes.pointer, pointer.pointer, &value, &error) }
        guard code == .OAUTHAPP_OK else { throw OAuthAppError(adopting: error, code: code) }
        return value
    }

    private func taken(
        _ pointer: String, _ getter: Getter<UnsafeMutablePointer<CChar>?>
    ) throws(OAuthAppError) -> SecretBytes {
        guard let text = try get(pointer, nil, getter) else {
            throw OAuthAppError(.internal, "The library gave no text.")
        }
        return SecretBytes(adopting: text) { oauthapp_string_free($0) }
    }
}

extension JSONText {
    /// The type of a JSON value.
    public enum Kind: Sendable {
        /// null
        case null
        /// true or false
        case boolean
        /// a number
        case number
        /// a string
        case string
        /// an array
        case array
        /// an object
        case object

        init?(_ type: oauthapp_json_type) {
            switch type {
            case .OAUTHAPP_JSON_NULL: self = .null
            case .OAUTHAPP_JSON_BOOLEAN: self = .boolean
            case .OAUTHAPP_JSON_NUMBER: self = .number
            case .OAUTHAPP_JSON_STRING: self = .string
            case .OAUTHAPP_JSON_ARRAY: self = .array
            case .OAUTHAPP_JSON_OBJECT: self = .object
            @unknown default: return nil
            }
        }
    }
}

extension JSONText: Redacted {}

extension JSONText: Codable {
    /// Reads a value of any type. Numbers keep 38 digits.
    public init(from decoder: any Decoder) throws {
        let text = try JSONEncoder().encode(try Tree(from: decoder))
        self.init(bytes: SecretBytes(copying: String(decoding: text, as: UTF8.self)))
    }

    /// Writes the value, as what it is in JSON.
    public func encode(to encoder: any Encoder) throws {
        try decode(Tree.self).encode(to: encoder)
    }
}

/// JSON on its way through Swift's coders, which know no text.
private enum Tree: Codable {
    case null
    case bool(Bool)
    case integer(Int64)
    case decimal(Decimal)
    case string(String)
    case array([Tree])
    case object([String: Tree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let decimal = try? container.decode(Decimal.self) {
            self = .decimal(decimal)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let array = try? container.decode([Tree].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: Tree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let bool): try container.encode(bool)
        case .integer(let integer): try container.encode(integer)
        case .decimal(let decimal): try container.encode(decimal)
        case .string(let string): try container.encode(string)
        case .array(let array): try container.encode(array)
        case .object(let object): try container.encode(object)
        }
    }
}
