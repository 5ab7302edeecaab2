import Bytes
import JSON
import Testing

@Suite("JSON from an adversary")
struct HostileInputTests {
    @Test(arguments: corpus)
    func `A document that is cut short anywhere is refused`(text: String) {
        let bytes = Array(text.utf8)
        #expect(skipRejection(of: bytes) == nil)
        #expect(pullRejection(of: bytes) == nil)
        // White space after the value is no part of it.
        let valueEnd = bytes.lastIndex { $0 != ASCII.space } ?? 0
        for count in 0...valueEnd {
            let cut = Array(bytes[..<count])
            #expect(
                skipRejection(of: cut) == JSONError(.endOfInput, offset: count),
                "\(count) bytes"
            )
            #expect(
                pullRejection(of: cut) == JSONError(.endOfInput, offset: count),
                "\(count) bytes"
            )
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `Damaged documents never trap and both ways of reading agree`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let interesting =
            Array(#""\{}[]:,-+.eEu0129tfn/ "#.utf8) + [0, 10, 31, 127, 128, 0xC2, 0xED, 0xF4, 255]
        var refusedCount = 0
        var disputed: [[UInt8]] = []
        for _ in 0..<10_000 {
            var bytes = Array(corpus[Int.random(in: 0..<corpus.count, using: &generator)].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] = interesting.randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: index)
                default: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            let skipped = skipRejection(of: bytes)
            if skipped != pullRejection(of: bytes) { disputed.append(bytes) }
            if skipped != nil { refusedCount += 1 }
        }
        #expect(disputed.isEmpty, "seed \(seed)")
        #expect((5_000..<10_000).contains(refusedCount), "seed \(seed): \(refusedCount) refused")
    }

    @Test func `A string is accepted just if it is UTF-8 as Swift understands it`() {
        // Sequences around the borders of table 3-7 of the Unicode Standard.
        let leads: [UInt8] = [
            0x41, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
        ]
        let others: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
        var generator = SeededGenerator(seed: 5)
        var acceptedCount = 0
        var disputed: [[UInt8]] = []
        for _ in 0..<50_000 {
            var text = [leads.randomElement(using: &generator) ?? 0]
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                text.append(others.randomElement(using: &generator) ?? 0)
            }
            let isAccepted = skipRejection(of: [0x22] + text + [0x22]) == nil
            if isAccepted { acceptedCount += 1 }
            if isAccepted != (String(validating: text, as: UTF8.self) != nil) {
                disputed.append(text)
            }
        }
        #expect(disputed.isEmpty)
        #expect(acceptedCount > 1_000)
    }

    @Test(arguments: 0..<40)
    func `A byte that ends plain text is found wherever it stands`(length: Int) {
        for byte: UInt8 in 0...255 {
            let text = [UInt8](repeating: 0x61, count: length) + [byte]
            let bytes = [0x22] + text + [UInt8](repeating: 0x62, count: 9) + [0x22]
            let expected: JSONError? =
                switch byte {
                case 0x22: JSONError(.trailingBytes, offset: length + 2)
                case 0x5C: nil
                case ..<0x20: JSONError(.controlCharacter, offset: length + 1)
                case 0x80...: JSONError(.invalidUTF8, offset: length + 1)
                default: nil
                }
            #expect(skipRejection(of: bytes) == expected, "byte \(byte) after \(length)")
        }
    }

    @Test func `A million digits and a million levels take no time and no stack`() throws {
        let digits = [UInt8](repeating: 0x37, count: 1_000_000)
        var reader = JSONReader(digits.span)
        let number = try reader.readNumber()
        #expect(reader.integer(of: number) == nil)
        #expect(reader.double(of: number) == nil)

        let zeros =
            Array("1".utf8) + [UInt8](repeating: 0x30, count: 999_999) + Array("e-999999".utf8)
        var zerosReader = JSONReader(zeros.span)
        let one = try zerosReader.readNumber()
        #expect(zerosReader.integer(of: one) == 1)

        let levels = [UInt8](repeating: ASCII.leftSquareBracket, count: 1_000_000)
        #expect(skipRejection(of: levels) == JSONError(.tooDeep(depthMax: 64), offset: 64))
    }
}
