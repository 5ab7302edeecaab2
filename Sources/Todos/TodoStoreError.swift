/// What a caller can do about a store that failed.
public enum TodoStoreError: Error, Hashable, Sendable {
    /// The store was busy, full or unreachable. Nothing was changed; the same call may succeed
    /// later.
    case unavailable(reason: String)
    /// The store refused the data: a bug here or damage there. Retrying cannot help.
    case failed(reason: String)
    /// The store did not say whether it has carried the write out, and cannot be asked.
    case unconfirmed(reason: String)
    /// The idempotency key belongs to an earlier write with other arguments. Nothing was changed.
    case idempotencyKeyReused
}

extension TodoStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let reason): "to-dos are unavailable: \(reason)"
        case .failed(let reason): "to-dos cannot be read or written: \(reason)"
        case .unconfirmed(let reason): "nobody knows whether a write was carried out: \(reason)"
        case .idempotencyKeyReused: "idempotency key was used for a write with other arguments"
        }
    }

    /// What the client is told: what to do next, and nothing of the cause.
    public var clientMessage: String {
        switch self {
        case .unavailable:
            """
            The to-do list is unavailable at the moment and nothing was changed; \
            try again in a few seconds.
            """
        case .failed:
            """
            The to-do list failed for a reason that lies with the server and nothing was \
            changed; trying again will not help.
            """
        case .unconfirmed:
            """
            The connection to the database broke while the change was being saved, so that it may \
            or may not have been made. Look at the list before trying again, or try again with the \
            same idempotency_key if the call had one.
            """
        case .idempotencyKeyReused:
            """
            This idempotency key was used within the last 24 hours for a call with other \
            arguments; send a new key for a new call, or the same arguments for a retry.
            """
        }
    }
}
