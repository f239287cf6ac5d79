// Signs up, signs in, reads the profile, changes it, reads it again, and shows a wrong password as a person should see it.
//
// OAUTHAPP_URL, OAUTHAPP_APP_ID, OAUTHAPP_USER and OAUTHAPP_PASSWORD in the environment say where and as whom; without them it
// is user "quickstart" of application 2 on the emulator at http://127.0.0.1:8742.
import Foundation
import OAuthApp

func setting(_ name: String, otherwise: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? otherwise
}

func showProfile(_ client: OAuthAppClient, _ token: Token) async throws {
    let profile = try await client.profile(accessToken: token.accessToken)
    print("user \(profile.id ?? 0) is called \(profile.nickName ?? "(no name)")")
}

func run() async throws {
    let user = setting("OAUTHAPP_USER", otherwise: "quickstart")
    let password = Secret(setting("OAUTHAPP_PASSWORD", otherwise: "a password nobody else has"))

    let client = try OAuthAppClient(
        .init(
            appID: Int64(setting("OAUTHAPP_APP_ID", otherwise: "2")) ?? 0,
            baseURL: URL(string: setting("OAUTHAPP_URL", otherwise: "http://127.0.0.1:8742"))!))

    do {
        try await client.signUp(
            SignUpRequest(userName: user, password: password, nickName: "Quick", platform: "web"))
        print("signed up")
    } catch OAuthAppError.Code.accountExists {
        // On a server that is kept, the second run finds the account of the first.
    }

    let token = try await client.signIn(userName: user, password: password)
    print("signed in, token \(token.accessToken)")  // token <REDACTED>
    try await showProfile(client, token)

    try await client.updateProfile(UpdateProfileRequest(nickName: "Quicker"), accessToken: token.accessToken)
    try await showProfile(client, token)

    do {
        try await client.signIn(userName: user, password: "not the password", options: .timeout(.seconds(10)))
    } catch let error as OAuthAppError where error.code == .wrongPassword {
        print(error.localizedDescription)
    }
    print("All of it worked.")
}

do {
    try await run()
} catch {
    FileHandle.standardError.write(Data("\(error.localizedDescription)\n".utf8))
    exit(1)
}
