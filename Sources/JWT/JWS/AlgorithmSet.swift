/// Some of the signature algorithms: asked on every request, so a word and not an array.
struct AlgorithmSet: Hashable {
    private var bits: UInt16 = 0

    init(_ algorithms: [SignatureAlgorithm]) {
        for algorithm in algorithms { bits |= Self.bit(of: algorithm) }
    }

    func contains(_ algorithm: SignatureAlgorithm) -> Bool {
        bits & Self.bit(of: algorithm) != 0
    }

    private static func bit(of algorithm: SignatureAlgorithm) -> UInt16 {
        switch algorithm {
        case .hs256: 1 << 0
        case .hs384: 1 << 1
        case .hs512: 1 << 2
        case .rs256: 1 << 3
        case .rs384: 1 << 4
        case .rs512: 1 << 5
        case .ps256: 1 << 6
        case .ps384: 1 << 7
        case .ps512: 1 << 8
        case .es256: 1 << 9
        case .es384: 1 << 10
        case .es512: 1 << 11
        case .edDSA: 1 << 12
        }
    }
}
