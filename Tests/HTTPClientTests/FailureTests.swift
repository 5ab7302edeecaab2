import Bytes
import HTTPClient
import Libuv
import TestSupport
import Testing

@Suite("Requests without an answer")
struct FailureTests {
    @Test func `A connection that is refused is an error that says what to check`() async throws {
        try await withAgent { agent, server in
            await server.stop()
            let error = await #expect(throws: HTTPClientError.self) {
                try await agent.get("\(server.url)/keys?hidden")
            }
            guard case .cannotConnect = error?.reason else {
                Issue.record("\(String(describing: error))")
                return
            }
            let text = error?.description ?? ""
            #expect(text.hasPrefix("cannot fetch \(server.url)/keys: "))
            #expect(text.hasSuffix("; check that the server runs and can be reached"))
        }
    }

    @Test func `A name that does not exist is an error of its own`() async throws {
        try await withAgent { agent, _ in
            // RFC 6761 §6.4: no resolver answers for `invalid`.
            let failure = await agent.failure(of: "https://no-such-host.invalid/")
            #expect(failure == .cannotResolve)
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ])
    func `An answer that breaks off is none`(wire: String) async throws {
        try await withAgent { _ in
            .init(wire: wire, then: .finishWriting)
        } _: { agent, server in
            let failure = await agent.failure(of: server.url)
            guard case .connectionLost = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test(arguments: [
        "no status line", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ])
    func `What is not HTTP is no answer`(wire: String) async throws {
        try await withAgent { _ in
            .init(wire: wire, then: .finishWriting)
        } _: { agent, server in
            let failure = await agent.failure(of: server.url)
            #expect(failure != nil)
        }
    }

    @Test func `Cancelling the task ends the transfer and its connection`() async throws {
        try await withAgent { agent, server in
            let url = server.url
            let task = Task { await agent.failure(of: "\(url)/slow") }
            await server.journal.wait(for: "/slow")
            task.cancel()
            #expect(await task.value == .cancelled)
            try await waitUntilNobodyIsConnected(to: server)
        }
    }

    @Test func `A request that waits for others can be cancelled, and the next one served`()
        async throws
    {
        try await withAgent { request in
            request.target == "/slow" ? .silence : .init()
        } limits: {
            $0.transferCountMax = 1
        } _: { agent, server in
            let url = server.url
            let running = Task { await agent.failure(of: "\(url)/slow") }
            await server.journal.wait(for: "/slow")
            let waiting = Task { await agent.failure(of: "\(url)/waits") }
            waiting.cancel()
            #expect(await waiting.value == .cancelled)
            async let next = agent.get("\(url)/next")
            running.cancel()
            #expect(await running.value == .cancelled)
            let answer = try await next
            #expect(answer.statusCode == 200)
            #expect(server.journal.count(of: "/waits") == 0)
        }
    }

    @Test func `A task that is cancelled already asks nobody`() async throws {
        try await withAgent { agent, server in
            let url = server.url
            let gate = Gate()
            let task = Task {
                await gate.pass()
                return await agent.failure(of: url)
            }
            task.cancel()
            gate.open()
            #expect(await task.value == .cancelled)
        }
    }

    @Test func `Closing answers all who wait and closes every connection`() async throws {
        try await withAgent { _ in
            .silence
        } limits: {
            $0.transferCountMax = 4
        } _: { agent, server in
            let url = server.url
            let tasks = (1...10).map { _ in Task { await agent.failure(of: "\(url)/slow") } }
            await server.journal.wait(for: "/slow", count: 4)
            await agent.close()
            for task in tasks { #expect(await task.value == .closed) }
            try await waitUntilNobodyIsConnected(to: server)
            #expect(server.journal.count(of: "/slow") == 4)
            #expect(await agent.failure(of: url) == .closed)
            await agent.close()
        }
    }

    @Test func `Two hundred clients, closed in the middle of a request, leave no socket`()
        async throws
    {
        try await withAgent { request in
            request.target == "/slow" ? .silence : .init(200, "hello")
        } _: { agent, server in
            let url = server.url
            await agent.close()
            let before = OpenSockets.count()
            for round in 1...200 {
                await agent.open(HTTPClientLimits(), caFile: nil)
                let answer = try await agent.get(url)
                #expect(answer.statusCode == 200)
                let slow = Task { await agent.failure(of: "\(url)/slow") }
                await server.journal.wait(for: "/slow", count: round)
                await agent.close()
                #expect(await slow.value == .closed)
            }
            try await waitUntilNobodyIsConnected(to: server)
            #expect(OpenSockets.count() < before + 150)
        }
    }

    @Test func `Two hundred requests at once share eight connections`() async throws {
        try await withAgent { request in
            .init(200, request.target)
        } limits: {
            $0.transferCountMax = 8
        } _: { agent, server in
            let url = server.url
            let bodies = try await withThrowingTaskGroup(of: String?.self) { group in
                for index in 1...200 {
                    group.addTask {
                        String(validating: try await agent.get("\(url)/\(index)").body.span)
                    }
                }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(bodies == Set((1...200).map { "/\($0)" }))
            #expect(await server.requests.count == 200)
            #expect(await server.connectionCount == 8)
        }
    }

    @Test func `One request more than may wait is refused`() async throws {
        try await withAgent { _ in
            .silence
        } limits: {
            $0.transferCountMax = 1
            $0.waitingCountMax = 2
        } _: { agent, server in
            let url = server.url
            let first = Task { await agent.failure(of: "\(url)/slow") }
            await server.journal.wait(for: "/slow")
            let failures = await withTaskGroup(of: HTTPClientError.Reason?.self) { group in
                for _ in 1...3 { group.addTask { await agent.failure(of: url) } }
                let refused = await group.next()
                await agent.close()
                return await group.reduce(into: [refused ?? nil]) { $0.append($1) }
            }
            #expect(failures == [.tooManyTransfers(waitingCountMax: 2), .closed, .closed])
            #expect(await first.value == .closed)
        }
    }
}

/// Waits until the server's side of every connection is closed.
private func waitUntilNobodyIsConnected(to server: ScriptedServer) async throws {
    while await server.openConnectionCount > 0 { await Task.yield() }
}
