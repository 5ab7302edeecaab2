import HTTP1
import Testing

@Suite("Mutated requests")
struct RequestFuzzTests {
    private static let seedRequests = SplittingTests.wires.map { Array($0.utf8) }

    /// What mutations insert: the bytes and words that parsers disagree about.
    private static let fragments: [[UInt8]] = [
        "\r\n", "\r", "\n", "\u{0}", " ", "\t", ":", ",", ";", "0", "f", "\r\n\r\n", "Host: x\r\n",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "http://", "[", "]", "?", "#",
        "HTTP/1.1", "\u{7f}", "\u{ff}", "Expect: 100-continue\r\n", "Connection: close\r\n",
    ].map { Array($0.utf8) }

    @Test func `A mutated request never traps, and any split of it is judged alike`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        let limits = HTTPLimits(
            requestLineByteCountMax: 60,
            fieldSectionByteCountMax: 120,
            fieldCountMax: 8
        )
        var headCount = 0
        var refusalCount = 0
        for round in 0..<4_000 {
            let bytes = mutated(&random)
            let whole = transcript(of: [bytes], limits: limits)
            for step in whole {
                switch step {
                case .head: headCount += 1
                case .refusal: refusalCount += 1
                case .body, .end: break
                }
            }
            let pieces = split(bytes, &random)
            #expect(
                transcript(of: pieces, limits: limits) == whole,
                "seed \(seed), round \(round), \(pieces)"
            )
        }
        // Otherwise the mutations tell nothing about one of the two.
        #expect(headCount > 100, "seed \(seed)")
        #expect(refusalCount > 100, "seed \(seed)")
    }

    @Test func `Random bytes never trap`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        for round in 0..<2_000 {
            let count = Int.random(in: 0...64, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let pieces = split(bytes, &random)
            #expect(
                transcript(of: pieces) == transcript(of: [bytes]),
                "seed \(seed), round \(round), \(bytes)"
            )
        }
    }

    private func mutated(_ random: inout SplitMix) -> [UInt8] {
        var bytes = Self.seedRequests.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where place < bytes.count:
                bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1 where place < bytes.count:
                bytes.remove(at: place)
            case 2:
                bytes.removeSubrange(place..<min(place + 9, bytes.count))
            case 3:
                bytes.insert(contentsOf: bytes[place..<min(place + 30, bytes.count)], at: place)
            default:
                let fragment = Self.fragments.randomElement(using: &random) ?? []
                bytes.insert(contentsOf: fragment, at: place)
            }
        }
        return bytes
    }

    private func split(_ bytes: [UInt8], _ random: inout SplitMix) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...max(1, rest.count), using: &random)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}

/// A generator that a seed determines (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
