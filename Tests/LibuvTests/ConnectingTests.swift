import Libuv
import TestSupport
import Testing

@Suite("Connecting byte stream")
struct ConnectingTests {
    @Test(arguments: [
        SocketAddress.ipv4(host: "127.0.0.1", port: 0), .ipv6(host: "::1", port: 0),
    ])
    func `What is written before the connection stands arrives once it does`(
        address: SocketAddress
    ) async throws {
        try await withStreamServer(at: address) { server in
            try await withStreamServer { client in
                try await client.connect(to: server.address)
                try await client.write([Array("hel".utf8), Array("lo".utf8)], then: .finishWriting)
                await server.journal.wait(for: .end)
                #expect(await server.receivedBytes == Array("hello".utf8))
            }
        }
    }

    @Test func `An answer is read`() async throws {
        try await withStreamServer { server in
            try await withStreamServer { client in
                try await client.connect(to: server.address)
                await server.journal.wait(for: .accept)
                try await server.write([Array("welcome".utf8)], then: .finishWriting)
                await client.journal.wait(for: .end)
                #expect(await client.receivedBytes == Array("welcome".utf8))
            }
        }
    }

    @Test func `It reaches a UNIX domain socket`() async throws {
        try await withSocketPath { path in
            try await withStreamServer(at: .unix(path: path)) { server in
                try await withStreamServer { client in
                    try await client.connect(to: server.address)
                    try await client.write([Array("hello".utf8)], then: .finishWriting)
                    await server.journal.wait(for: .end)
                    #expect(await server.receivedBytes == Array("hello".utf8))
                }
            }
        }
    }

    @Test func `It comes from the address it is told to`() async throws {
        try await withStreamServer { server in
            try await withStreamServer { client in
                let source = SocketAddress.ipv4(host: "127.0.0.77", port: 0)
                try await client.connect(to: server.address, from: source)
                await server.journal.wait(for: .accept)
                #expect(await server.peerAddress?.description == "127.0.0.77")
            }
        }
    }

    @Test func `A connection that is refused fails as soon as the stream reads`() async throws {
        try await withStreamServer { client in
            // Bound and not listening: nobody else gets the port, and nobody answers.
            let anyPort = SocketAddress.ipv4(host: "127.0.0.1", port: 0)
            let deaf = try ListeningSocket.bind(to: anyPort, count: 1)[0]
            defer { deaf.close() }
            try await client.connect(to: deaf.address)
            await client.journal.wait(for: .failure)
            #expect(await client.failure?.name == "ECONNREFUSED")
        }
    }

    @Test func `A socket file that does not exist is an error at once`() async throws {
        try await withStreamServer { client in
            let nowhere = SocketAddress.unix(path: "/nonexistent/martlet.sock")
            await #expect(throws: LibuvError.self) { try await client.connect(to: nowhere) }
        }
    }
}
