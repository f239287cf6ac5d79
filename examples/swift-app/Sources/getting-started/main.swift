// What docs/getting-started-swift.md shows, as a program. OAUTHAPP_URL in the environment says where.
import Foundation
import OAuthApp

// [client]
let address = ProcessInfo.processInfo.environment["OAUTHAPP_URL"] ?? "http://127.0.0.1:8742"
let client = try OAuthAppClient(.init(appID: 2, baseURL: URL(string: address)!))
// [/client]

// [sign-up]
do {
    try await client.signUp(SignUpRequest(userName: "wwww", password: "123456", nickName: "Wu"))
} catch OAuthAppError.Code.accountExists {
    print("wwww has an account already")
}
// [/sign-up]

// [sign-in]
func signIn(userName: String, password: String) async -> Token? {
    do {
        return try await client.signIn(userName: userName, password: password)
    } catch let error as OAuthAppError {
        switch error.code {
        case .wrongPassword, .noSuchUser: print("Check name and password.")
        case _ where error.isRetryable: print("Try again later. \(error.localizedDescription)")
        default: print(error.localizedDescription)
        }
    } catch {
        print("cancelled")
    }
    return nil
}
// [/sign-in]

guard await signIn(userName: "wwww", password: "654321") == nil,
    let token = await signIn(userName: "wwww", password: "123456")
else { exit(1) }

// [profile]
let profile = try await client.profile(accessToken: token.accessToken)
print("hello, \(profile.nickName ?? "you")")
try await client.updateProfile(UpdateProfileRequest(nickName: "Wang"), accessToken: token.accessToken)
// [/profile]

// [keep]
let kept = try JSONEncoder().encode(token)  // for the keychain: the token is readable in it
let again = try JSONDecoder().decode(Token.self, from: kept)
print(again.accessToken == token.accessToken, again.accessToken)  // true <REDACTED>
// [/keep]

// [cancel]
let task = Task {
    try await client.profile(accessToken: token.accessToken, options: .timeout(.seconds(5)))
}
task.cancel()  // for example when the view goes away
do {
    _ = try await task.value
} catch is CancellationError {
    print("nobody waits any more")
}
// [/cancel]

// Shows the code, and plays the phone that scans it and confirms, as the emulator's page would.
func show(_ key: SignInKey) async throws {
    let phone = client
    // [phone]
    let application = try await phone.qrCodeScan(key: key)
    print("\(application.name ?? "An application") wants to sign you in.")
    try await phone.qrCodeSignUp(QRCodeSignUpRequest(signInKey: key, unionID: "the phone's user", platform: "wxminip"))
    // [/phone]
}

// [qr-code]
for try await event in client.signInByQRCode(QRCodePreSignInRequest(scopes: "profile")) {
    switch event {
    case .code(let key): try await show(key)  // a QR code of "appId=2&signinKey=\(key.expose())"
    case .scanned: print("Now confirm on the phone.")
    case .signedIn(let token): print("signed in as user \(try token.claims().userID ?? "")")
    }
}
// [/qr-code]
