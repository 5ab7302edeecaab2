internal import Synchronization
public import TLS

/// The identity that connections get which begin now.
public final class TLSIdentitySlot: Sendable {
    private let identity: Mutex<TLSIdentity>

    public init(_ identity: TLSIdentity) {
        self.identity = Mutex(identity)
    }

    public var current: TLSIdentity { identity.withLock { $0 } }

    /// Gives another identity to connections from now on; those that are open keep theirs.
    public func replace(with next: TLSIdentity) {
        identity.withLock { $0 = next }
    }
}
