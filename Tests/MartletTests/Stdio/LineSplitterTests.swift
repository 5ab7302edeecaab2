import Bytes
import Martlet
import Testing

@Suite("Lines of standard input")
struct LineSplitterTests {
    private static let text = "one\n\n \t\r\ntwo\r\na line that is too long\nthree\nfour"

    private static let pieces: [LineSplitter.Piece] = [
        .line(ByteBuffer("one")), .line(ByteBuffer("two\r")), .tooLong,
        .line(ByteBuffer("three")), .line(ByteBuffer("four")),
    ]

    private func split(_ parts: [ArraySlice<UInt8>]) -> [LineSplitter.Piece] {
        var splitter = LineSplitter(byteCountMax: 5)
        var pieces: [LineSplitter.Piece] = []
        for part in parts {
            let bytes = Array(part)
            var position = 0
            while let piece = splitter.next(bytes.span, at: &position) { pieces.append(piece) }
            #expect(position == bytes.count)
        }
        if let piece = splitter.finish() { pieces.append(piece) }
        return pieces
    }

    @Test func `Lines are the same wherever the input is split`() {
        let bytes = Array(Self.text.utf8)
        for place in 0...bytes.count {
            #expect(split([bytes[..<place], bytes[place...]]) == Self.pieces, "at \(place)")
        }
        #expect(split(bytes.indices.map { bytes[$0...$0] }) == Self.pieces)
    }

    @Test func `A line may be as long as the limit and no longer`() {
        #expect(split([Array("12345\n".utf8)[...]]) == [.line(ByteBuffer("12345"))])
        #expect(split([Array("123456\n".utf8)[...]]) == [.tooLong])
        #expect(split([Array("123456".utf8)[...]]) == [.tooLong])
    }

    @Test func `Input without a line is nothing`() {
        #expect(split([]) == [])
        #expect(split([Array("\n \n".utf8)[...]]) == [])
    }
}
