internal import Glibc

/// Wakes threads that wait for a descriptor, once and for all.
public final class Interruption: Sendable {
    // The ends of a pipe, which can be waited for together with any descriptor.
    private let readEnd: CInt
    private let writeEnd: CInt

    /// - Throws: ``LibuvError`` when the process is out of file descriptors.
    public init() throws(LibuvError) {
        var ends: [CInt] = [-1, -1]
        try checkSystemCall(unsafe pipe(&ends), "make a pipe")
        readEnd = ends[0]
        writeEnd = ends[1]
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        _ = Glibc.close(readEnd)
        _ = Glibc.close(writeEnd)
    }

    /// Wakes whoever waits now or will.
    public func interrupt() {
        var byte: UInt8 = 0
        // A byte that is never read: a full pipe has been written to before.
        _ = unsafe Glibc.write(writeEnd, &byte, 1)
    }

    /// Waits until the descriptor is ready for `events`, has failed or has come to its end.
    ///
    /// - Parameters:
    ///   - descriptor: Open meanwhile.
    ///   - events: Of poll(2).
    ///   - millisecondsMax: How long; `nil` is as long as it takes.
    /// - Returns: `false` if interrupted.
    /// - Throws: ``LibuvError``, among others when the time is over (`ETIMEDOUT`).
    func wait(
        for descriptor: CInt,
        _ events: Int32,
        millisecondsMax: Int32? = nil
    ) throws(LibuvError) -> Bool {
        var waiting = [
            pollfd(fd: descriptor, events: Int16(events), revents: 0),
            pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let count = unsafe poll(&waiting, 2, millisecondsMax ?? -1)
            if count < 0, errno == EINTR { continue }
            try checkSystemCall(count, "wait for descriptor \(descriptor)")
            guard count > 0 else {
                throw LibuvError("wait for descriptor \(descriptor)", status: -ETIMEDOUT)
            }
            return waiting[1].revents == 0
        }
    }
}
