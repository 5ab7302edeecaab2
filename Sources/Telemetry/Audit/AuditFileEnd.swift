internal import Bytes

/// How a file ends that a chain is to begin in.
package enum AuditFileEnd: Hashable, Sendable {
    /// Nothing is in it.
    case empty
    /// The last whole line has this hash. If `isCut`, part of another line follows: its writer was
    /// killed, or the disk was full for good.
    case line(hash: [UInt8]?, isCut: Bool)

    /// Longer than any two lines.
    static let byteCountMax = 262_144

    package init(tail: [UInt8]) {
        guard let last = tail.last else {
            self = .empty
            return
        }
        let isCut = last != ASCII.lineFeed
        let lines = tail.split(separator: ASCII.lineFeed)
        let whole = isCut ? lines.dropLast() : lines[...]
        self = .line(hash: whole.last.flatMap { AuditLine($0)?.hash }, isCut: isCut)
    }
}
