/// Reads the distinguished encoding of ASN.1 (X.690 §10), as far as keys need it.
struct DERReader {
    enum Tag: UInt8 {
        case integer = 0x02
        case bitString = 0x03
        case octetString = 0x04
        case null = 0x05
        case objectIdentifier = 0x06
        case sequence = 0x30
        /// `[0]` and `[1]`, constructed.
        case context0 = 0xA0
        case context1 = 0xA1
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    func isNext(_ tag: Tag) -> Bool { rest.first == tag.rawValue }

    /// The content of the next value.
    ///
    /// - Throws: ``KeyError/damagedPEM`` if it is another one, or its length is not written as DER
    ///   demands.
    mutating func read(_ tag: Tag) throws(KeyError) -> ArraySlice<UInt8> {
        guard rest.popFirst() == tag.rawValue, let first = rest.popFirst() else {
            throw .damagedPEM
        }
        var count = Int(first)
        if first >= 0x80 {
            // Two bytes of length are more than any key here has.
            let lengthByteCount = Int(first & 0x7F)
            guard (1...2).contains(lengthByteCount), rest.count >= lengthByteCount else {
                throw .damagedPEM
            }
            count = rest.prefix(lengthByteCount).reduce(0) { $0 << 8 | Int($1) }
            rest.removeFirst(lengthByteCount)
            guard count >= (lengthByteCount == 1 ? 0x80 : 0x100) else { throw .damagedPEM }
        }
        guard rest.count >= count else { throw .damagedPEM }
        let content = rest.prefix(count)
        rest.removeFirst(count)
        return content
    }

    mutating func readSequence() throws(KeyError) -> DERReader {
        DERReader(try read(.sequence))
    }

    /// A number that is not negative, big-endian, without leading zeros; zero is empty.
    mutating func readInteger() throws(KeyError) -> [UInt8] {
        let content = try read(.integer)
        guard let first = content.first, first < 0x80 else { throw .damagedPEM }
        let second = content.dropFirst().first
        if first == 0, let second, second < 0x80 { throw .damagedPEM }
        return Array(content.drop { $0 == 0 })
    }

    /// A bit string of whole bytes.
    mutating func readBitString() throws(KeyError) -> ArraySlice<UInt8> {
        var content = try read(.bitString)
        guard content.popFirst() == 0 else { throw .damagedPEM }
        return content
    }

    func finish() throws(KeyError) {
        guard isAtEnd else { throw .damagedPEM }
    }
}
