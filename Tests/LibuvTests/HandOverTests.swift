import Glibc
import Libuv
import TestSupport
import Testing

@Suite("Listening sockets that are handed over")
struct HandOverTests {
    private enum Event: Hashable {
        case ready(SuccessorWatch.Readiness)
        case failed
        case ended
        case shared(Bool)
    }

    /// Runs `body` with a process that waits for a successor.
    private func withWatch(
        socketCount: Int = 2,
        _ body: (String, [ListeningSocket], SuccessorWatch, Journal<Event>) async throws -> Void
    ) async throws {
        try await withSocketPath { path in
            try await onThreads {
                let address = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
                let sockets = try ListeningSocket.bind(to: address, count: socketCount)
                for socket in sockets { #expect(listen(socket.descriptor, 16) == 0) }
                let journal = Journal<Event>()
                let watch = try SuccessorWatch(
                    at: path,
                    handingOver: sockets,
                    didFail: { _ in journal.note(.failed) },
                    didShare: { journal.note(.shared($0)) },
                    isReady: { journal.note(.ready($0)) }
                )
                try await body(path, sockets, watch, journal)
                watch.stop()
                watch.release()
                for socket in sockets { socket.close() }
            }
        }
    }

    @Test(arguments: [1, 2, 64, 65, 150])
    func `A successor accepts from every socket of the process before it`(
        socketCount: Int
    ) async throws {
        try await withWatch(socketCount: socketCount) { path, sockets, _, journal in
            let predecessor = try #require(try Predecessor.find(at: path))
            #expect(predecessor.sockets.count == socketCount)
            #expect(predecessor.sockets.allSatisfy { $0.address == sockets[0].address })
            #expect(predecessor.sockets.allSatisfy { $0.isShared })
            #expect(journal.events == [.shared(true)])

            // Whoever connects waits at one of them, and is accepted by the successor.
            let clients = try (0..<8).map { _ in try RawClient(to: sockets[0].address) }
            var acceptedCount = 0
            for socket in predecessor.sockets {
                while true {
                    let accepted = accept(socket.descriptor, nil, nil)
                    guard accepted >= 0 else { break }
                    acceptedCount += 1
                    close(accepted)
                }
            }
            #expect(acceptedCount == clients.count)
            try predecessor.replace()
            await journal.wait(for: .ready(.serving))
            for socket in predecessor.sockets { socket.close() }
        }
    }

    @Test func `A successor that must wait learns of the end of the process before it`()
        async throws
    {
        try await withWatch { path, _, watch, journal in
            let predecessor = try #require(try Predecessor.find(at: path))
            async let ended: Void = {
                predecessor.outlive()
                journal.note(.ended)
            }()
            await journal.wait(for: .ready(.waiting))
            watch.stop()
            #expect(journal.count(of: .ended) == 0)
            watch.release()
            await ended
            for socket in predecessor.sockets { socket.close() }
        }
    }

    @Test func `A successor that breaks off is forgotten, and the next one is served`()
        async throws
    {
        try await withWatch { path, _, _, journal in
            for _ in 0..<3 {
                let broken = try #require(try Predecessor.find(at: path))
                for socket in broken.sockets { socket.close() }
            }
            let good = try #require(try Predecessor.find(at: path))
            try good.replace()
            await journal.wait(for: .ready(.serving))
            #expect(journal.count(of: .ready(.waiting)) == 0)
            for socket in good.sockets { socket.close() }
        }
    }

    @Test func `Who has the sockets and has not said that it is ready is known of`() async throws {
        try await withWatch { path, _, watch, journal in
            let broken = try #require(try Predecessor.find(at: path))
            for socket in broken.sockets { socket.close() }
            _ = consume broken
            await journal.wait(for: .shared(false))

            let late = try #require(try Predecessor.find(at: path))
            watch.stop()
            // Nobody has taken them back: what waits at them is left to the one that has them.
            #expect(journal.events == [.shared(true), .shared(false), .shared(true)])
            #expect(throws: LibuvError.self) { try late.replace() }
            for socket in late.sockets { socket.close() }
        }
    }

    @Test func `Where nobody waits, nobody is found`() async throws {
        try await withSocketPath { path throws in
            #expect(try Predecessor.find(at: path) == nil)
        }
        // And where somebody has waited and is gone.
        try await withWatch { path, _, watch, _ throws in
            watch.stop()
            #expect(try Predecessor.find(at: path) == nil)
        }
    }

    @Test func `The newest of two that wait is found`() async throws {
        try await withWatch { path, _, _, first in
            let address = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
            let socket = try ListeningSocket.bind(to: address, count: 1)[0]
            #expect(listen(socket.descriptor, 16) == 0)
            let second = Journal<Event>()
            let watch = try SuccessorWatch(
                at: path,
                handingOver: [socket],
                didFail: { _ in second.note(.failed) },
                isReady: { second.note(.ready($0)) }
            )
            let found = try #require(try Predecessor.find(at: path))
            #expect(found.sockets.map(\.address) == [socket.address])
            try found.replace()
            await second.wait(for: .ready(.serving))
            #expect(first.events.isEmpty)
            watch.stop()
            for socket in found.sockets + [socket] { socket.close() }
        }
    }
}
