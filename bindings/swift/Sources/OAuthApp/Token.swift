import COAuthApp
import Foundation

/// What a sign-in or sign-up answers.
///
/// `Codable`, so that it can be kept in a keychain: it is written as the JSON that came, access token included.
public struct Token: ServerAnswer {
    /// The JSON Web Token to give to the profile calls.
    public let accessToken: Secret
    /// `Bearer`
    public let tokenType: String?
    /// Seconds until the token runs out, or, from a server of 2022, the Unix time of issue. See ``expiresAt(receivedAt:)``.
    public let expiresIn: Int64?
    /// The whole answer.
    public let json: JSONText

    /// Takes an answer from JSON, for example in a test or a preview.
    public init(json: JSONText) throws(OAuthAppError) {
        let fields = try Fields(json)
        guard let accessToken = try? json.secret(at: "/access_token") else { throw .unexpectedResponse }
        self.accessToken = accessToken
        switch try? json.type(at: "/token_type") {
        case .string?: tokenType = fields.text("/token_type")
        case .null?, nil: tokenType = nil
        default: throw .unexpectedResponse
        }
        expiresIn = fields.integer("/expires_in")
        self.json = json
    }

    /// The claims of the token, read without asking the server.
    ///
    /// - Throws: ``OAuthAppError/Code/invalidToken``
    public func claims() throws(OAuthAppError) -> Claims {
        try Claims(accessToken: accessToken)
    }

    /// When the token runs out, by the server's clock: its `exp` claim, or else `receivedAt` (this machine's clock when the token
    /// came) and ``expiresIn``, where that is a believable lifetime. Nil where neither says.
    ///
    /// This machine's clock may be wrong, so it is for display and for asking again in good time; whether a token is still good
    /// is the server's to say.
    public func expiresAt(receivedAt: Date) -> Date? {
        let longestLifetime: Int64 = 10 * 366 * 86_400
        if let expiresAt = (try? claims())?.expiresAt, expiresAt.timeIntervalSince1970 >= 0 {
            return expiresAt
        }
        guard let expiresIn, (1...longestLifetime).contains(expiresIn) else { return nil }
        return receivedAt.addingTimeInterval(TimeInterval(expiresIn))
    }
}

/// What a token says. A client can't verify it, so take it as a note, never as proof of who someone is.
///
/// Every claim may be missing; one of a type that is not foreseen is nil here, and is in ``json``.
public struct Claims: ServerAnswer {
    /// Id of the token (`jti`).
    public let tokenID: String?
    /// Id of the tenant that owns the application.
    public let tenantID: String?
    /// Name of the tenant.
    public let tenantName: String?
    /// Id of the application.
    public let appID: String?
    /// Id of the user (`nameid`).
    public let userID: String?
    /// Name of the account; the union id for a user without one, hence a secret.
    public let uniqueName: Secret?
    /// Role of the user.
    public let role: String?
    /// Address of the user's picture.
    public let picture: String?
    /// E-mail address.
    public let email: String?
    /// Phone number.
    public let mobile: String?
    /// Union id. Whoever knows it can sign in.
    public let unionID: Secret?
    /// Platform, for example `web` or `wxminip`.
    public let platform: String?
    /// `unionid` or `account`
    public let grantType: String?
    /// Display name.
    public let givenName: String?
    /// Group, `app` for users of an application.
    public let groupSID: String?
    /// Permissions.
    public let permission: String?
    /// Not valid before then.
    public let notBefore: Date?
    /// Not valid from then on.
    public let expiresAt: Date?
    /// When the token was issued.
    public let issuedAt: Date?
    /// Issuer.
    public let issuer: String?
    /// Audience.
    public let audience: String?
    /// All claims as they stand in the token.
    public let json: JSONText

    /// Reads the claims of an access token, without asking the server.
    ///
    /// - Throws: ``OAuthAppError/Code/invalidToken``
    public init(accessToken: some SecretText) throws(OAuthAppError) {
        let input = Input()
        var claims: UnsafeMutablePointer<CChar>?
        var error: OpaquePointer?
        let code = oauthapp_token_claims(try input.text("accessToken", accessToken), &claims, &error)
        withExtendedLifetime(input) {}
        guard code == .OAUTHAPP_OK, let claims else { throw OAuthAppError(adopting: error, code: code) }
        try self.init(json: JSONText(adopting: claims))
    }

    /// Takes an answer from JSON, for example in a test or a preview.
    public init(json: JSONText) throws(OAuthAppError) {
        let fields = try Fields(json)
        tokenID = fields.text("/jti")
        tenantID = fields.text("/tenant_id")
        tenantName = fields.text("/tenant_name")
        appID = fields.text("/appid")
        userID = fields.text("/nameid")
        uniqueName = fields.secret("/unique_name")
        role = fields.text("/role")
        picture = fields.text("/picture")
        email = fields.text("/email")
        mobile = fields.text("/mobile")
        unionID = fields.secret("/unionid")
        platform = fields.text("/platform")
        grantType = fields.text("/grant_type")
        givenName = fields.text("/given_name")
        groupSID = fields.text("/groupsid")
        permission = fields.text("/permission")
        notBefore = fields.date("/nbf")
        expiresAt = fields.date("/exp")
        issuedAt = fields.date("/iat")
        issuer = fields.text("/iss")
        audience = fields.text("/aud")
        self.json = json
    }
}
