import Foundation
import OAuthApp
import Testing

@Suite struct JSONTextTests {
    @Test func values() throws {
        let json = try JSONText(#"{"s":"é\n","i":-5,"d":1.5e3,"b":true,"n":null,"a":[1,{"x":"y"}],"~/":"escaped"}"#)
        #expect(try json.string(at: "/s") == "é\n" && json.secret(at: "/s") == "é\n" && json.integer(at: "/i") == -5)
        #expect(try json.double(at: "/d") == 1500 && json.bool(at: "/b") && json.string(at: "/a/1/x") == "y")
        #expect(try json.value(at: "/a/1").text == #"{"x":"y"}"# && json.string(at: "/~0~1") == "escaped")
        #expect(try json.value(at: "/n").text == "null")
        let types: [(String, JSONText.Kind)] = [
            ("", .object), ("/s", .string), ("/i", .number), ("/b", .boolean), ("/n", .null), ("/a", .array),
        ]
        for (pointer, type) in types { #expect(try json.type(at: pointer) == type) }
        struct Point: Decodable, Equatable { let x: String }
        #expect(try json.decode(Point.self, at: "/a/1") == Point(x: "y"))
        #expect(throws: DecodingError.self) { try json.decode(Point.self) }
    }

    @Test func errors() async throws {
        let json = try JSONText(#"{"s":"x","n":null,"big":9223372036854775808,"nul":"\u0000"}"#)
        await expect(.jsonNotFound) { try json.string(at: "/none") }
        await expect(.jsonNull) { try json.string(at: "/n") }
        await expect(.jsonType) { try json.integer(at: "/s") }
        await expect(.jsonType) { try json.bool(at: "/s") }
        await expect(.jsonType) { try json.double(at: "/s") }
        await expect(.jsonRange) { try json.integer(at: "/big") }
        await expect(.jsonRange) { try json.string(at: "/nul") }
        await expect(.jsonPointerSyntax) { try json.string(at: "s") }
        await expect(.invalidArgument) { try json.string(at: "/a\0b") }
        await expect(.jsonSyntax) { try JSONText("{") }
        await expect(.jsonSyntax) { try JSONText("") }
        await expect(.invalidArgument) { try JSONText("1\0") }
    }
}
