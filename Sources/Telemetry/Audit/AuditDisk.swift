internal import Bytes
package import Libuv

/// The file of an audit log, as the thread that writes it uses it.
package struct AuditDisk: Sendable {
    /// What a disk says when it fails.
    package typealias Failure = LibuvError

    /// Takes some of the bytes.
    package let append: @Sendable (borrowing Span<UInt8>) throws(Failure) -> Int

    /// Has on the disk what was appended.
    ///
    /// After a failure nothing is known of what was appended since the last success.
    package let synchronize: @Sendable () throws(Failure) -> Void

    /// The same, and the file's name.
    package let settle: @Sendable () throws(Failure) -> Void

    /// How what is there already ends.
    package let end: @Sendable () throws(Failure) -> AuditFileEnd

    /// Frees the path for another file: this one has the suffix behind its name from then on.
    package let setAside: @Sendable (_ suffix: String) throws(Failure) -> Void

    /// Removes the file.
    package let remove: @Sendable () throws(Failure) -> Void

    package init(
        append: @escaping @Sendable (borrowing Span<UInt8>) throws(Failure) -> Int,
        synchronize: @escaping @Sendable () throws(Failure) -> Void,
        settle: @escaping @Sendable () throws(Failure) -> Void,
        end: @escaping @Sendable () throws(Failure) -> AuditFileEnd,
        setAside: @escaping @Sendable (_ suffix: String) throws(Failure) -> Void,
        remove: @escaping @Sendable () throws(Failure) -> Void
    ) {
        self.append = append
        self.synchronize = synchronize
        self.settle = settle
        self.end = end
        self.setAside = setAside
        self.remove = remove
    }

    init(_ file: AppendedFile) {
        append = { bytes throws(Failure) in try file.append(bytes) }
        synchronize = { () throws(Failure) in try file.synchronize() }
        settle = { () throws(Failure) in
            try file.synchronize()
            try file.synchronizeName()
        }
        end = { () throws(Failure) in
            AuditFileEnd(tail: try file.tail(byteCountMax: AuditFileEnd.byteCountMax))
        }
        setAside = { suffix throws(Failure) in try file.setAside(as: suffix) }
        remove = { () throws(Failure) in try file.remove() }
    }

    /// Tells a chain, and a file that was set aside, from others.
    static func randomID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
