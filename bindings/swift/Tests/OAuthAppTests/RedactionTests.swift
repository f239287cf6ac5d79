import Foundation
import OAuthApp
import Testing

/// What is secret is in nothing that is printed, however it is printed.
@Suite struct RedactionTests {
    static let canary = "canary-4711"
    static let secret = Secret(canary)

    private func prints(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value)" + String(describing: value) + String(reflecting: value) + String(describing: [value])
            + String(reflecting: Optional(value)) + dumped
    }

    @Test func secretsPrintAsRedacted() {
        #expect("\(Self.secret)" == "<REDACTED>" && String(reflecting: Self.secret) == "<REDACTED>")
        let exposed = Self.secret.expose()
        let same = exposed == Self.canary
        #expect(same)
        #expect(Mirror(reflecting: Self.secret).children.isEmpty)
    }

    @Test func nothingThatIsPrintedHasThem() throws {
        let json = try JSONText(#"{"access_token":"\#(Self.canary)","unionID":"\#(Self.canary)","id":5,"other":"\#(Self.canary)"}"#)
        let claims = Data(#"{"unionid":"\#(Self.canary)","unique_name":"\#(Self.canary)","email":"e"}"#.utf8)
        var configuration = OAuthAppClient.Configuration(appID: 2)
        configuration.proxy = .url("http://user:\(Self.canary)@127.0.0.1:3128")
        configuration.clientCertificate = .pem(certificate: "certificate", key: Self.secret)
        let values: [Any] = [
            Self.secret, json, SignInKey(Self.canary), try Token(json: json), try Profile(json: json),
            try ApplicationInfo(json: json), try Claims(accessToken: "h.\(claims.base64URL).s"), configuration,
            SignUpRequest(userName: "wwww", password: Self.secret),
            UnionIDSignUpRequest(platform: "web", unionID: Self.canary, password: Self.canary),
            QRCodeSignUpRequest(signInKey: SignInKey(Self.canary), unionID: Self.canary),
        ]
        for value in values {
            // The test itself must not print them either.
            let printed = prints(value)
            let (hasIt, isRedacted) = (printed.contains("4711"), printed.contains("REDACTED"))
            #expect(!hasIt && isRedacted, "\(type(of: value))")
        }
        #expect(prints(try Profile(json: json)).contains("5"))
    }

    @Test func errorsDoNotHaveThem() async throws {
        let said = http(
            "200 OK", [], #"{"code":500,"data":"","err":"no user \#(Self.canary) here"}"#)
        let fields = http(
            "400 Bad Request", ["Content-Type: application/problem+json"],
            #"{"title":"Wrong","status":400,"errors":{"pwd":["\#(Self.canary) is no password"]}}"#)
        for answer in [said, fields] {
            let server = Server([answer])
            let client = try OAuthAppClient(.init(appID: 2, baseURL: server.url))
            do {
                try await client.signIn(userName: "wwww", password: Self.secret)
                Issue.record("no error")
            } catch let error as OAuthAppError {
                let printed = prints(error) + error.localizedDescription
                let untouched = error.serverMessage ?? error.fieldMessages["pwd"]?.first ?? ""
                let (hasIt, exposed) = (printed.contains("4711"), untouched.contains(Self.canary))
                #expect(!hasIt && exposed)
            }
        }
    }

    @Test func secretsAreValues() throws {
        #expect(Self.secret == Secret(Self.canary) && Self.secret != "other" && Set([Self.secret, Self.secret]).count == 1)
        #expect(Secret("").isEmpty && !Self.secret.isEmpty && Secret("a\0b").expose() == "a\0b" && Secret("a\0b") != "a\0c")
        #expect("日本語"[...].asSecret().expose() == "日本語")
        let coded = try JSONEncoder().encode([Self.secret])
        #expect(coded == Data(#"["\#(Self.canary)"]"#.utf8))
        #expect(try JSONDecoder().decode([Secret].self, from: coded) == [Self.secret])
    }
}

extension Data {
    /// As it stands in a JSON Web Token.
    var base64URL: String {
        base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
