import Synchronization
import TestSupport
import Testing

@Suite("Handlers, which idle connections have none of")
struct HandlerReuseTests {
    @Test(arguments: ["/echo", "/later"])
    func `A handler serves one connection after the other`(path: String) async throws {
        try await withServer { server in
            let clients = try (1...20).map { _ in try server.connect() }
            for number in 1...3 {
                for (index, client) in clients.enumerated() {
                    let text = "\(number) of \(index)"
                    let response = try client.exchange(request("POST", path, content: text))
                    #expect(response.text == "POST \(path) \(text)")
                }
            }
            #expect(server.script.handlerCount.load(ordering: .relaxed) == 1)
            for client in clients { client.socket.close() }
        }
    }

    @Test func `There are as many handlers as there were requests at once`() async throws {
        try await withServer { server in
            let waiting = try (1...3).map { _ in try server.connect() }
            for client in waiting { try client.send(request("GET", "/gate")) }
            await server.script.gate.wait(forArrivals: 3)
            let other = try server.connect()
            for _ in 1...5 {
                #expect(try other.exchange(request("GET", "/echo")).status == 200)
            }
            #expect(server.script.handlerCount.load(ordering: .relaxed) == 4)
            server.script.gate.open()
            for client in waiting {
                #expect(try client.receiveResponse().text == "GET /gate ")
                #expect(try client.exchange(request("GET", "/echo")).status == 200)
            }
            #expect(server.script.handlerCount.load(ordering: .relaxed) == 4)
            other.socket.close()
        }
    }

    @Test func `A handler that does not forget its connection stays with it`() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.exchange(request("GET", "/linger")).status == 200)
            let other = try server.connect()
            for _ in 1...3 {
                #expect(try client.exchange(request("GET", "/echo")).status == 200)
                #expect(try other.exchange(request("GET", "/echo")).status == 200)
            }
            #expect(server.script.handlerCount.load(ordering: .relaxed) == 2)
            client.socket.close()
            other.socket.close()
        }
    }
}
