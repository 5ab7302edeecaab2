/// The deletion of what is completed, and what has to be true for it to happen.
public struct TodoClearing: Hashable, Sendable {
    /// To-dos that are deleted together at most: the oldest ones; the next clearing takes others.
    ///
    /// A transaction of this size keeps other writes waiting for some hundredths of a second.
    public static let countMax = 10_000

    /// Who has agreed to what.
    public enum Consent: Hashable, Sendable {
        /// Nobody was asked: a single to-do is deleted, more are not.
        case none
        /// Somebody knows that there are so many.
        case count(Int)
        /// Somebody agreed to the deletion of these and no others.
        case exactly(CompletedTodos)
    }

    public let consent: Consent

    /// The number that the caller gave along, whether or not it is what decides.
    public let statedCount: Int?

    public init(_ consent: Consent, statedCount: Int? = nil) {
        self.consent = consent
        self.statedCount = statedCount
    }

    /// Whether these may be deleted, which the write itself has found.
    public func admits(_ found: CompletedTodos) -> Bool {
        switch consent {
        case .none: found.count <= 1
        case .count(let count): found.count == count
        case .exactly(let agreed): found == agreed
        }
    }
}

/// The completed to-dos of a workspace at one time, as far as one clearing goes.
public struct CompletedTodos: Hashable, Sendable {
    /// ``TodoClearing/countMax`` at most.
    public let count: Int

    /// Whether there were more of them than that.
    public let hasMore: Bool

    /// Stands for their ids, so that the same number of others is noticed.
    public let fingerprint: UInt64

    /// As they were found before.
    public init(count: Int, hasMore: Bool, fingerprint: UInt64) {
        self.count = count
        self.hasMore = hasMore
        self.fingerprint = fingerprint
    }

    /// - Parameter ids: In ascending order; one more than ``TodoClearing/countMax`` tells that there
    ///   are more.
    public init(ids: some Collection<Int64>) {
        let counted = ids.prefix(TodoClearing.countMax)
        count = counted.count
        hasMore = ids.count > TodoClearing.countMax
        fingerprint = counted.reduce(Self.fingerprintOffset) { hash, id in
            (hash ^ UInt64(bitPattern: id)) &* Self.fingerprintPrime
        }
    }

    // FNV-1a over whole ids instead of bytes (Fowler, Noll, Vo,
    // <http://www.isthe.com/chongo/tech/comp/fnv/>). It tells chance changes apart; whoever could
    // make up a collision may delete the to-dos anyway.
    private static let fingerprintOffset: UInt64 = 14_695_981_039_346_656_037
    private static let fingerprintPrime: UInt64 = 1_099_511_628_211
}
