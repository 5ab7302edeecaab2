import Bytes
import Martlet
import ProtocolTestSupport
import Testing

@Suite("The text of an API key")
struct APIKeyTests {
    private var key: APIKey {
        var generator = SeededGenerator(seed: 1)
        return APIKey.random(using: &generator)
    }

    @Test func `A key is a prefix, an id, a secret and a checksum, and is read back`() throws {
        let text = key.text
        #expect(text.utf8.count == APIKey.characterCount)
        #expect(text.hasPrefix("martlet_\(key.id)_"))
        let form = /martlet_[a-z2-7]{12}_[A-Za-z0-9_-]{49}/
        #expect(text.wholeMatch(of: form) != nil)
        let read = try APIKey(text.utf8.span)
        #expect(read.id == key.id)
        #expect(read.text == text)
    }

    @Test func `The checksum is that of gzip, so that scanners can test it`() {
        // The check value of CRC-32/ISO-HDLC is that of the digits 1 to 9.
        #expect(APIKey.checksum(of: "123456789".utf8.span) == 0xCBF4_3926)
    }

    @Test func `No two keys are alike`() {
        var generator = SystemRandomNumberGenerator()
        let keys = (0..<100).map { _ in APIKey.random(using: &generator) }
        #expect(Set(keys.map(\.id)).count == 100)
        #expect(Set(keys.map(\.text)).count == 100)
    }

    @Test func `A key with one character changed, missing or added is no key`() {
        let text = Array(key.text.utf8)
        for index in text.indices {
            var changed = text
            changed[index] = text[index] == 0x61 ? 0x62 : 0x61
            expectFlaw(changed)
            var missing = text
            missing.remove(at: index)
            expectFlaw(missing)
            var added = text
            added.insert(UInt8(ascii: "a"), at: index)
            expectFlaw(added)
        }
        expectFlaw(text + [UInt8(ascii: " ")])
        expectFlaw([])
    }

    @Test func `A description shows the id and nothing of the secret`() {
        let secret = key.text.dropFirst(21)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains(secret.prefix(8)))
        }
        #expect("\(key)" == "API key \(key.id)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `Random bytes never trap`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = Array(key.text.utf8)
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
            guard bytes != Array(key.text.utf8) else { continue }
            expectFlaw(bytes)
        }
    }

    @Test func `An id is twelve characters of base32, each value with one spelling`() throws {
        for text in ["aaaaaaaaaaaa", "777777777777", "abcdefghijkl", "z2y3x4w5v6u7"] {
            #expect(try "\(#require(APIKeyID(text)))" == text)
        }
        let others = [
            "", "aaaaaaaaaaa", "aaaaaaaaaaaaa", "Aaaaaaaaaaaa", "1aaaaaaaaaaa", "aaaaaaaaaaa=",
        ]
        for text in others {
            #expect(APIKeyID(text) == nil, "\(text)")
        }
    }

    @Test func `A hash matches the key it was made of, and no other secret or salt`() {
        let salt = Array(repeating: UInt8(7), count: APIKeyHash.saltByteCount)
        let hash = APIKeyHash(of: key, salt: salt)
        #expect(hash.matches(key))
        var generator = SeededGenerator(seed: 2)
        #expect(!hash.matches(APIKey.random(using: &generator)))
        let other = APIKeyHash(of: key, salt: Array(repeating: 8, count: APIKeyHash.saltByteCount))
        #expect(other.digest != hash.digest)
    }

    private func expectFlaw(_ bytes: [UInt8]) {
        #expect(throws: APIKey.Flaw.malformed) { try APIKey(bytes.span) }
    }
}
