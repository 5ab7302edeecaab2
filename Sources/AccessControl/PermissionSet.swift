/// Permissions as bits, so that a decision costs a few instructions and no allocation.
///
/// A bit is the index that one ``AccessPolicy`` gave a permission. Sets from two policies have
/// nothing to say to each other.
public struct PermissionSet: Hashable, Sendable {
    /// How many permissions a policy can tell apart.
    public static let countMax = 256

    private var words: SIMD4<UInt64>

    public init() {
        words = .zero
    }

    /// The first `count` permissions of a policy.
    init(first count: Int) {
        self.init()
        for index in 0..<count { insert(index) }
    }

    public var isEmpty: Bool { words == .zero }

    public var count: Int { words.nonzeroBitCountSum }

    public func contains(_ index: Int) -> Bool {
        guard (0..<Self.countMax).contains(index) else { return false }
        return words[index >> 6] & 1 << UInt64(index & 63) != 0
    }

    /// Adds one permission.
    ///
    /// - Precondition: `index` is below ``countMax``.
    public mutating func insert(_ index: Int) {
        precondition((0..<Self.countMax).contains(index), "no permission has the index \(index)")
        words[index >> 6] |= 1 << UInt64(index & 63)
    }

    public mutating func formUnion(_ other: PermissionSet) {
        words |= other.words
    }

    public func union(_ other: PermissionSet) -> PermissionSet {
        PermissionSet(words: words | other.words)
    }

    public func intersection(_ other: PermissionSet) -> PermissionSet {
        PermissionSet(words: words & other.words)
    }

    public func subtracting(_ other: PermissionSet) -> PermissionSet {
        PermissionSet(words: words & ~other.words)
    }

    public func isSubset(of other: PermissionSet) -> Bool {
        words & ~other.words == .zero
    }

    private init(words: SIMD4<UInt64>) {
        self.words = words
    }
}

extension SIMD4<UInt64> {
    fileprivate var nonzeroBitCountSum: Int {
        x.nonzeroBitCount + y.nonzeroBitCount + z.nonzeroBitCount + w.nonzeroBitCount
    }
}
