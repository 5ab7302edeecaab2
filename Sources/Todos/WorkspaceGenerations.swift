internal import Synchronization

/// Counts the writes of every workspace, without a lock and in fixed memory.
///
/// Workspaces that share a counter see each other's writes, which makes what they know look older
/// than it is and never newer.
public final class WorkspaceGenerations: Sendable {
    private static let counterCount = 4_096

    private let counters: InlineArray<4_096, Atomic<UInt64>>

    public init() {
        counters = InlineArray { _ in Atomic(0) }
    }

    /// To be asked for before what it shall vouch for is read.
    public func current(ofWorkspace workspace: String) -> UInt64 {
        counters[Self.index(of: workspace)].load(ordering: .acquiring)
    }

    /// To be called after a write and before its acknowledgement; once too often does no harm.
    public func advance(ofWorkspace workspace: String) {
        counters[Self.index(of: workspace)].wrappingAdd(1, ordering: .releasing)
    }

    private static func index(of workspace: String) -> Int {
        Int(UInt(bitPattern: workspace.hashValue) % UInt(counterCount))
    }
}
