import Bytes
import Testing

@Suite("Searching text by words")
struct ControlSearchTests {
    @Test func `The first control byte is found at every place and every length`() {
        for count in 0...40 {
            var bytes = Array(repeating: UInt8(0x80), count: count)
            for start in 0...count { #expect(bytes.span.firstIndexOfControl(from: start) == nil) }
            for place in 0..<count {
                for byte in [0x00, 0x09, 0x0A, 0x1F, 0x7F] as [UInt8] {
                    bytes[place] = byte
                    // A second one behind it must not distract.
                    if place + 2 < count { bytes[place + 2] = 0x0D }
                    #expect(bytes.span.firstIndexOfControl(from: 0) == place)
                    #expect(bytes.span.firstIndexOfControl(from: place) == place)
                    bytes = Array(repeating: 0x20, count: count)
                }
            }
        }
    }

    @Test func `Every byte value is judged as one by one, in every lane`() {
        for byte in UInt8.min...UInt8.max {
            for lane in 0..<24 {
                var bytes = Array(repeating: UInt8(0x41), count: 24)
                bytes[lane] = byte
                let expected = ASCII.isControl(byte) ? lane : nil
                #expect(bytes.span.firstIndexOfControl(from: 0) == expected)
            }
        }
    }

    @Test func `A word finds the first of a byte and cuts off what is behind it`() {
        let bytes = Array("Host: a:b:c".utf8)
        let word = bytes.span.word(at: 0)
        #expect(word.firstIndex(of: ASCII.colon) == 4)
        #expect(word.prefix(4) == Word("Host"))
        #expect(word.withCaseFolded.prefix(4) == Word("host"))
        #expect(word.prefix(0) == Word(""))
        #expect(bytes.span.word(at: 3).firstIndex(of: UInt8(ascii: "z")) == 8)
        #expect(bytes.span.wordAtEnd(8) == Word("b:c").prefix(3))
        #expect(bytes.span.wordAtEnd(11) == Word(bits: 0))
    }
}
