internal import Bytes

/// Reads an audit log line by line and finds what was changed, left out or cut off.
///
/// What it can tell rests on the key that signs: whoever has only the file can repair the hashes
/// after a change, and cannot sign the checkpoint behind it.
public struct AuditVerifier: ~Copyable {
    /// Something that an untouched file does not have.
    public struct Fault: Hashable, Sendable {
        public enum Reason: Hashable, Sendable {
            /// Not one line that a server writes; the end of a file may be cut within a line.
            case malformed
            /// The first line of its chain that is there is not the header.
            case noHeader
            /// So many lines of its chain are missing before it.
            case gap(lineCount: Int)
            /// Its number was there before.
            case repeated
            /// Its hash is not made of this line and the one before.
            case changed
            /// Header or checkpoint are not signed with the key.
            case badSignature
            /// The header names another key than the one that is to be believed.
            case otherKey
            /// What the chain continues is not in front of it.
            case noPredecessor
            /// The chain had ended.
            case afterEnd
        }

        /// Counted from 1.
        public let line: Int
        public let reason: Reason

        public init(line: Int, reason: Reason) {
            self.line = line
            self.reason = reason
        }
    }

    /// A chain that nothing says the end of: its server runs, or was killed, or what followed was
    /// cut off.
    public struct OpenEnd: Hashable, Sendable {
        public let lastLine: Int

        /// Lines after the last signature, for which the hashes alone vouch.
        public let unsignedLineCount: Int

        /// The line of a later chain whose signed header names the last line of this one: nothing
        /// was cut off since that chain began.
        public let continuedAtLine: Int?
    }

    /// Lines before a header that its server says a failing disk may have lost.
    public struct Loss: Hashable, Sendable {
        /// Of the header, counted from 1.
        public let line: Int
        public let lineCount: Int
    }

    private struct Chain {
        var key: AuditPublicKey?
        var hash: [UInt8]
        var nextNumber: Int
        var lastLine: Int
        var unsignedLineCount: Int
        var continuedAtLine: Int?
        var hasEnded = false
    }

    public private(set) var faults: [Fault] = []
    public private(set) var lineCount = 0
    public private(set) var recordCount = 0

    /// Decisions that the server says it could not keep.
    public private(set) var droppedCount = 0

    /// The last line, if it has no end.
    public private(set) var cutLine: Int?

    /// What headers say that a disk may have lost.
    public private(set) var losses: [Loss] = []

    /// The keys that headers name, in the order of their first occurrence.
    public private(set) var keys: [String] = []

    /// Whether the file begins with a chain that continues another file.
    public private(set) var continuesOtherFile = false

    private let trustedKey: AuditPublicKey?
    private var chains: [String: Chain] = [:]

    /// Hashes of the lines before, the last one at the end: what a new chain may continue.
    private var recentHashes: [[UInt8]] = []
    private static let recentHashCountMax = 4_096

    private var rest: [UInt8] = []

    /// Whether ``rest`` is in the middle of a line that was too long, and has been told.
    private var isSkipping = false

    /// Bytes of a line without its end; a longer one is none that a server writes.
    package static let lineByteCountMax = AuditFileEnd.byteCountMax

    /// - Parameter key: The key to be believed; `nil` believes what each header says, which shows
    ///   damage and not forgery.
    public init(key: AuditPublicKey? = nil) {
        trustedKey = key
    }

    public var chainCount: Int { chains.count }

    /// Takes the next bytes of the file.
    public mutating func add(_ bytes: [UInt8]) {
        rest += bytes
        var start = 0
        while let end = rest[start...].firstIndex(of: ASCII.lineFeed) {
            if isSkipping {
                isSkipping = false
            } else {
                add(line: rest[start..<end])
            }
            start = end + 1
        }
        rest.removeFirst(start)
        if isSkipping {
            rest = []
        } else if rest.count > Self.lineByteCountMax {
            lineCount += 1
            report(.malformed)
            rest = []
            isSkipping = true
        }
    }

    /// There is no more.
    ///
    /// - Returns: The chains that may go on, or whose end was cut off.
    public mutating func finish() -> [OpenEnd] {
        if !rest.isEmpty {
            lineCount += 1
            cutLine = lineCount
            rest = []
        }
        return chains.values.filter { !$0.hasEnded }
            .map { chain in
                OpenEnd(
                    lastLine: chain.lastLine,
                    unsignedLineCount: chain.unsignedLineCount,
                    continuedAtLine: chain.continuedAtLine
                )
            }
            .sorted { $0.lastLine < $1.lastLine }
    }

