public import Telemetry

/// Where decisions are recorded, and what holds when they cannot be.
public struct AuditConfiguration: Sendable {
    /// The file, which is appended to, and made if there is none.
    public var path: String

    /// What it is signed with.
    public var key: AuditKey

    /// What is done with a decision that cannot be kept: the disk is full, or too slow for long.
    public var loss = AuditLog.Loss.isRecorded

    /// Decisions that may wait for the disk.
    public var waitingCountMax = 16_384

    public init(path: String, key: AuditKey) {
        self.path = path
        self.key = key
    }
}
