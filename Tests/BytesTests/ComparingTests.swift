import Bytes
import Testing

@Suite("Comparing bytes")
struct ComparingTests {
    private static let text = "The quick brown fox jumps over the lazy dog"

    @Test func `Equal bytes of any length are equal`() {
        for count in 0...Self.text.utf8.count {
            let part = String(Self.text.prefix(count))
            let areEqual = ByteBuffer(part).span.equals(part)
            #expect(areEqual, "\(count) bytes")
        }
    }

    @Test func `A difference at any place is found`() {
        let original = ByteBuffer(Self.text)
        for index in 0..<original.count {
            var changed = original
            changed.bytes[index] ^= 1
            let areEqual = changed.span.equals(original.span)
            #expect(!areEqual, "byte \(index)")
        }
    }

    @Test func `A prefix is not the whole`() {
        for count in 0..<Self.text.utf8.count {
            let isWhole = ByteBuffer(Self.text).span.equals(String(Self.text.prefix(count)))
            #expect(!isWhole, "\(count) bytes")
        }
    }

    @Test func `A byte is found at its first place, from wherever the search begins`() {
        let count = 50
        for place in 0..<count {
            var bytes = Array(repeating: UInt8(ascii: "a"), count: count)
            bytes[place] = ASCII.fullStop
            bytes[count - 1] = ASCII.fullStop
            for start in 0...count {
                let expected = start <= place ? place : start < count ? count - 1 : nil
                let found = bytes.span.firstIndex(of: ASCII.fullStop, from: start)
                #expect(found == expected, "\(place) from \(start)")
            }
            #expect(bytes.span.firstIndex(of: 0) == nil)
        }
    }

    @Test func `Only the case of ASCII letters is ignored`() {
        let isSame = ByteBuffer("X-Forwarded-FOR").span.equalsIgnoringCase("x-forwarded-for")
        #expect(isSame)
        // U+212A KELVIN SIGN folds to k in Unicode, and must not here.
        let isKelvinK = ByteBuffer("\u{212A}").span.equalsIgnoringCase("k")
        #expect(!isKelvinK)
        let isBracketBrace = ByteBuffer("[").span.equalsIgnoringCase("{")
        #expect(!isBracketBrace)
    }
}
