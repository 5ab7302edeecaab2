import Foundation
import Glibc
import Libuv
import TestSupport
import Testing

@Suite("Listening socket")
struct ListeningSocketTests {
    private static let anyPort = SocketAddress.ipv4(host: "127.0.0.1", port: 0)

    @Test func `A port in use is an error that names the address`() async throws {
        try await withStreamServer { server in
            let error = #expect(throws: LibuvError.self) {
                try ListeningSocket.bind(to: server.address, count: 1)
            }
            #expect(
                error?.description
                    == "cannot bind \(server.address): address already in use (EADDRINUSE)"
            )
        }
    }

    @Test func `A second server of the same user cannot share the port of the first`()
        async throws
    {
        try await withLoops(2) { loops in
            let sockets = try ListeningSocket.bind(to: Self.anyPort, count: 2)
            let servers = [Acceptor(on: loops[0]), Acceptor(on: loops[1])]
            for (server, socket) in zip(servers, sockets) { try await server.listen(on: socket) }
            let error = #expect(throws: LibuvError.self) {
                try ListeningSocket.bind(to: sockets[0].address, count: 2)
            }
            #expect(error?.name == "EADDRINUSE")
            for server in servers { await server.stop() }
        }
    }

    @Test func `A refused bind leaves no socket behind`() async throws {
        try await withStreamServer { server in
            let port = try #require(server.address.port)
            let before = OpenSockets.count(boundToPort: port)
            for _ in 1...10 {
                #expect(throws: LibuvError.self) {
                    try ListeningSocket.bind(to: server.address, count: 4)
                }
            }
            #expect(OpenSockets.count(boundToPort: port) == before)
        }
    }

    @Test(arguments: [
        SocketAddress.ipv4(host: "127.0.0.1", port: 0), .ipv6(host: "::1", port: 0),
    ])
    func `Port 0 becomes one real port that all loops share`(address: SocketAddress) async throws {
        try await withLoops(2) { loops in
            let sockets = try ListeningSocket.bind(to: address, count: 2)
            #expect(Set(sockets.map(\.address)).count == 1)
            let bound = try #require(sockets.first).address
            #expect(bound.port != 0)

            let journal = Journal<Int>()
            let servers = loops.map { Acceptor(on: $0) }
            for (index, server) in servers.enumerated() {
                try await server.listen(on: sockets[index]) { journal.note(index) }
            }
            var clients: [RawClient] = []
            while journal.count(of: 0) == 0 || journal.count(of: 1) == 0 {
                // The kernel spreads by a hash of the addresses: 200 of one side is no accident.
                try #require(clients.count < 200)
                clients.append(try RawClient(to: bound))
                let count = clients.count
                try await eventually { journal.events.count == count }
            }
            for server in servers { await server.stop() }
        }
    }

    @Test func `Loops share one UNIX domain socket`() async throws {
        try await withSocketPath { path in
            try await withLoops(2) { loops in
                let sockets = try ListeningSocket.bind(to: .unix(path: path), count: 2)
                #expect(Set(sockets.map(\.descriptor)).count == 2)
                let journal = Journal<String>()
                let servers = loops.map { Acceptor(on: $0) }
                for (server, socket) in zip(servers, sockets) {
                    try await server.listen(on: socket) { journal.note("accepted") }
                }
                // One loop alone must do, or the socket would not be shared.
                await servers[0].stop()
                let clients = try (1...10).map { _ in try RawClient(to: .unix(path: path)) }
                await journal.wait(for: "accepted", count: clients.count)
                await servers[1].stop()
            }
        }
    }

    @Test func `The socket file of a server that is gone is replaced`() async throws {
        try await withSocketPath { path in
            try ListeningSocket.bind(to: .unix(path: path), count: 1)[0].close()
            #expect(FileManager.default.fileExists(atPath: path))
            try await withStreamServer(at: .unix(path: path)) { server in
                let client = try RawClient(to: server.address)
                try client.send("ping")
                await server.journal.wait(for: .read)
            }
        }
    }

    @Test func `The socket file of a server that lives is left alone`() async throws {
        try await withSocketPath { path in
            try await withStreamServer(at: .unix(path: path)) { server in
                let error = #expect(throws: LibuvError.self) {
                    try ListeningSocket.bind(to: .unix(path: path), count: 1)
                }
                #expect(
                    error?.description
                        == "cannot bind unix:\(path): address already in use (EADDRINUSE)"
                )
                let client = try RawClient(to: server.address)
                try client.send("ping")
                await server.journal.wait(for: .read)
            }
        }
    }

    @Test func `A server too busy to accept still counts as living`() async throws {
        try await withSocketPath { path in
            // Nobody accepts, and the kernel holds one connection only.
            let socket = try ListeningSocket.bind(to: .unix(path: path), count: 1)[0]
            try socket.listen(backlog: 0)
            let waiting = try RawClient(to: .unix(path: path))
            let error = #expect(throws: LibuvError.self) {
                try ListeningSocket.bind(to: .unix(path: path), count: 1)
            }
            #expect(error?.name == "EADDRINUSE")
            waiting.close()
            socket.close()
        }
    }

    @Test func `A file that is not a socket is neither replaced nor removed`() async throws {
        try await withSocketPath { path in
            #expect(FileManager.default.createFile(atPath: path, contents: Data("mine".utf8)))
            let error = #expect(throws: LibuvError.self) {
                try ListeningSocket.bind(to: .unix(path: path), count: 1)
            }
            #expect(
                error?.description
                    == "cannot listen on unix:\(path), which is not a socket: "
                    + "file already exists (EEXIST)"
            )
            #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
        }
    }

    @Test func `An address that is not of this machine is an error that names it`() {
        let address = SocketAddress.ipv4(host: "192.0.2.1", port: 1)
        let error = #expect(throws: LibuvError.self) {
            try ListeningSocket.bind(to: address, count: 1)
        }
        #expect(error?.operation == "bind 192.0.2.1:1")
        #expect(error?.name == "EADDRNOTAVAIL")
    }
}

extension ListeningSocket {
    fileprivate func listen(backlog: CInt) throws {
        try #require(Glibc.listen(descriptor, backlog) == 0)
    }
}

/// Accepts and drops connections on one loop.
private actor Acceptor {
    private let loop: EventLoop
    private var listener: Listener?

    init(on loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    func listen(
        on socket: ListeningSocket,
        _ didAccept: @escaping @Sendable () -> Void = {}
    ) throws {
        listener = try Listener(socket, on: loop, backlog: 64, didFail: { _ in }) { stream in
            stream.close()
            didAccept()
        }
    }

    func stop() {
        listener?.close()
    }
}
