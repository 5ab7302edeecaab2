import Glibc
import Libuv
import TestSupport
import Testing

@Suite("The end of a listening socket")
struct ListenerEndTests {
    @Test func `Connections that wait to be accepted are accepted before the socket closes`()
        async throws
    {
        try await withSocketPath { path in
            for address in [SocketAddress.ipv4(host: "127.0.0.1", port: 0), .unix(path: path)] {
                try await withStreamServer(at: address) { server in
                    try await server.endListening(afterConnections: 10)
                    #expect(server.journal.count(of: .accept) == 10)
                    #expect(throws: RawClient.Failure.self) { try RawClient(to: server.address) }
                }
            }
        }
    }

    @Test func `Who begins to connect towards the end waits, and is refused at the end`()
        async throws
    {
        try await withStreamServer { server in
            let before = try RawClient(to: server.address)
            await server.journal.wait(for: .accept)
            await server.refuseNewcomers()

            let port = try #require(server.address.port)
            let newcomer = try Newcomer(toPort: port)
            #expect(!newcomer.hasOutcome(withinMilliseconds: 200))
            // What has begun before is not held up.
            try before.send("x")
            await server.journal.wait(for: .read)

            await server.endListening()
            #expect(newcomer.hasOutcome(withinMilliseconds: 30_000))
            #expect(newcomer.error == ECONNREFUSED)
            #expect(server.journal.count(of: .accept) == 1)
        }
    }
}

/// A client that connects without waiting.
private final class Newcomer {
    private let descriptor: CInt

    init(toPort port: UInt16) throws {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(status == 0 || errno == EINPROGRESS)
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    func hasOutcome(withinMilliseconds milliseconds: CInt) -> Bool {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&wait, 1, milliseconds) > 0
    }

    var error: CInt {
        var error: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        return error
    }
}
