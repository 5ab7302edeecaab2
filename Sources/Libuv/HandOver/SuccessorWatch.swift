internal import CLibuv
internal import Glibc
internal import Synchronization

/// Waits for the process that will take the place of this one, and hands it the listening sockets.
///
/// On a thread of its own: whoever comes may take its time. Until a successor has said that it is
/// ready nothing changes; one that breaks off is forgotten.
public final class SuccessorWatch: Sendable {
    /// When the successor accepts connections.
    public enum Readiness: Hashable, Sendable {
        /// It does already.
        case serving
        /// When this process has ended.
        case waiting
    }

    private struct State {
        var listening: HandOverSocket?
        var thread: NativeThread?
        /// The successor, which learns by the end of this connection that this process has ended.
        var successor: HandOverSocket?
    }

    /// How a conversation ended.
    private enum Outcome {
        case ready(Readiness)
        /// Whoever came has gone, and the sockets with it.
        case brokenOff
        /// This process stops, and who came may still have the sockets.
        case interrupted
    }

    private let sockets: [ListeningSocket]
    private let times: HandOverTimes
    private let interruption: Interruption
    private let state: Mutex<State>

    /// Begins to wait.
    ///
    /// - Parameters:
    ///   - path: Where; whoever waited there before is not found any more.
    ///   - sockets: What is handed over; open for as long as this waits.
    ///   - didFail: Told why somebody who came was sent away.
    ///   - didShare: Told `true` before somebody is given the sockets, and `false` when he has gone
    ///     without taking the place of this process.
    ///   - isReady: Called once, on the thread of the watch.
    /// - Throws: ``LibuvError`` if the path cannot be had.
    public convenience init(
        at path: String,
        handingOver sockets: [ListeningSocket],
        didFail: @escaping @Sendable (LibuvError) -> Void,
        didShare: @escaping @Sendable (Bool) -> Void = { _ in },
        isReady: @escaping @Sendable (Readiness) -> Void
    ) throws(LibuvError) {
        try self.init(
            at: path,
            handingOver: sockets,
            within: HandOverTimes(),
            didFail: didFail,
            didShare: didShare,
            isReady: isReady
        )
    }

    package init(
        at path: String,
        handingOver sockets: [ListeningSocket],
        within times: HandOverTimes,
        didFail: @escaping @Sendable (LibuvError) -> Void,
        didShare: @escaping @Sendable (Bool) -> Void = { _ in },
        isReady: @escaping @Sendable (Readiness) -> Void
    ) throws(LibuvError) {
        self.sockets = sockets
        self.times = times
        interruption = try Interruption()
        let listening = try Self.listen(at: path)
        state = Mutex(State(listening: listening))
        do throws(LibuvError) {
            let thread = try NativeThread(name: "hand-over") { [self] in
                wait(at: listening, didFail, didShare, isReady)
            }
            state.withLock { $0.thread = thread }
        } catch {
            listening.close()
            throw error
        }
    }

    /// Hands over no more: the sockets may be closed.
    ///
    /// - Precondition: Called once, and not by `isReady`.
    public func stop() {
        interruption.interrupt()
        let thread = state.withLock { state in
            let thread = state.thread
            state.thread = nil
            return thread
        }
        thread?.join()
        state.withLock { state in
            state.listening?.close()
            state.listening = nil
        }
    }

    /// Lets the successor know that this process has ended, as far as anybody need know.
    public func release() {
        state.withLock { state in
            state.successor?.close()
            state.successor = nil
        }
    }

    /// Takes the path over from whoever had it, in one step.
    private static func listen(at path: String) throws(LibuvError) -> HandOverSocket {
        let socket = try HandOverSocket.make()
        do throws(LibuvError) {
            let next = "\(path).next"
            _ = unsafe unlink(next)
            guard SocketAddress("unix:\(next)") != nil else {
                throw LibuvError("use \(path), which is too long", status: -ENAMETOOLONG)
            }
            try unsafe SocketAddress.unix(path: next).withSystemAddress {
                (address, size) throws(LibuvError) in
                try checkSystemCall(
                    unsafe bind(socket.descriptor, address, size),
                    "bind unix:\(next)"
                )
            }
            try checkSystemCall(unsafe chmod(next, 0o600), "keep others from unix:\(next)")
            try checkSystemCall(Glibc.listen(socket.descriptor, 4), "listen on unix:\(next)")
            try checkSystemCall(unsafe rename(next, path), "make unix:\(path)")
            return socket
        } catch {
            socket.close()
            throw error
        }
    }

    private func wait(
        at listening: HandOverSocket,
        _ didFail: (LibuvError) -> Void,
        _ didShare: (Bool) -> Void,
        _ isReady: (Readiness) -> Void
    ) {
        do throws(LibuvError) {
            while try interruption.wait(for: listening.descriptor, POLLIN) {
                let accepted = clibuv_accept_blocking(listening.descriptor)
                guard accepted >= 0 else {
                    let cause = errno
                    if cause == EINTR || cause == ECONNABORTED { continue }
                    // No descriptor, say: who came is still there, and would be reported for ever.
                    didFail(
                        LibuvError("hand over", status: uv_translate_sys_error(cause))
                    )
                    NativeThread.pause(milliseconds: 1_000)
                    continue
                }
                let connection = HandOverSocket(descriptor: accepted)
                switch converse(connection, didFail, didShare) {
                case .ready(let readiness):
                    state.withLock { $0.successor = connection }
                    return isReady(readiness)
                case .brokenOff:
                    connection.close()
                    didShare(false)
                case .interrupted:
                    connection.close()
                    return
                }
            }
        } catch {
            didFail(error)
        }
    }

    private func converse(
        _ connection: HandOverSocket,
        _ didFail: (LibuvError) -> Void,
        _ didShare: (Bool) -> Void
    ) -> Outcome {
        do throws(LibuvError) {
            guard try connection.isPeerTrusted() else { return .brokenOff }
            guard
                try interruption.wait(
                    for: connection.descriptor,
                    POLLIN,
                    millisecondsMax: times.greetingMillisecondsMax
                )
            else { return .interrupted }
            guard try connection.receive()?.message == .takeOver else { return .brokenOff }
            didShare(true)
            let descriptors = sockets.map(\.descriptor)
            for start in stride(
                from: 0,
                to: descriptors.count,
                by: HandOverSocket.descriptorCountMax
            ) {
                let end = min(start + HandOverSocket.descriptorCountMax, descriptors.count)
                try connection.send(.sockets, Array(descriptors[start..<end]))
            }
            try connection.send(.endOfSockets)
            guard
                try interruption.wait(
                    for: connection.descriptor,
                    POLLIN,
                    millisecondsMax: times.startMillisecondsMax
                )
            else { return .interrupted }
            switch try connection.receive()?.message {
            case .serving: return .ready(.serving)
            case .waiting: return .ready(.waiting)
            default: return .brokenOff
            }
        } catch {
            didFail(error)
            return .brokenOff
        }
    }
}
