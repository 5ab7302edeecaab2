import Glibc

/// Random numbers that come again with the same seed (SplitMix64, Steele, Lea and Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A number of the exponential distribution with the mean 1.
    mutating func nextExponential() -> Double {
        // Above zero, so that the logarithm is a number.
        let uniform = (Double(next() >> 11) + 1) / 0x1p53
        return -log(uniform)
    }
}
