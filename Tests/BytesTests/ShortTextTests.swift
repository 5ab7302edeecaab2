import Bytes
import Testing

@Suite("Text in two registers")
struct ShortTextTests {
    private static let text = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    @Test func `Text up to sixteen bytes is what it is, whatever stands around it`() {
        for count in 0...ShortText.byteCountMax {
            for start in 0...(Self.text.count - count) {
                let range = start..<(start + count)
                let short = ShortText(in: Self.text.span, at: range)
                #expect(short == ShortText(String(decoding: Self.text[range], as: UTF8.self)))
            }
        }
    }

    @Test func `Longer text is none`() {
        for start in 0..<16 {
            #expect(ShortText(in: Self.text.span, at: start..<(start + 17)) == nil)
        }
    }

    @Test func `A difference at any place, a prefix and a zero byte are told apart`() {
        let whole = Array(Self.text.prefix(16))
        for count in 1...16 {
            let part = Array(whole.prefix(count))
            let short = ShortText(in: part.span, at: part.indices)
            for place in part.indices {
                var changed = part
                changed[place] ^= 0x20
                #expect(ShortText(in: changed.span, at: changed.indices) != short)
            }
            let shorter = part.dropLast()
            #expect(ShortText(in: Array(shorter).span, at: 0..<shorter.count) != short)
            let ended = Array(shorter) + [0]
            #expect(
                ShortText(in: ended.span, at: ended.indices)
                    != ShortText(in: ended.span, at: 0..<shorter.count)
            )
        }
    }
}
