import Bytes
import JSON
import Testing

@Suite("JSON strings (RFC 8259 §7–8)")
struct JSONStringTests {
    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""\u0061\u0062c""#, "abc"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""é€😀""#, "é€😀"),
        (#""\u00e9\u20ac\ud83d\ude00""#, "é€😀"), (#""\u0000x""#, "\u{0}x"),
        (#""\uDBFF\uDFFF\uFFFF\u07FF\u0800""#, "\u{10FFFF}\u{FFFF}\u{7FF}\u{800}"),
        (#""a longer text without any escape""#, "a longer text without any escape"),
        (#""a longer text with one\u0020escape""#, "a longer text with one escape"),
    ])
    func `A string stands for the text that its escapes spell`(json: String, text: String) throws {
        let buffer = ByteBuffer(json)
        var reader = JSONReader(buffer.span)
        let string = try reader.readString()
        var decoded = ByteBuffer()
        reader.decode(string, into: &decoded)

        let back = reader.text(of: string)
        #expect(back.unicodeScalars.elementsEqual(text.unicodeScalars))
        #expect(reader.equals(string, text) == true)
        #expect(reader.equals(string, ByteBuffer(text).span) == true)
        #expect(reader.scalarCount(of: string) == text.unicodeScalars.count)
        #expect(decoded == ByteBuffer(text))
        #expect(string.hasEscapes == json.contains("\\"))
    }

    @Test(arguments: [#""abcdefgh""#, #""abcd\u0065fgh""#])
    func `A string equals its own text and no other`(json: String) throws {
        let buffer = ByteBuffer(json)
        var reader = JSONReader(buffer.span)
        let string = try reader.readString()
        #expect(reader.equals(string, "abcdefgh") == true)
        for other in ["", "a", "abcdefg", "abcdefghi", "abcdefgH", "Abcdefgh", "abcdéfgh"] {
            #expect(reader.equals(string, other) == false, "\(other)")
            #expect(reader.equals(string, ByteBuffer(other).span) == false, "\(other)")
        }
    }

    @Test func `Two spellings of a letter in Unicode are two texts`() throws {
        let buffer = ByteBuffer(#"["\u00e9","e\u0301","é"]"#)
        var reader = JSONReader(buffer.span)
        var strings: [JSONString] = []
        try reader.beginArray()
        while try reader.nextElement() { strings.append(try reader.readString()) }
        #expect(reader.equals(strings[0], strings[1]) == false)
        #expect(reader.equals(strings[1], "\u{E9}") == false)
        #expect(reader.equals(strings[0], strings[2]) == true)
    }

    @Test func `Every byte of the decoded text is shown to a predicate`() throws {
        let buffer = ByteBuffer(#""a\nb""#)
        var reader = JSONReader(buffer.span)
        let string = try reader.readString()
        #expect(reader.allBytes(of: string, satisfy: { $0 < 0x80 }) == true)
        #expect(reader.allBytes(of: string, satisfy: { $0 != ASCII.lineFeed }) == false)
    }
}
