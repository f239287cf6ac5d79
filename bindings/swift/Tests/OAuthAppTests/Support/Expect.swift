import OAuthApp
import Testing

/// Expects an error of this code, and gives it for a closer look.
@discardableResult
func expect<Value>(
    _ code: OAuthAppError.Code, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async -> OAuthAppError? {
    do {
        _ = try await body()
        Issue.record("no error; \(code) was expected. \(comment ?? "")", sourceLocation: sourceLocation)
    } catch let error as OAuthAppError {
        #expect(error.code == code, comment, sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("\(type(of: error)); \(code) was expected. \(comment ?? "")", sourceLocation: sourceLocation)
    }
    return nil
}
