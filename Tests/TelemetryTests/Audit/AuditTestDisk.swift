import Libuv
import Synchronization
import Telemetry

/// A disk that is full, slow or failing when a test says so.
final class AuditTestDisk: Sendable {
    /// One file: whoever has it open writes to it, whatever its name is by then.
    final class File: Sendable {
        let content = Mutex<[UInt8]>([])

        /// What the disk has for good.
        let kept = Mutex<[UInt8]>([])

        var bytes: [UInt8] { content.withLock { $0 } }
    }

    let isFull = Atomic<Bool>(false)
    let isSlow = Mutex(false)
    let entered = TestSignal()
    let reports = Mutex<[LibuvError]>([])

    /// Attempts to synchronize that fail from now on; each loses what no attempt before has kept.
    let failureCount = Atomic<Int>(0)

    /// How often a name was taken from a file, and how often a file was removed.
    let setAside = Mutex<[(suffix: String, file: File)]>([])
    let removedCount = Atomic<Int>(0)
    private let named = Mutex<File?>(nil)

    /// What is under the path; nothing if nothing is.
    var bytes: [UInt8] { named.withLock { $0?.bytes ?? [] } }

    /// Has the path free, as a rotation does.
    func rotate() -> File {
        named.withLock { named in
            defer { named = nil }
            return named ?? File()
        }
    }

    func log(_ loss: AuditLog.Loss, waitingCountMax: Int) throws -> AuditLog {
        try AuditLog(
            signedWith: AuditLines.key,
            loss: loss,
            waitingCountMax: waitingCountMax,
            atMilliseconds: 1_000,
            retryMilliseconds: 1,
            open: { [self] () throws(LibuvError) in open() },
            report: { [self] error in reports.withLock { $0.append(error) } }
        )
    }

    private func open() -> AuditDisk {
        let file = named.withLock { named in
            let file = named ?? File()
            named = file
            return file
        }
        return AuditDisk(
            append: { [self] bytes throws(LibuvError) in try append(bytes, to: file) },
            synchronize: { [self] () throws(LibuvError) in try synchronize(file) },
            settle: { [self] () throws(LibuvError) in try synchronize(file) },
            end: { () throws(LibuvError) in AuditFileEnd(tail: file.bytes) },
            setAside: { [self] suffix throws(LibuvError) in
                named.withLock { named in
                    guard named === file else { return }
                    named = nil
                    setAside.withLock { $0.append((suffix, file)) }
                }
            },
            remove: { [self] () throws(LibuvError) in
                removedCount.add(1, ordering: .relaxed)
                named.withLock { if $0 === file { $0 = nil } }
            }
        )
    }

    private func append(_ bytes: borrowing Span<UInt8>, to file: File) throws(LibuvError) -> Int {
        var mustWait = isSlow.withLock { $0 }
        if mustWait { entered.signal() }
        while mustWait {
            NativeThread.pause(milliseconds: 1)
            mustWait = isSlow.withLock { $0 }
        }
        if isFull.load(ordering: .relaxed) { throw Self.trouble }
        let count = min(50, bytes.count)
        let taken = (0..<count).map { bytes[$0] }
        file.content.withLock { $0 += taken }
        return count
    }

    /// Fails as a system does: what could not be written counts as written from then on, and is on
    /// no disk.
    private func synchronize(_ file: File) throws(LibuvError) {
        let count = failureCount.load(ordering: .relaxed)
        guard count > 0 else { return file.kept.withLock { $0 = file.bytes } }
        failureCount.store(count - 1, ordering: .relaxed)
        throw Self.trouble
    }

    /// What the system says of a directory that is not there stands for whatever a disk may say.
    private static var trouble: LibuvError {
        do throws(LibuvError) {
            _ = try AppendedFile("/nowhere/at/all")
        } catch {
            return error
        }
        preconditionFailure("there is no such directory")
    }
}

/// Something that happens on another thread and is waited for.
final class TestSignal: Sendable {
    private let hasCome = Atomic<Bool>(false)

    func signal() {
        hasCome.store(true, ordering: .relaxed)
    }

    func wait() {
        while !hasCome.load(ordering: .relaxed) { NativeThread.pause(milliseconds: 1) }
    }
}
