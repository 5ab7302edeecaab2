internal import Synchronization

/// How many wait for something of a loop, as other threads may look at it.
public final class WaitingGauge: Sendable {
    private let value = Atomic<Int>(0)

    public init() {}

    public var count: Int { value.load(ordering: .relaxed) }

    public func set(_ count: Int) {
        value.store(count, ordering: .relaxed)
    }
}
