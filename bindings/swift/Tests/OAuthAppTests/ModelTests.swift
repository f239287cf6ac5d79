import Foundation
import OAuthApp
import Testing

/// Answers in other shapes than today's: fields of other types, fields that are missing, fields that are new.
@Suite struct ModelTests {
    @Test func profiles() throws {
        // Each field of another type that still says the same.
        let odd = try Profile(
            json: JSONText(
                #"""
                {"appID":"2","platform":5,"unionID":7,"phone":13800000000,"phoneIsValid":"True","emailIsValid":" false ",
                 "id":" 36 ","nickName":true,"avatar":1.50,"userName":12345678901234567890123,"new":{"field":"kept"}}
                """#))
        #expect(odd.appID == 2 && odd.id == 36 && odd.platform == "5" && odd.phone == "13800000000")
        #expect(odd.nickName == "true" && odd.avatar == "1.50" && odd.userName == "12345678901234567890123")
        #expect(odd.unionID == "7" && odd.phoneIsValid == true && odd.emailIsValid == false)
        #expect(try odd.json.string(at: "/new/field") == "kept" && odd.json.text.contains("1.50"))

        // Fields that can't be read do not cost those that can.
        let wrong = try Profile(
            json: JSONText(
                #"""
                {"appID":[2],"id":"36a","phoneIsValid":1,"emailIsValid":"no","platform":{},"phone":["1"],"nickName":null,
                 "userName":"\u0000","role":"user"}
                """#))
        #expect(wrong.appID == nil && wrong.id == nil && wrong.phoneIsValid == nil && wrong.emailIsValid == nil)
        #expect(wrong.platform == nil && wrong.phone == nil && wrong.nickName == nil && wrong.userName == nil)
        #expect(wrong.role == "user")

        // Numbers with a fraction lose it, as long as they still have all their digits.
        let numbers = try Profile(json: JSONText(#"{"appID":2.9,"id":9007199254740994.0}"#))
        #expect(numbers.appID == 2 && numbers.id == nil)

        let none = try Profile(json: JSONText("{}"))
        #expect(none.id == nil && none.userName == nil && none.json.text == "{}")
    }

    @Test(arguments: ["\"\"", "null", "[]", "true", "19"])
    func whatIsNoAnswer(_ text: String) async throws {
        await expect(.unexpectedResponse) { try Profile(json: JSONText(text)) }
        await expect(.unexpectedResponse) { try ApplicationInfo(json: JSONText(text)) }
        await expect(.unexpectedResponse) { try Token(json: JSONText(text)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Profile.self, from: Data(text.utf8)) }
    }

    @Test func tokens() async throws {
        let bare = try Token(json: JSONText(#"{"access_token":"a.b.c"}"#))
        #expect(bare.accessToken == "a.b.c" && bare.tokenType == nil && bare.expiresIn == nil)
        let old = try Token(json: JSONText(#"{"access_token":"a.b.c","token_type":null,"expires_in":"1646000000","level":3}"#))
        #expect(old.tokenType == nil && old.expiresIn == 1_646_000_000)
        #expect(try old.json.integer(at: "/level") == 3)
        for text in ["{}", #"["a.b.c"]"#, #"{"access_token":1}"#, #"{"access_token":"a","token_type":1}"#, #"{"access_token":null}"#] {
            await expect(.unexpectedResponse) { try Token(json: JSONText(text)) }
        }
    }

    static let lifetimes: [(String, String, Double?)] = [
        (#"{"exp":1677135719}"#, "1677049319", 1_677_135_719),
        (#"{"exp":"1677135719"}"#, "null", 1_677_135_719),
        (#"{"exp":1677135719.5}"#, "null", 1_677_135_719),
        (#"{"exp":-5}"#, "60", 1_677_050_060),
        (#"{"exp":null}"#, "86400", 1_677_136_400),
        ("{}", "1646000000", nil),
        ("{}", "0", nil),
        ("{}", "-1", nil),
        ("{}", "null", nil),
        ("not json", "60", 1_677_050_060),
    ]

    @Test(arguments: lifetimes)
    func whenATokenRunsOut(_ claims: String, _ expiresIn: String, _ expected: Double?) throws {
        let text = #"{"access_token":"h.\#(Data(claims.utf8).base64URL).s","expires_in":\#(expiresIn)}"#
        let at = try Token(json: JSONText(text)).expiresAt(receivedAt: Date(timeIntervalSince1970: 1_677_050_000))
        #expect(at == expected.map { Date(timeIntervalSince1970: $0) })
    }

    @Test func claims() async throws {
        let text = #"{"role":["a","b"],"aud":{"x":1},"nameid":36,"iat":true,"unionid":7,"new":1}"#
        let claims = try Claims(accessToken: "h.\(Data(text.utf8).base64URL).s")
        #expect(claims.userID == "36" && claims.role == nil && claims.audience == nil && claims.issuedAt == nil)
        #expect(claims.unionID == "7" && claims.json.text == text)
        for token in ["", "a.b", "a.!!.c", "a.b.c.d", "h.\(Data("[]".utf8).base64URL).s"] {
            await expect(.invalidToken) { try Claims(accessToken: token) }
        }
    }

    @Test func applications() throws {
        let application = try ApplicationInfo(json: JSONText(#"{"appID":7.0,"name":"Shop","tags":{}}"#))
        #expect(application.appID == 7 && application.name == "Shop" && application.tags == nil && application.scopes == nil)
    }

    /// What was written is read again, fields that the package does not know included.
    @Test func answersAreCodable() throws {
        let text = #"{"access_token":"a.b.c","expires_in":86400,"new":[null,true,-1,1.5,"x",{"a":12345678901234567890}]}"#
        let token = try JSONDecoder().decode(Token.self, from: Data(text.utf8))
        #expect(token.accessToken == "a.b.c" && token.expiresIn == 86_400)
        let again = try JSONDecoder().decode(Token.self, from: JSONEncoder().encode(token))
        #expect(again.accessToken == token.accessToken && again.expiresIn == token.expiresIn)
        #expect(try again.json.value(at: "/new").text == #"[null,true,-1,1.5,"x",{"a":12345678901234567890}]"#)
        let profile = try JSONDecoder().decode(Profile.self, from: Data(#"{"id":"36","data":null}"#.utf8))
        #expect(profile.id == 36 && profile.data == nil)
    }

    @Test func requestsAreCodable() throws {
        let request = UnionIDSignUpRequest(platform: "web", unionID: "union", password: "123456", emailIsValid: true)
        let coded = try JSONEncoder().encode(request)
        #expect(try JSONText(String(decoding: coded, as: UTF8.self)).string(at: "/pwd") == "123456")
        #expect(try JSONDecoder().decode(UnionIDSignUpRequest.self, from: coded) == request)
        let qr = QRCodeSignUpRequest(signInKey: "19", unionID: "union")
        #expect(try JSONDecoder().decode(QRCodeSignUpRequest.self, from: JSONEncoder().encode(qr)) == qr)
    }

    /// A key goes back as what it came, as number or string, also of more digits than a number type has.
    @Test(arguments: ["19", "123456789012345678901234567890", #""19""#, #""3f0""#, #""a\"b""#])
    func keysKeepTheirKind(_ data: String) async throws {
        let token = success(#"{"access_token":"a.b.c"}"#)
        let server = Server([success(data), token, token])
        let client = try OAuthAppClient(.init(appID: 2, baseURL: server.url))
        let key = try await client.qrCodePreSignIn()
        _ = try await server.next()
        let kept = try JSONDecoder().decode(SignInKey.self, from: JSONEncoder().encode(key))
        for key in [key, kept] {
            try await client.qrCodeSignIn(key: key)
            #expect(try await server.next().hasSuffix(#"{"signInKey":\#(data)}"#))
        }
    }

    @Test func keysAsTheyStandInQRCodes() throws {
        #expect(SignInKey("19").expose() == "19" && SignInKey(#""3f""#).expose() == "3f" && SignInKey("3f").expose() == "3f")
        let hexadecimal = "1234567890123456789012345678901e"
        #expect(try JSONEncoder().encode(["key": SignInKey(hexadecimal)]) == Data(#"{"key":"\#(hexadecimal)"}"#.utf8))
        #expect(try JSONEncoder().encode(["key": SignInKey("19")]) == Data(#"{"key":19}"#.utf8))
        #expect(try JSONEncoder().encode(["key": SignInKey("3f")]) == Data(#"{"key":"3f"}"#.utf8))
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SignInKey.self, from: Data("true".utf8)) }
    }

    @Test(arguments: ["null", "{}", "false"])
    func whatIsNoKey(_ data: String) async throws {
        let server = Server([success(data)])
        let client = try OAuthAppClient(.init(appID: 2, baseURL: server.url))
        await expect(.unexpectedResponse) { try await client.qrCodePreSignIn() }
    }

    @Test func whatAnUpdateAnswers() async throws {
        let server = Server([success("false"), success("\"true\"")])
        let client = try OAuthAppClient(.init(appID: 2, baseURL: server.url))
        #expect(try await !client.updateProfile(UpdateProfileRequest(nickName: "W"), accessToken: "a.b.c"))
        #expect(try await server.next().hasSuffix(#"{"nickName":"W"}"#))
        await expect(.unexpectedResponse) { try await client.updateProfile(UpdateProfileRequest(), accessToken: "a.b.c") }
    }
}