    private mutating func report(_ reason: Fault.Reason) {
        faults.append(Fault(line: lineCount, reason: reason))
    }

    private mutating func add(line bytes: ArraySlice<UInt8>) {
        lineCount += 1
        guard bytes.count <= Self.lineByteCountMax, let line = AuditLine(bytes) else {
            return report(.malformed)
        }
        if case .header(let key, let after, let lostLineCount) = line.kind {
            if lostLineCount > 0 { losses.append(Loss(line: lineCount, lineCount: lostLineCount)) }
            begin(line, key: key, after: after)
        } else if let chain = chains[line.chain] {
            chains[line.chain] = advanced(chain, by: line)
        } else {
            report(.noHeader)
            chains[line.chain] = Chain(
                key: trustedKey,
                hash: line.hash,
                nextNumber: line.number &+ 1,
                lastLine: lineCount,
                unsignedLineCount: 1
            )
        }
        count(line)
        if recentHashes.count >= 2 * Self.recentHashCountMax {
            recentHashes.removeFirst(Self.recentHashCountMax)
        }
        recentHashes.append(line.hash)
    }

    private mutating func count(_ line: AuditLine) {
        switch line.kind {
        case .record: recordCount += 1
        case .dropped(let count):
            droppedCount = droppedCount.addingReportingOverflow(count).partialValue
        case .header, .checkpoint: break
        }
    }

    private mutating func begin(_ line: AuditLine, key text: String, after: [UInt8]?) {
        if !keys.contains(text) { keys.append(text) }
        let key = AuditPublicKey(text)
        if let trustedKey, trustedKey != key { report(.otherKey) }
        if chains[line.chain] != nil || line.number != 0 { report(.repeated) }
        if let after {
            if lineCount == 1 {
                continuesOtherFile = true
            } else if !recentHashes.contains(after) {
                report(.noPredecessor)
            }
        } else if lineCount > 1 {
            report(.noPredecessor)
        }
        let zero = [UInt8](repeating: 0, count: AuditChain.hashByteCount)
        if AuditChain.hash(after: zero, of: line.hashedText) != line.hash {
            report(.changed)
        } else if !isSigned(line, by: trustedKey ?? key) {
            report(.badSignature)
        } else if let after {
            noteContinuation(of: after)
        }
        chains[line.chain] = Chain(
            key: trustedKey ?? key,
            hash: line.hash,
            nextNumber: 1,
            lastLine: lineCount,
            unsignedLineCount: 0
        )
    }

    /// A signed header vouches for the line that it names, and so for all of its chain before.
    private mutating func noteContinuation(of hash: [UInt8]) {
        for (id, chain) in chains where chain.hash == hash {
            chains[id]?.continuedAtLine = lineCount
            chains[id]?.unsignedLineCount = 0
        }
    }

    private mutating func advanced(_ chain: Chain, by line: AuditLine) -> Chain {
        var chain = chain
        if chain.hasEnded { report(.afterEnd) }
        if line.number > chain.nextNumber {
            report(.gap(lineCount: line.number - chain.nextNumber))
        } else if line.number < chain.nextNumber {
            report(.repeated)
        } else if AuditChain.hash(after: chain.hash, of: line.hashedText) != line.hash {
            report(.changed)
        }
        chain.hash = line.hash
        chain.nextNumber = line.number &+ 1
        chain.lastLine = lineCount
        chain.unsignedLineCount += 1
        chain.continuedAtLine = nil
        if case .checkpoint(let checkpoint) = line.kind {
            if isSigned(line, by: chain.key) {
                chain.unsignedLineCount = 0
            } else {
                report(.badSignature)
            }
            chain.hasEnded = checkpoint == .end
        }
        return chain
    }

    private func isSigned(_ line: AuditLine, by key: AuditPublicKey?) -> Bool {
        guard let key, let signature = line.signature else { return false }
        return key.isValid(signature, for: AuditChain.signedPrefix + line.hash)
    }
}

extension AuditVerifier.Fault: CustomStringConvertible {
    public var description: String {
        let what =
            switch reason {
            case .malformed: "is no line of an audit log, or part of one"
            case .noHeader: "belongs to a chain whose beginning is missing"
            case .gap(let count): "follows a gap: \(count) lines of its chain are missing before it"
            case .repeated: "has a number that was there before"
            case .changed: "does not fit: it or the line of its chain before it was changed"
            case .badSignature: "is not signed with the key: something before it was changed"
            case .otherKey: "begins a chain that is signed with another key"
            case .noPredecessor: "begins a chain, and what it continues is missing before it"
            case .afterEnd: "follows the end of its chain"
            }
        return "line \(line) \(what)"
    }
}
