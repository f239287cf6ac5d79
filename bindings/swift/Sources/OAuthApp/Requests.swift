import COAuthApp

/// The fields of ``OAuthAppClient/signUp(_:options:)``. What is nil is not sent.
public struct SignUpRequest: Sendable, Hashable, Codable {
    /// The account's name, with which its owner signs in.
    public var userName: String
    /// The password.
    public var password: Secret
    /// The name to show.
    public var nickName: String?
    /// Where the user comes from, for example `web`.
    public var platform: String?
    /// E-mail address.
    public var email: String?
    /// Phone number.
    public var phone: String?
    /// Address of a picture.
    public var avatar: String?
    /// The application's own data about the user.
    public var data: String?

    /// A request with these fields.
    public init(
        userName: String, password: some SecretText, nickName: String? = nil, platform: String? = nil,
        email: String? = nil, phone: String? = nil, avatar: String? = nil, data: String? = nil
    ) {
        self.userName = userName
        self.password = password.asSecret()
        self.nickName = nickName
        self.platform = platform
        self.email = email
        self.phone = phone
        self.avatar = avatar
        self.data = data
    }

    private enum CodingKeys: String, CodingKey {
        case userName, password = "pwd", nickName, platform, email, phone, avatar, data
    }

    func inC(_ input: Input) throws(OAuthAppError) -> oauthapp_sign_up_request {
        var c = oauthapp_sign_up_request_init()
        c.nick_name = try input.text("nickName", nickName)
        c.platform = try input.text("platform", platform)
        c.pwd = try input.text("password", password)
        c.user_name = try input.text("userName", userName)
        c.email = try input.text("email", email)
        c.phone = try input.text("phone", phone)
        c.avatar = try input.text("avatar", avatar)
        c.data = try input.text("data", data)
        return c
    }
}

/// The fields of ``OAuthAppClient/unionIDSignUp(_:options:)``. What is nil is not sent.
public struct UnionIDSignUpRequest: Sendable, Hashable, Codable {
    /// The platform that the union id belongs to.
    public var platform: String
    /// The user's id on that platform.
    public var unionID: Secret
    /// A name for the account.
    public var userName: String?
    /// A password for the account.
    public var password: Secret?
    /// The name to show.
    public var nickName: String?
    /// E-mail address.
    public var email: String?
    /// Whether the platform has verified the e-mail address.
    public var emailIsValid: Bool?
    /// Phone number.
    public var phone: String?
    /// Whether the platform has verified the phone number.
    public var phoneIsValid: Bool?
    /// Address of a picture.
    public var avatar: String?
    /// The application's own data about the user.
    public var data: String?

    /// A request with these fields.
    public init(
        platform: String, unionID: some SecretText, userName: String? = nil, password: (any SecretText)? = nil,
        nickName: String? = nil, email: String? = nil, emailIsValid: Bool? = nil, phone: String? = nil,
        phoneIsValid: Bool? = nil, avatar: String? = nil, data: String? = nil
    ) {
        self.platform = platform
        self.unionID = unionID.asSecret()
        self.userName = userName
        self.password = password?.asSecret()
        self.nickName = nickName
        self.email = email
        self.emailIsValid = emailIsValid
        self.phone = phone
        self.phoneIsValid = phoneIsValid
        self.avatar = avatar
        self.data = data
    }

    private enum CodingKeys: String, CodingKey {
        case platform, unionID, userName, password = "pwd", nickName, email, emailIsValid, phone, phoneIsValid, avatar, data
    }

    func inC(_ input: Input) throws(OAuthAppError) -> oauthapp_union_id_sign_up_request {
        var c = oauthapp_union_id_sign_up_request_init()
        c.platform = try input.text("platform", platform)
        c.pwd = try input.text("password", password)
        c.union_id = try input.text("unionID", unionID)
        c.avatar = try input.text("avatar", avatar)
        c.nick_name = try input.text("nickName", nickName)
        c.email = try input.text("email", email)
        c.phone = try input.text("phone", phone)
        c.user_name = try input.text("userName", userName)
        c.data = try input.text("data", data)
        c.email_is_valid = tristate(emailIsValid)
        c.phone_is_valid = tristate(phoneIsValid)
        return c
    }
}

