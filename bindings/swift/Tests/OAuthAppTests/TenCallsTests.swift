import OAuthApp
import Testing

/// Every call, and what it gives, over http and https.
@Suite struct TenCallsTests {
    static let emulators = [Emulator.http, .https]

    @Test(arguments: emulators)
    func accounts(_ emulator: Emulator) async throws {
        let client = try emulator.client()
        let name = unique("wwww")
        let signedUp = try await client.signUp(
            SignUpRequest(
                userName: name, password: "123456", nickName: "Wu", platform: "web", email: "w@example.com",
                phone: "13800000000", avatar: "https://example.com/w.png", data: "{\"level\":3}"))
        #expect(signedUp.tokenType == "Bearer" && signedUp.expiresIn == 86_400)

        let password: String = "123456"
        let token = try await client.signIn(userName: name, password: password)
        let claims = try token.claims()
        #expect(claims.grantType == "account" && claims.appID == "2" && claims.uniqueName == Secret(name))
        let (issued, expires) = try (#require(claims.issuedAt), #require(claims.expiresAt))
        #expect(expires.timeIntervalSince(issued) == 86_400)
        #expect(token.expiresAt(receivedAt: issued) == expires)

        let profile = try await client.profile(accessToken: token.accessToken)
        #expect(profile.id.map(String.init) == claims.userID && profile.appID == 2 && profile.userName == name)
        #expect(profile.nickName == "Wu" && profile.platform == "web" && profile.email == "w@example.com")
        #expect(profile.phone == "13800000000" && profile.avatar == "https://example.com/w.png")
        #expect(profile.data == "{\"level\":3}" && profile.createDate?.count == 19 && profile.lastUpdate != nil)
        #expect(try profile.json.integer(at: "/id") == profile.id)

        let change = UpdateProfileRequest(nickName: "Wang", avatar: "https://example.com/2.png", data: "{}")
        #expect(try await client.updateProfile(change, accessToken: token.accessToken.expose()))
        let changed = try await client.profile(accessToken: token.accessToken)
        #expect(changed.nickName == "Wang" && changed.avatar == "https://example.com/2.png" && changed.data == "{}")
    }

    @Test(arguments: emulators)
    func unionIDs(_ emulator: Emulator) async throws {
        let client = try emulator.client()
        let unionID = Secret(unique("union"))
        try await client.unionIDSignUp(
            UnionIDSignUpRequest(
                platform: "wxminip", unionID: unionID, userName: unique("u"), password: "654321", nickName: "Li",
                email: "l@example.com", emailIsValid: true, phone: "13900000000", phoneIsValid: false,
                avatar: "https://example.com/l.png", data: "7"))
        let token = try await client.unionIDSignIn(platform: "wxminip", unionID: unionID)
        #expect(try token.claims().grantType == "unionid" && token.claims().unionID == unionID)
        let profile = try await client.profile(accessToken: token.accessToken)
        #expect(profile.unionID == unionID && profile.nickName == "Li" && profile.platform == "wxminip")
        #expect(profile.emailIsValid == true && profile.phoneIsValid == false && profile.data == "7")
    }

    @Test(arguments: emulators)
    func qrCodes(_ emulator: Emulator) async throws {
        let client = try emulator.client()
        let key = try await client.qrCodePreSignIn(QRCodePreSignInRequest(scopes: "profile", remark: "Till 3", scheme: "app"))
        // The screen shows the bare key, and the phone reads it from there.
        let scanned = SignInKey(key.expose())
        #expect(scanned.expose().count == (emulator === Emulator.https ? 32 : scanned.expose().count))
        await expect(.qrWaiting) { try await client.qrCodeSignIn(key: key) }
        let application = try await client.qrCodeScan(key: scanned)
        #expect(application.appID == 2 && application.name != nil && application.scopes == "profile")
        #expect(application.remark == "Till 3" && application.scheme == "app")
        await expect(.qrScanned) { try await client.qrCodeSignIn(key: key) }
        try await client.qrCodeSignUp(
            QRCodeSignUpRequest(
                signInKey: scanned, unionID: unique("phone"), platform: "wxminip", userName: unique("q"), nickName: "Qian",
                email: "q@example.com", emailIsValid: false, phone: "13700000000", phoneIsValid: true,
                avatar: "https://example.com/q.png"))
        let token = try await client.qrCodeSignIn(key: key)
        let profile = try await client.profile(accessToken: token.accessToken)
        #expect(profile.nickName == "Qian" && profile.phoneIsValid == true && profile.emailIsValid == false)
    }
}
