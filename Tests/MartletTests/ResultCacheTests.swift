import AccessControl
import JSONSchema
import MCP
import Martlet
import ProtocolTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Results that are told to hold")
struct ResultCacheTests {
    /// A tool that counts how often it runs, and the version of what it says.
    private final class Counted: Sendable {
        let runCount = Atomic<Int>(0)
        let version = Atomic<UInt64>(0)

        /// What happens to the version while the tool runs.
        let versionsRaisedWithin = Atomic<UInt64>(0)

        func features(sharedBy scope: ResultValidator.Scope) -> TestServer.FeatureSet {
            TestServer.FeatureSet { _ in
                ServerFeatures(tools: [self.tool(sharedBy: scope)])
            }
        }

        private func tool(sharedBy scope: ResultValidator.Scope) -> Tool {
            Tool(
                name: "count",
                description: "Says how often it was run.",
                input: ObjectSchema([
                    .optional("n", .integer(min: 0, max: 9), description: "Any number."),
                    .optional("padding", .integer(min: 0, max: 99_999), description: "Bytes."),
                ]),
                permission: .readTodos,
                validator: ResultValidator(sharedBy: scope) { _ in
                    self.version.load(ordering: .relaxed)
                }
            ) { arguments, _ throws(RequestFailure) in
                let count = self.runCount.add(1, ordering: .relaxed).newValue
                self.version.add(
                    self.versionsRaisedWithin.load(ordering: .relaxed),
                    ordering: .relaxed
                )
                if arguments.integer("n") == 9 { throw .rejected(message: "nine, run \(count)") }
                let padding = String(repeating: "x", count: arguments.integer("padding") ?? 0)
                return .text("run \(count)\(padding)")
            }
        }
    }

    private func call(_ arguments: String = "{}", id: String = "1") -> Message {
        Message.call("count", arguments: arguments, id: id)
    }

    private func text(
        of call: Message,
        on server: TestServer,
        by subject: String = "ada"
    ) throws -> String? {
        try server.exchange(call, token: token(subject)).toolText
    }

    @Test func `The same call is answered without running the tool until the version changes`()
        async throws
    {
        let counted = Counted()
        try await withServer(features: counted.features(sharedBy: .workspace)) { server in
            let first = try server.exchange(call(), token: token())
            let second = try server.exchange(call(id: #""two""#), token: token("eve"))
            #expect(first.toolText == "run 1")
            #expect(second.toolText == "run 1")
            #expect(second.json?["id"]?.string == "two")
            #expect(second.result == first.result)

            counted.version.add(1, ordering: .relaxed)
            #expect(try text(of: call(), on: server) == "run 2")
            #expect(counted.runCount.load(ordering: .relaxed) == 2)
        }
    }

    @Test func `Other arguments, another revision and another workspace are other calls`()
        async throws
    {
        let counted = Counted()
        let features = counted.features(sharedBy: .workspace)
        try await withServer(features: features) {
            let own = WorkspaceRule(claimPath: nil, names: .any, absence: .ownOfSubject)
            $0.issuers = [TestServer.trusted(workspace: own)]
        } _: { server in
            let first = try text(of: call(), on: server)
            #expect(first == "run 1")
            #expect(try text(of: call(#"{"n":1}"#), on: server) == "run 2")
            let legacy = Message.legacy("tools/call", params: #""name":"count","arguments":{}"#)
            #expect(try text(of: legacy, on: server) == "run 3")
            #expect(try text(of: call(), on: server, by: "eve") == "run 4")
            // And each is still known.
            let again = try text(of: call(), on: server)
            #expect(again == "run 1")
            #expect(try text(of: legacy, on: server) == "run 3")
        }
    }

    @Test func `What is a subject's own is told to nobody else`() async throws {
        let counted = Counted()
        try await withServer(features: counted.features(sharedBy: .subject)) { server in
            let first = try text(of: call(), on: server)
            #expect(first == "run 1")
            #expect(try text(of: call(), on: server, by: "eve") == "run 2")
            #expect(try text(of: call(), on: server) == "run 1")
        }
    }

    @Test func `Rights are checked and arguments validated before anything is repeated`()
        async throws
    {
        let counted = Counted()
        try await withServer(features: counted.features(sharedBy: .workspace)) { server in
            #expect(try text(of: call(), on: server) == "run 1")
            let refused = try server.exchange(call(), token: token(scope: "list:tools"))
            #expect(refused.status == 403)
            let wrong = try server.exchange(call(#"{"n":"x"}"#), token: token())
            #expect(wrong.result?["isError"]?.bool == true)
        }
    }

    @Test func `A version that changed while the tool ran vouches for nothing`() async throws {
        let counted = Counted()
        counted.versionsRaisedWithin.store(1, ordering: .relaxed)
        try await withServer(features: counted.features(sharedBy: .workspace)) { server in
            let first = try text(of: call(), on: server)
            #expect(first == "run 1")
            #expect(try text(of: call(), on: server) == "run 2")
        }
    }

    @Test func `As many are kept as the limit says, and not one more`() async throws {
        let counted = Counted()
        try await withServer(features: counted.features(sharedBy: .workspace)) { server in
            let client = try server.connect()
            func run(_ padding: Int) throws {
                let message = call(#"{"padding":\#(padding)}"#)
                _ = try client.exchange(.message(message, token: token()))
            }
            let max = ResultCache.entryCountMax
            for _ in 1...2 { for padding in 0..<max { try run(padding) } }
            #expect(counted.runCount.load(ordering: .relaxed) == max)
            try run(max)
            try run(0)
            #expect(counted.runCount.load(ordering: .relaxed) == max + 2)
        }
    }

    @Test(arguments: [(1_024, true), (1_025, false)])
    func `Results of the longest arguments are kept, of longer ones not`(
        byteCount: Int,
        isKept: Bool
    ) async throws {
        #expect(ResultCache.argumentsByteCountMax == 1_024)
        let counted = Counted()
        try await withServer(features: counted.features(sharedBy: .workspace)) { server in
            let arguments = #"{"n":1"# + String(repeating: " ", count: byteCount - 7) + "}"
            #expect(arguments.utf8.count == byteCount)
            let first = try text(of: call(arguments), on: server)
            let second = try text(of: call(arguments), on: server)
            #expect((first == second) == isKept)
        }
    }

    @Test func `Errors and answers beyond the limit are not kept`() async throws {
        let counted = Counted()
        try await withServer(features: counted.features(sharedBy: .workspace)) { server in
            let failing = call(#"{"n":9}"#)
            #expect(try text(of: failing, on: server) == "nine, run 1")
            #expect(try text(of: failing, on: server) == "nine, run 2")

            // The limit is on the whole response, which is measured with the first.
            let measured = try server.exchange(call(#"{"padding":0}"#), token: token())
            let overhead = measured.text.utf8.count
            let fitting = ResultCache.responseByteCountMax - overhead
            for (padding, isKept) in [(fitting, true), (fitting + 1, false)] {
                let message = call(#"{"padding":\#(padding)}"#)
                let first = try server.exchange(message, token: token())
                let second = try server.exchange(message, token: token())
                #expect((first.toolText == second.toolText) == isKept)
            }
        }
    }
}
