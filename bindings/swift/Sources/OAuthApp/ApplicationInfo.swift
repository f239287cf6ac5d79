/// The application that wants to sign someone in, as a QR scan answers it. Every field may be null or missing.
public struct ApplicationInfo: ServerAnswer {
    /// Id of the application.
    public let appID: Int64?
    /// Name.
    public let name: String?
    /// Address of the logo.
    public let logo: String?
    /// Address of the web site.
    public let website: String?
    /// Description.
    public let description: String?
    /// Tags.
    public let tags: String?
    /// What the application asks for, as given to ``OAuthAppClient/qrCodePreSignIn(_:options:)``.
    public let scopes: String?
    /// The remark given there.
    public let remark: String?
    /// The scheme given there.
    public let scheme: String?
    /// The whole answer.
    public let json: JSONText

    /// Takes an answer from JSON, for example in a test or a preview.
    public init(json: JSONText) throws(OAuthAppError) {
        let fields = try Fields(json)
        appID = fields.integer("/appID")
        name = fields.text("/name")
        logo = fields.text("/logo")
        website = fields.text("/website")
        description = fields.text("/description")
        tags = fields.text("/tags")
        scopes = fields.text("/scopes")
        remark = fields.text("/remark")
        scheme = fields.text("/scheme")
        self.json = json
    }
}