/// The fields of ``OAuthAppClient/qrCodePreSignIn(_:options:)``. What is nil is not sent.
public struct QRCodePreSignInRequest: Sendable, Hashable, Codable {
    /// What the application asks for, shown on the phone.
    public var scopes: String?
    /// A remark, shown on the phone.
    public var remark: String?
    /// Where the sign-in comes from, for example `app`.
    public var scheme: String?

    /// A request with these fields.
    public init(scopes: String? = nil, remark: String? = nil, scheme: String? = nil) {
        self.scopes = scopes
        self.remark = remark
        self.scheme = scheme
    }
}

/// The fields of ``OAuthAppClient/qrCodeSignUp(_:options:)``. What is nil is not sent.
public struct QRCodeSignUpRequest: Sendable, Hashable, Codable {
    /// The key that was scanned.
    public var signInKey: SignInKey
    /// The user's id on the phone's platform.
    public var unionID: Secret?
    /// The phone's platform, `wxminip` for a WeChat mini-program.
    public var platform: String?
    /// A name for the account.
    public var userName: String?
    /// The name to show.
    public var nickName: String?
    /// E-mail address.
    public var email: String?
    /// Whether the platform has verified the e-mail address.
    public var emailIsValid: Bool?
    /// Phone number.
    public var phone: String?
    /// Whether the platform has verified the phone number.
    public var phoneIsValid: Bool?
    /// Address of a picture.
    public var avatar: String?

    /// A request with these fields.
    public init(
        signInKey: SignInKey, unionID: (any SecretText)? = nil, platform: String? = nil, userName: String? = nil,
        nickName: String? = nil, email: String? = nil, emailIsValid: Bool? = nil, phone: String? = nil,
        phoneIsValid: Bool? = nil, avatar: String? = nil
    ) {
        self.signInKey = signInKey
        self.unionID = unionID?.asSecret()
        self.platform = platform
        self.userName = userName
        self.nickName = nickName
        self.email = email
        self.emailIsValid = emailIsValid
        self.phone = phone
        self.phoneIsValid = phoneIsValid
        self.avatar = avatar
    }

    func inC(_ input: Input) throws(OAuthAppError) -> oauthapp_qr_code_sign_up_request {
        var c = oauthapp_qr_code_sign_up_request_init()
        c.sign_in_key = try input.text("signInKey", signInKey.given)
        c.union_id = try input.text("unionID", unionID)
        c.avatar = try input.text("avatar", avatar)
        c.platform = try input.text("platform", platform)
        c.nick_name = try input.text("nickName", nickName)
        c.user_name = try input.text("userName", userName)
        c.phone = try input.text("phone", phone)
        c.email = try input.text("email", email)
        c.phone_is_valid = tristate(phoneIsValid)
        c.email_is_valid = tristate(emailIsValid)
        return c
    }
}

/// The fields of ``OAuthAppClient/updateProfile(_:accessToken:options:)``. What is nil stays as it is; the server ignores empty
/// texts, so a field can't be cleared.
public struct UpdateProfileRequest: Sendable, Hashable, Codable {
    /// The name to show.
    public var nickName: String?
    /// Address of a picture.
    public var avatar: String?
    /// The application's own data about the user.
    public var data: String?

    /// A request with these fields.
    public init(nickName: String? = nil, avatar: String? = nil, data: String? = nil) {
        self.nickName = nickName
        self.avatar = avatar
        self.data = data
    }
}

private func tristate(_ given: Bool?) -> oauthapp_tristate {
    switch given {
    case nil: .OAUTHAPP_NOT_GIVEN
    case false?: .OAUTHAPP_FALSE
    case true?: .OAUTHAPP_TRUE
    }
}
