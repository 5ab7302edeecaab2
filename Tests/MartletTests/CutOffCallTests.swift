import MCP
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Calls that a server cuts off when it stops", .timeLimit(.minutes(2)))
struct CutOffCallTests {
    /// How a client has called.
    enum Way: CaseIterable {
        case modern, legacy, streaming, batch
    }

    private let legacy = Message.legacy("tools/call", params: #""name":"linger""#)

    @Test(arguments: Way.allCases)
    func `The tool learns of it and ends before what it may need is closed`(
        way: Way
    ) async throws {
        let ends = Journal<String>()
        try await withServer(
            features: .lingering(ends),
            { configuration in
                configuration.drainSeconds = 1
                // Enough turns for the tool in the seconds it has.
                configuration.transport.tickMilliseconds = 400
                configuration.loopsWillStop = { ends.note("closed") }
            }
        ) { server in
            let talk = try StreamTalk(server)
            let client = try server.connect()
            switch way {
            case .modern: try client.send(.message(.call("linger"), token: talk.token))
            case .legacy: try client.send(.message(legacy, token: talk.token))
            case .streaming:
                let params = #""name":"linger","_meta":{"progressToken":"p"}"#
                let session = try talk.beginSession()
                try client.send(talk.request(session, "tools/call", params))
            case .batch:
                // The second of them never begins.
                let batch = Message(body: "[\(legacy.body),\(legacy.body)]")
                try client.send(.message(batch, token: talk.token))
            }
            await server.gate.wait(forArrivals: 1)
            await server.server.stop()
            #expect(ends.events == ["cancelled", "finished", "closed"])
        }
    }

    @Test(arguments: [true, false])
    func `A tool that was called over standard input does too, cut off or timed out`(
        isTimedOut: Bool
    ) async throws {
        let ends = Journal<String>()
        let talk = try StdioTalk(features: .lingering(ends)) { configuration in
            configuration.drainSeconds = isTimedOut ? 1_000 : 1
            configuration.transport.responseSeconds = isTimedOut ? 1 : 1_000
            configuration.transport.tickMilliseconds = 400
            configuration.loopsWillStop = { ends.note("closed") }
        }
        try talk.send(Message.call("linger").body)
        await talk.gate.wait(forArrivals: 1)
        talk.stop()
        _ = try await talk.finish()
        #expect(ends.events == ["cancelled", "finished", "closed"])
    }

    /// What is left behind is left for good: held here, so that it is not lost.
    private static let closedGate = Gate()

    @Test func `A tool that does not end is waited for no longer than it may`() async throws {
        let features = TestServer.FeatureSet { parts in
            ServerFeatures(tools: [.wait(Self.closedGate, parts.journal)])
        }
        try await withServer(features: features, { $0.drainSeconds = 1 }) { server in
            let client = try server.connect()
            try client.send(.message(.call("wait"), token: token()))
            await Self.closedGate.wait(forArrivals: 1)
            await server.server.stop()
            #expect(throws: (any Error).self) { try client.receive() }
            #expect(server.journal.events == ["cancelled"])
        }
    }
}

extension TestServer.FeatureSet {
    /// A tool that is cancelled, and then takes more turns to end than a server that waits for nobody.
    fileprivate static func lingering(_ ends: Journal<String>) -> TestServer.FeatureSet {
        TestServer.FeatureSet { parts in
            let linger = Tool(
                name: "linger",
                description: "Ends late.",
                input: ObjectSchema([]),
                permission: .readTodos
            ) { _, context in
                context.report(progress: 1, of: 2)
                await withTaskCancellationHandler {
                    await parts.gate.pass()
                } onCancel: {
                    ends.note("cancelled")
                    parts.gate.open()
                }
                for _ in 1...10_000 { await Task.yield() }
                ends.note("finished")
                return .text("lingered")
            }
            return ServerFeatures(tools: [linger])
        }
    }
}
