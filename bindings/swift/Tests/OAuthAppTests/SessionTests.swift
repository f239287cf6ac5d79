import Foundation
import OAuthApp
import Testing

@Suite struct SessionTests {
    @Test func aClientKeepsItsSessionWhenTold() async throws {
        let client = try Emulator.http.client { $0.keepSession = true }
        #expect(!client.isSignedIn)
        await expect(.notSignedIn) { try await client.profile() }
        let (name, _) = try await client.someone()
        #expect(client.isSignedIn)
        #expect(try await client.profile().userName == name)
        #expect(try await client.updateProfile(UpdateProfileRequest(nickName: "W")))
        client.signOut()
        #expect(!client.isSignedIn)
        await expect(.notSignedIn) { try await client.profile() }
        // It goes on.
        try await client.signIn(userName: name, password: "123456")
        #expect(try await client.profile().nickName == "W")
        client.signOut()
        client.signOut()
    }

    @Test func otherwiseItKeepsNone() async throws {
        let client = try Emulator.http.client()
        _ = try await client.someone()
        #expect(!client.isSignedIn)
        await expect(.notSignedIn) { try await client.profile() }
        client.signOut()
    }

    /// A sign-up whose answer is lost is settled, unless the client is told not to.
    @Test func signUpsAreSettled() async throws {
        let token = success(#"{"access_token":"a.b.c"}"#)
        for settle in [true, false] {
            let server = Server(["", token])
            var configuration = OAuthAppClient.Configuration(appID: 2, baseURL: server.url)
            configuration.settleSignUps = settle
            let client = try OAuthAppClient(configuration)
            let request = SignUpRequest(userName: "wwww", password: "123456")
            if settle {
                #expect(try await client.signUp(request).accessToken == "a.b.c")
            } else {
                let error = await expect(.connectionLost) { try await client.signUp(request) }
                #expect(error?.isRetryable == false)
            }
        }
    }
}
