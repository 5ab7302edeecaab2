package import Bytes

/// What is still to be written of an audit log, and what it is followed by.
///
/// A value without clock, thread or file. Lines are made once and then written to their last byte,
/// however many attempts that takes: a disk that is full in the middle of a line leaves no second
/// half missing. While lines wait, no others are made, so that what waits is bounded by the queue in
/// front.
package struct AuditWriter {
    /// Ticks (seconds) from one signed checkpoint to the next.
    package static let checkpointTickCount = 60

    private let key: AuditKey
    private let processID: Int
    private var chain: AuditChain?
    private var previousHash: [UInt8]?
    private var ticksSinceCheckpoint = 0

    /// Lines made since the disk last said that it has all of them.
    private var unsynchronizedLineCount = 0

    /// Lines that the disk has not taken yet.
    package private(set) var pending = ByteBuffer()

    package init(signedWith key: AuditKey, processID: Int) {
        self.key = key
        self.processID = processID
    }

    /// Begins a chain in a file.
    ///
    /// - Parameters:
    ///   - end: How the file ends; what it is cut in the middle of gets its line feed.
    ///   - id: Tells the chain from others.
    ///   - milliseconds: When, since 1970.
    package mutating func begin(
        after end: AuditFileEnd,
        id: String,
        atMilliseconds milliseconds: Int64
    ) {
        begin(after: end, id: id, loss: nil, atMilliseconds: milliseconds)
    }

    /// Begins a chain in another file, as the one before did not keep what was written to it.
    ///
    /// - Parameters:
    ///   - end: How the other file ends.
    ///   - id: Tells the chain from others.
    ///   - reason: What the system said of the old file.
    ///   - milliseconds: When, since 1970.
    /// - Precondition: No line waits: it would belong to the chain before.
    package mutating func beginAnew(
        after end: AuditFileEnd,
        id: String,
        reason: String,
        atMilliseconds milliseconds: Int64
    ) {
        precondition(pending.isEmpty, "lines wait of a chain that is given up")
        previousHash = chain?.hash ?? previousHash
        let loss = AuditChain.Loss(lineCount: unsynchronizedLineCount, reason: reason)
        begin(after: end, id: id, loss: loss, atMilliseconds: milliseconds)
    }

    private mutating func begin(
        after end: AuditFileEnd,
        id: String,
        loss: AuditChain.Loss?,
        atMilliseconds milliseconds: Int64
    ) {
        var last: [UInt8]?
        if case .line(let hash, let isCut) = end {
            last = hash
            if isCut { pending.append(ASCII.lineFeed) }
        }
        chain = AuditChain(
            signedWith: key,
            id: id,
            processID: processID,
            continuing: last ?? previousHash,
            after: loss,
            atMilliseconds: milliseconds,
            into: &pending
        )
        ticksSinceCheckpoint = 0
        unsynchronizedLineCount = 1
    }

    package mutating func append(_ record: AuditRecord) {
        chain?.append(record, to: &pending)
        unsynchronizedLineCount &+= 1
    }

    package mutating func appendDropped(_ count: Int, atMilliseconds milliseconds: Int64) {
        chain?.appendDropped(count, atMilliseconds: milliseconds, to: &pending)
        unsynchronizedLineCount &+= 1
    }

    /// The disk has every line that was written.
    ///
    /// - Precondition: None waits.
    package mutating func didSynchronize() {
        precondition(pending.isEmpty, "lines wait that no disk has")
        unsynchronizedLineCount = 0
    }

    /// A second has passed.
    ///
    /// - Returns: Whether a checkpoint was made, which should reach the disk.
    package mutating func tick(atMilliseconds milliseconds: Int64) -> Bool {
        ticksSinceCheckpoint += 1
        guard ticksSinceCheckpoint >= Self.checkpointTickCount else { return false }
        ticksSinceCheckpoint = 0
        chain?.appendCheckpoint(.periodic, atMilliseconds: milliseconds, to: &pending)
        unsynchronizedLineCount &+= 1
        return true
    }

    /// Ends the chain; another may be begun.
    package mutating func end(atMilliseconds milliseconds: Int64) {
        chain?.appendCheckpoint(.end, atMilliseconds: milliseconds, to: &pending)
        unsynchronizedLineCount &+= 1
        previousHash = chain?.hash
        chain = nil
    }

    /// Writes what waits.
    ///
    /// - Parameter write: Takes some bytes and says how many.
    /// - Throws: What `write` does; what it has not taken still waits.
    package mutating func flush<Failure>(
        _ write: (borrowing Span<UInt8>) throws(Failure) -> Int
    ) throws(Failure) {
        while !pending.isEmpty {
            let count = try write(pending.span)
            pending.removeFirst(min(count, pending.count))
        }
    }
}
