import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("The life of a tool call")
struct CallLifeTests {
    private let wait = Message.call("wait")

    @Test func `A call that takes too long is answered, and its late result reaches nobody`()
        async throws
    {
        try await withServer({ $0.transport.responseSeconds = 1 }) { server in
            let client = try server.connect()
            let response = try client.exchange(.message(wait, token: token()))
            #expect(response.status == 200)
            #expect(response.result?["isError"]?.bool == true)
            #expect(response.toolText == "The tool did not finish within 1 seconds.")
            await server.journal.wait(for: "cancelled")

            // The connection is used on, and what the tool says now is no answer to anything.
            let list = Request.message(.modern("tools/list", id: "2"), token: try token())
            #expect(try client.exchange(list).json?["id"]?.integer == 2)
            server.gate.open()
            await server.journal.wait(for: "finished")
            #expect(try client.exchange(list).json?["id"]?.integer == 2)
        }
    }

    @Test func `A client that vanishes cancels its call in the modern era`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.send(.message(wait, token: token()))
            await server.gate.wait(forArrivals: 1)
            client.socket.reset()
            await server.journal.wait(for: "cancelled")
            server.gate.open()
            await server.journal.wait(for: "finished")
            #expect(try server.exchange(.modern("tools/list"), token: token()).status == 200)
        }
    }

    @Test func `A client that closes its connection cancels its call in the modern era`()
        async throws
    {
        try await withServer { server in
            let client = try server.connect()
            try client.send(.message(wait, token: token()))
            await server.gate.wait(forArrivals: 1)
            client.socket.close()
            await server.journal.wait(for: "cancelled")
            server.gate.open()
            await server.journal.wait(for: "finished")
            #expect(try server.exchange(.modern("tools/list"), token: token()).status == 200)
        }
    }

    @Test func `A client that vanishes cancels nothing in the legacy era`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let call = Message.legacy("tools/call", params: #""name":"wait""#)
            try client.send(.message(call, token: token()))
            await server.gate.wait(forArrivals: 1)
            client.socket.reset()
            // Another request and answer, so that the loop has seen the reset.
            #expect(try server.exchange(.modern("tools/list"), token: token()).status == 200)
            server.gate.open()
            await server.journal.wait(for: "finished")
            #expect(server.journal.count(of: "cancelled") == 0)
        }
    }

    @Test func `A call that waits holds up nobody else of its loop`() async throws {
        try await withServer { server in
            let slow = try server.connect()
            try slow.send(.message(wait, token: token()))
            await server.gate.wait(forArrivals: 1)
            let quick = try server.exchange(.call("whoami"), token: token("eve"))
            #expect(quick.toolText == "eve in default")
            server.gate.open()
            #expect(try slow.receive().toolText == "waited")
        }
    }

    @Test func `Pipelined calls are answered in their order`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let token = try token()
            try client.send(.message(.call("wait", id: "0"), token: token))
            for id in 1..<20 {
                try client.send(.message(.call("whoami", id: "\(id)"), token: token))
            }
            await server.gate.wait(forArrivals: 1)
            server.gate.open()
            for id in 0..<20 {
                #expect(try client.receive().json?["id"]?.integer == id)
            }
        }
    }

    @Test func `A server that stops finishes what it has begun and takes nothing new`()
        async throws
    {
        try await withServer { server in
            let (busy, idle) = (try server.connect(), try server.connect())
            #expect(try idle.exchange(.get("/readyz")).status == 200)
            let late = try server.connect()
            try late.socket.send("GET /readyz HTTP/1.1\r\nHost: x\r\n")
            try busy.send(.message(wait, token: token()))
            await server.gate.wait(forArrivals: 1)

            async let stopped: Void = server.server.stop()
            // It has begun to stop when it closes what is idle.
            #expect(try idle.isClosedByServer())
            #expect(throws: (any Error).self) { try server.exchange(.get("/readyz")) }
            // A probe that was on its way learns that the server is leaving.
            try late.socket.send("\r\n")
            let notReady = try late.receive()
            #expect(notReady.status == 503)
            #expect(notReady["Retry-After"] == "5")

            server.gate.open()
            let response = try busy.receive()
            #expect(response.toolText == "waited")
            #expect(response["Connection"] == "close")
            #expect(try busy.isClosedByServer())
            await stopped
        }
    }
}
