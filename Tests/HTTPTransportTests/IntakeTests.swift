import HTTPTransport
import Libuv
import TestSupport
import Testing

@Suite("What comes before the first request")
struct IntakeTests {
    private static let ada = "PROXY TCP4 192.0.2.7 192.0.2.1 40000 80\r\n"
    private static let grace = "PROXY TCP4 192.0.2.8 192.0.2.1 40000 80\r\n"

    private static func intake(trusting proxies: [String] = ["127.0.0.0/8"]) throws -> HTTPIntake {
        var intake = HTTPIntake()
        intake.proxyHeader = .required
        intake.trustedProxies = try #require(TrustedProxies(proxies))
        return intake
    }

    @Test func `A header and a request may come in any pieces`() async throws {
        try await withServer(intake: Self.intake()) { server in
            let bytes = Array((Self.ada + request("POST", "/peer", content: "x")).utf8)
            for split in 1..<bytes.count {
                let client = try server.connect()
                try client.send(Array(bytes[..<split]))
                // So that the parts come in reads of their own.
                if split % 8 == 0 { try await eventually { server.connectionCount == 1 } }
                try client.send(Array(bytes[split...]))
                #expect(try client.receiveResponse().text == "192.0.2.7")
                client.socket.close()
                try await server.waitUntilEmpty()
            }
        }
    }

    @Test func `All requests of a connection are those of whom its header names`() async throws {
        try await withServer(loopCount: 2, intake: Self.intake()) { server in
            let client = try server.connect()
            #expect(try client.exchange(Self.ada + request("GET", "/peer")).text == "192.0.2.7")
            #expect(try client.exchange(request("GET", "/peer")).text == "192.0.2.7")
            let check = try server.connect()
            let local = ProxyHeaderTests.binary(0x20, 0, [])
            try check.send(local + Array(request("GET", "/peer").utf8))
            #expect(try check.receiveResponse().text == "127.0.0.1")
        }
    }

    @Test func `What is no header closes the connection, and is told`() async throws {
        try await withServer(intake: Self.intake()) { server in
            let client = try server.connect()
            try client.send(request("GET", "/peer"))
            #expect(try client.receiveRest() == [])
            await server.troubles.wait(
                for: "closed a connection from 127.0.0.1: there is no PROXY header"
            )
            try await server.waitUntilEmpty()
            #expect(server.script.journal.events.isEmpty)
        }
    }

    @Test func `Whoever is no trusted proxy is sent away unheard`() async throws {
        try await withServer(intake: Self.intake(trusting: ["10.0.0.0/8"])) { server in
            let client = try server.connect()
            #expect(try client.receiveRest() == [])
            await server.troubles.wait(
                for: "closed a connection from 127.0.0.1: only trusted proxies may connect"
            )
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `A header that does not come closes the connection in time`() async throws {
        try await withServer(intake: Self.intake()) {
            $0.headSeconds = 2
        } _: { server in
            let client = try server.connect()
            try client.send("PROXY TC")
            #expect(try client.receiveRest() == [])
            await server.troubles.wait(
                for: "closed a connection from 127.0.0.1: the PROXY header did not come in time"
            )
            try await server.waitUntilEmpty()
        }
    }

    @Test func `Connections count as those of whom the header names`() async throws {
        try await withServer(intake: Self.intake()) {
            $0.connectionPerPeerCountMax = 1
        } _: { server in
            let first = try server.connect()
            #expect(try first.exchange(Self.ada + request("GET", "/peer")).status == 200)
            let second = try server.connect()
            try second.send(Self.ada + request("GET", "/peer"))
            #expect(try second.receiveRest() == [])
            let third = try server.connect()
            #expect(try third.exchange(Self.grace + request("GET", "/peer")).status == 200)
            // A proxy's own have no such limit.
            let checks = try (1...3).map { _ in try server.connect() }
            for check in checks {
                let answer = try check.exchange("PROXY UNKNOWN\r\n" + request("GET", "/peer"))
                #expect(answer.status == 200)
            }
            first.socket.close()
            try await eventually { server.connectionCount == 4 }
            let again = try server.connect()
            #expect(try again.exchange(Self.ada + request("GET", "/peer")).status == 200)
            for client in checks + [third, again] { client.socket.close() }
            try await server.waitUntilEmpty()
        }
    }

    @Test func `Connections of a trusted proxy without headers have no limit of one peer`()
        async throws
    {
        var intake = try Self.intake()
        intake.proxyHeader = .refused
        try await withServer(intake: intake) {
            $0.connectionPerPeerCountMax = 1
        } _: { server in
            let clients = try (1...3).map { _ in try server.connect() }
            for client in clients {
                #expect(try client.exchange(request("GET", "/peer")).text == "127.0.0.1")
            }
            // And what looks like a header is no request.
            let other = try server.connect()
            #expect(try other.exchange(Self.ada + request("GET", "/peer")).status == 400)
        }
    }

    @Test func `A drain ends what has said nothing, and serves whose header is on its way`()
        async throws
    {
        try await withServer(intake: Self.intake()) {
            $0.newcomerSeconds = 1_000_000
        } _: { server in
            let late = try server.connect()
            try late.send("PROXY")
            try await eventually { server.connectionCount == 1 }
            async let drained: Void = server.drain(withinSeconds: 60)
            try await eventually { (try? RawClient(to: server.address)) == nil }
            let rest = String(Self.ada.dropFirst(5)) + request("GET", "/peer")
            let answer = try late.exchange(rest)
            #expect(answer.text == "192.0.2.7")
            #expect(answer["connection"] == "close")
            late.socket.close()
            await drained
        }
    }

    @Test func `A drain is not over while the last one becomes a connection`() async throws {
        try await withServer(intake: Self.intake()) {
            $0.newcomerSeconds = 1_000_000
        } _: { server in
            let late = try server.connect()
            try late.send("PROXY")
            try await eventually { server.connectionCount == 1 }
            let journal = Journal<String>()
            async let drained: Void = {
                await server.drain(withinSeconds: 60)
                journal.note("drained")
            }()
            try await eventually { (try? RawClient(to: server.address)) == nil }
            try late.send(String(Self.ada.dropFirst(5)))
            // Long enough for the header to be read; nothing is answered yet, and nothing is over.
            #expect(!late.socket.hasInput(withinMilliseconds: 200))
            #expect(journal.count(of: "drained") == 0)
            #expect(try late.exchange(request("GET", "/peer")).text == "192.0.2.7")
            late.socket.close()
            await drained
        }
    }
}
