/// A user's profile. Nearly every field can be null, and every field may be missing.
public struct Profile: ServerAnswer {
    /// Id of the user.
    public let id: Int64?
    /// Id of the application.
    public let appID: Int64?
    /// Platform of the account, for example `web` or `wxminip`.
    public let platform: String?
    /// Union id. Whoever knows it can sign in.
    public let unionID: Secret?
    /// Account name.
    public let userName: String?
    /// Display name.
    public let nickName: String?
    /// Address of the user's picture.
    public let avatar: String?
    /// E-mail address.
    public let email: String?
    /// Whether the e-mail address has been verified.
    public let emailIsValid: Bool?
    /// Phone number.
    public let phone: String?
    /// Whether the phone number has been verified.
    public let phoneIsValid: Bool?
    /// The application's own data about the user.
    public let data: String?
    /// Role.
    public let role: String?
    /// When the account was made, `2023-02-22 16:20:43`, with no zone (China Standard Time on the vendor's server).
    public let createDate: String?
    /// When the profile was last changed, in the form of ``createDate``.
    public let lastUpdate: String?
    /// The whole answer.
    public let json: JSONText

    /// Takes an answer from JSON, for example in a test or a preview.
    public init(json: JSONText) throws(OAuthAppError) {
        let fields = try Fields(json)
        id = fields.integer("/id")
        appID = fields.integer("/appID")
        platform = fields.text("/platform")
        unionID = fields.secret("/unionID")
        userName = fields.text("/userName")
        nickName = fields.text("/nickName")
        avatar = fields.text("/avatar")
        email = fields.text("/email")
        emailIsValid = fields.bool("/emailIsValid")
        phone = fields.text("/phone")
        phoneIsValid = fields.bool("/phoneIsValid")
        data = fields.text("/data")
        role = fields.text("/role")
        createDate = fields.text("/createDate")
        lastUpdate = fields.text("/lastUpdate")
        self.json = json
    }
}
