import Testing
import Todos

@Suite("Idempotency key")
struct IdempotencyKeyTests {
    @Test func `Every visible ASCII character is accepted`() throws {
        let text = String(decoding: 0x21...0x7E, as: UTF8.self)
        #expect(try IdempotencyKey(text).text == text)
    }

    @Test(arguments: [" ", "a b", "\u{7F}", "\n", "ä", "a\u{0}"])
    func `A character that is not visible ASCII is refused`(text: String) {
        #expect(throws: IdempotencyKeyError.invisibleCharacter) { try IdempotencyKey(text) }
    }

    @Test func `A key has 1 to 128 characters`() throws {
        let longest = String(repeating: "k", count: 128)
        #expect(try IdempotencyKey("k").text == "k")
        #expect(try IdempotencyKey(longest).text == longest)
        #expect(throws: IdempotencyKeyError.wrongLength(byteCount: 0)) { try IdempotencyKey("") }
        #expect(throws: IdempotencyKeyError.wrongLength(byteCount: 129)) {
            try IdempotencyKey(longest + "k")
        }
    }
}
