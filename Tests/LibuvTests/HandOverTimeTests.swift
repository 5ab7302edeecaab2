import Glibc
import Libuv
import TestSupport
import Testing

@Suite("How long processes wait for each other")
struct HandOverTimeTests {
    private enum Event: Hashable {
        case ready(SuccessorWatch.Readiness)
        case failed(String)
        case shared(Bool)
    }

    private func withWatch(
        within times: HandOverTimes,
        _ body: (String, Journal<Event>) async throws -> Void
    ) async throws {
        try await withSocketPath { path in
            try await onThreads {
                let address = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
                let sockets = try ListeningSocket.bind(to: address, count: 1)
                for socket in sockets { #expect(listen(socket.descriptor, 16) == 0) }
                let journal = Journal<Event>()
                let watch = try SuccessorWatch(
                    at: path,
                    handingOver: sockets,
                    within: times,
                    didFail: { journal.note(.failed($0.name)) },
                    didShare: { journal.note(.shared($0)) },
                    isReady: { journal.note(.ready($0)) }
                )
                try await body(path, journal)
                watch.stop()
                watch.release()
                for socket in sockets { socket.close() }
            }
        }
    }

    /// A connection to a path whose owner says nothing, closed by whoever asked for it.
    private func connection(to path: String) -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue), 0)
        let status = unsafe withAddress(path) { unsafe connect(descriptor, $0, $1) }
        #expect(status == 0)
        return descriptor
    }

    private func withAddress(
        _ path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
            precondition(path.utf8.count < field.count, "a path that fits")
            unsafe field.copyBytes(from: path.utf8)
        }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    @Test func `The limits are those that are documented`() {
        let times = HandOverTimes()
        #expect(times.greetingMillisecondsMax == 5_000)
        #expect(times.answerMillisecondsMax == 10_000)
        #expect(times.startMillisecondsMax == 300_000)
    }

    @Test func `Who says nothing for too long is sent away, and the next one is served`()
        async throws
    {
        var times = HandOverTimes()
        times.greetingMillisecondsMax = 1
        try await withWatch(within: times) { path, journal in
            let silent = connection(to: path)
            await journal.wait(for: .failed("ETIMEDOUT"))
            // It was given nothing.
            #expect(journal.count(of: .shared(true)) == 0)
            close(silent)
        }
        // One that speaks in time is served, however little time there is for the one before.
        try await withWatch(within: HandOverTimes()) { path, journal in
            let good = try #require(try Predecessor.find(at: path))
            try good.replace()
            await journal.wait(for: .ready(.serving))
            for socket in good.sockets { socket.close() }
        }
    }

    @Test func `Who has the sockets and is not ready for too long is forgotten`() async throws {
        var times = HandOverTimes()
        times.startMillisecondsMax = 1
        try await withWatch(within: times) { path, journal in
            let late = try #require(try Predecessor.find(at: path))
            await journal.wait(for: .failed("ETIMEDOUT"))
            await journal.wait(for: .shared(false))
            #expect(throws: LibuvError.self) { try late.replace() }
            #expect(journal.count(of: .ready(.serving)) == 0)
            for socket in late.sockets { socket.close() }
        }
    }

    @Test func `A server that does not hand over in time is not waited for`() async throws {
        try await withSocketPath { path throws in
            let silent = socket(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue), 0)
            let status = unsafe withAddress(path) { unsafe bind(silent, $0, $1) }
            #expect(status == 0)
            // Connections are made, and nobody ever answers on them.
            #expect(listen(silent, 4) == 0)
            var times = HandOverTimes()
            times.answerMillisecondsMax = 1
            let error = #expect(throws: LibuvError.self) {
                try Predecessor.find(at: path, within: times)
            }
            #expect(error?.operation == "take over sockets")
            close(silent)
        }
    }
}
