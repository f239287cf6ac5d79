import Foundation

/// The key that ties the screen that shows a QR code to the phone that scans it: what ``OAuthAppClient/qrCodePreSignIn(_:options:)``
/// has answered, or the text that a QR code holds.
///
/// Servers give a number or a string; it goes back as what it came. Whoever knows it can take the session over, so it is a
/// secret: it prints as `<REDACTED>`.
public struct SignInKey: Sendable, Hashable {
    /// The key as it goes to the library: the JSON that came, or the text that was given.
    let given: Secret

    /// A key as text: bare, as it stands in a QR code (`19` or `3f…`), or as JSON (`19` or `"3f…"`).
    public init(_ key: some SecretText) {
        given = key.asSecret()
    }

    /// The key without quotes, as it goes into a QR code (`appId=2&signinKey=19`).
    public func expose() -> String {
        let text = given.expose()
        guard text.hasPrefix("\""), let unquoted = try? JSONText(given).string() else { return text }
        return unquoted
    }
}

extension SignInKey: Redacted {}

extension SignInKey: ExpressibleByStringLiteral {
    /// A key that stands in the program's text, for tests and examples.
    public init(stringLiteral key: String) {
        self.init(key)
    }
}

extension SignInKey {
    init(json: JSONText) throws(OAuthAppError) {
        switch try? json.type() {
        case .number, .string: self.init(json.text)
        default: throw .unexpectedResponse
        }
    }
}

extension SignInKey: Codable {
    /// Reads a number or a string.
    public init(from decoder: any Decoder) throws {
        let json = try JSONText(from: decoder)
        self = try decoder.wellShaped { () throws(OAuthAppError) in try SignInKey(json: json) }
    }

    /// Writes the key as the number or string that it is sent as.
    public func encode(to encoder: any Encoder) throws {
        let text = given.expose()
        // 32 hexadecimal digits are a string key, also where they read as a number.
        let hexadecimal = text.utf8.count == 32 && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
        if !hexadecimal, let json = try? JSONText(given), (try? SignInKey(json: json)) != nil {
            try json.encode(to: encoder)
        } else {
            try given.encode(to: encoder)
        }
    }
}
