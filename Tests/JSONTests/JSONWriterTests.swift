import Bytes
import JSON
import Testing

@Suite("JSON writer (RFC 8259)")
struct JSONWriterTests {
    @Test func `Members and elements are separated by commas and nothing else`() {
        let json = RawJSON { writer in
            writer.beginObject()
            writer.name("a")
            writer.integer(-1)
            writer.name("b")
            writer.beginArray()
            writer.beginObject()
            writer.endObject()
            writer.beginArray()
            writer.endArray()
            writer.null()
            writer.bool(true)
            writer.raw(ByteBuffer(#"{"x":1}"#).span)
            writer.endArray()
            writer.name("c")
            writer.string("z")
            writer.endObject()
        }
        #expect("\(json)" == #"{"a":-1,"b":[{},[],null,true,{"x":1}],"c":"z"}"#)
    }

    @Test func `What stands in the buffer stays before the value`() {
        var writer = JSONWriter(ByteBuffer("data: "))
        writer.bool(false)
        #expect(writer.finish() == ByteBuffer("data: false"))
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("say \"hi\"", #""say \"hi\"""#),
        ("a\\b/c", #""a\\b/c""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
        ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("\u{2028}é😀", "\"\u{2028}é😀\""),
        (
            "a longer text, then \n and \"more\" of it",
            #""a longer text, then \n and \"more\" of it""#
        ),
    ])
    func `Only what must be escaped is escaped`(text: String, json: String) {
        #expect("\(RawJSON { $0.string(text) })" == json)
        #expect("\(RawJSON { $0.string(escaping: ByteBuffer(text).span) })" == json)
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-2.0, "-2"), (0.5, "0.5"), (1e15, "1000000000000000"),
        (9_007_199_254_740_992, "9007199254740992"), (1e16, "1e+16"), (1.5e300, "1.5e+300"),
        (.leastNonzeroMagnitude, "5e-324"), (.infinity, "null"), (-.infinity, "null"),
        (.nan, "null"),
    ])
    func `A Double is written as short as it can be read back`(value: Double, json: String) throws {
        let written = RawJSON { $0.double(value) }
        #expect("\(written)" == json)
        #expect(try RawJSON(parsing: json) == written)
    }

    @Test func `Strings of all planes of Unicode come back as they went`() throws {
        var generator = SeededGenerator(seed: 23)
        let planes: [ClosedRange<UInt32>] = [
            0...0x1F, 0x20...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x10000...0x10FFFF,
        ]
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                let plane = planes[Int.random(in: 0..<planes.count, using: &generator)]
                let scalar = Unicode.Scalar(UInt32.random(in: plane, using: &generator))
                if let scalar { text.unicodeScalars.append(scalar) }
            }
            let json = RawJSON { $0.string(text) }
            var reader = JSONReader(json.span)
            let string = try reader.readString()
            try reader.finish()
            #expect(reader.equals(string, text) == true, "\(text.debugDescription)")
            let back = reader.text(of: string)
            #expect(back.unicodeScalars.elementsEqual(text.unicodeScalars))
        }
    }

    @Test func `Random Doubles come back bit for bit`() throws {
        var generator = SeededGenerator(seed: 29)
        for _ in 0..<2_000 {
            let value = Double(bitPattern: UInt64.random(in: 0...(.max), using: &generator))
            guard value.isFinite, value != 0 else { continue }
            let json = RawJSON { $0.double(value) }
            var reader = JSONReader(json.span)
            let number = try reader.readNumber()
            try reader.finish()
            #expect(reader.double(of: number)?.bitPattern == value.bitPattern, "\(json)")
        }
    }

    @Test func `A writer left with an open object traps`() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.beginObject()
            _ = writer.finish()
        }
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.null()
            writer.null()
        }
    }
}
