/// Conditions as bits, so that a rule is decided in a few instructions.
///
/// A bit is the index that one ``AccessPolicy`` gave a condition, those on claims and those on
/// arguments being counted apart. Sets from two policies have nothing to say to each other.
public struct ConditionSet: Hashable, Sendable {
    /// How many conditions of one kind a policy can tell apart.
    public static let countMax = 256

    private var words: SIMD4<UInt64>

    public init() {
        words = .zero
    }

    public var isEmpty: Bool { words == .zero }

    public func contains(_ index: Int) -> Bool {
        guard (0..<Self.countMax).contains(index) else { return false }
        return words[index >> 6] & 1 << UInt64(index & 63) != 0
    }

    /// Adds one condition.
    ///
    /// - Precondition: `index` is below ``countMax``.
    public mutating func insert(_ index: Int) {
        precondition((0..<Self.countMax).contains(index), "no condition has the index \(index)")
        words[index >> 6] |= 1 << UInt64(index & 63)
    }

    public func union(_ other: ConditionSet) -> ConditionSet {
        ConditionSet(words: words | other.words)
    }

    public func isSubset(of other: ConditionSet) -> Bool {
        words & ~other.words == .zero
    }

    private init(words: SIMD4<UInt64>) {
        self.words = words
    }
}
