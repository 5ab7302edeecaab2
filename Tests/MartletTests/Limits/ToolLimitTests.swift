import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Limits on calls of one tool")
struct ToolLimitTests {
    /// A bucket that gets one back in a time that no test lasts would be 0 a second; one a second
    /// and three at once are tried at once.
    private static func limit(_ configuration: inout ServerConfiguration) {
        configuration.callsPerSubject = ["write": RateLimit(perSecond: 1, burst: 3)]
        // No time passes: what comes back in a second does not come back within the test.
        configuration.transport.tickMilliseconds = 60_000
    }

    private func statuses(
        _ client: Client,
        _ message: Message,
        _ token: String,
        count: Int
    ) throws -> [Response] {
        try (0..<count).map { _ in try client.exchange(.message(message, token: token)) }
    }

    @Test(arguments: [true, false])
    func `As many calls as the burst are served and the next is refused, in either era`(
        isModern: Bool
    ) async throws {
        try await withServer(Self.limit) { server in
            let call =
                isModern ? Message.call("write") : .legacy("tools/call", params: #""name":"write""#)
            let client = try server.connect()
            var responses: [Response] = []
            // A second that passes in the middle gives one more.
            while responses.last?.status != 429, responses.count < 50 {
                responses += try statuses(client, call, token(), count: 1)
            }
            #expect(responses.count >= 4)
            #expect(responses.dropLast().allSatisfy { $0.status == 200 })
            let refused = try #require(responses.last)
            #expect(refused["Retry-After"] == "1")
            #expect(refused["RateLimit-Policy"] == #""tool";q=3;w=3"#)
            #expect(refused["RateLimit"]?.hasPrefix(#""tool";r=0;t="#) == true)
            #expect(server.journal.count(of: "written") == responses.count - 1)
        }
    }

    @Test func `Neither other tools nor other subjects are refused for it`() async throws {
        try await withServer(Self.limit) { server in
            let client = try server.connect()
            _ = try statuses(client, .call("write"), token("ada"), count: 10)
            #expect(try statuses(client, .call("whoami"), token("ada"), count: 1)[0].status == 200)
            let other = try statuses(client, .call("write"), token("grace"), count: 3)
            #expect(other.map(\.status) == [200, 200, 200])
        }
    }

    @Test func `Whoever may not call the tool is told that, and takes nothing from anybody`()
        async throws
    {
        try await withServer(Self.limit) { server in
            let client = try server.connect()
            let refused = try statuses(
                client,
                .call("write"),
                token("ada", role: "readonly"),
                count: 10
            )
            #expect(refused.allSatisfy { $0.status == 403 })
            let allowed = try statuses(client, .call("write"), token("ada"), count: 3)
            #expect(allowed.map(\.status) == [200, 200, 200])
        }
    }

    @Test func `Answers of a limited tool say what is left, and no others do`() async throws {
        try await withServer(Self.limit) { server in
            let client = try server.connect()
            let first = try statuses(client, .call("write"), token(), count: 1)[0]
            #expect(first["RateLimit-Policy"] == #""tool";q=3;w=3"#)
            #expect(first["RateLimit"] == #""tool";r=2;t=1"#)
            let other = try statuses(client, .call("whoami"), token(), count: 1)[0]
            #expect(other["RateLimit"] == nil)
            #expect(other["RateLimit-Policy"] == nil)
        }
    }

    @Test func `Each call of a batch counts`() async throws {
        try await withServer(Self.limit) { server in
            let calls = (1...6).map { id in
                Message.legacy("tools/call", params: #""name":"write""#, id: "\(id)").body
            }
            let batch = Message(body: "[\(calls.joined(separator: ","))]")
            let response = try server.exchange(batch, token: token())
            let answers = try #require(response.json).elements
            #expect(answers.count == 6)
            #expect(answers.prefix(3).allSatisfy { $0["result"] != nil })
            #expect(answers.suffix(2).allSatisfy { $0["error"] != nil })
        }
    }

    @Test func `A limit on a tool that there is not is found at the start`() {
        #expect(throws: ConfigurationError.unknownToolLimit("wirte")) {
            try TestServer(loopCount: 1, logger: LogOutput().logger) {
                $0.callsPerSubject = ["wirte": RateLimit(perSecond: 1, burst: 1)]
            }
        }
    }

    @Test func `Every answer says what is left of the share where that is wanted`() async throws {
        try await withServer({
            $0.requestsPerSubject = RateLimit(perSecond: 10, burst: 100)
            $0.tellsRateLimits = true
        }) { server in
            let client = try server.connect()
            let list = try client.exchange(.message(.modern("tools/list"), token: token()))
            #expect(list["RateLimit-Policy"] == #""requests";q=100;w=10"#)
            #expect(list["RateLimit"] == #""requests";r=99;t=1"#)
            let again = try client.exchange(.message(.call("whoami"), token: token()))
            #expect(again["RateLimit"]?.hasPrefix(#""requests";r=9"#) == true)
            let refused = try client.exchange(
                .message(.call("write"), token: token(role: "readonly"))
            )
            #expect(refused.status == 403)
            #expect(refused["RateLimit"]?.hasPrefix(#""requests";r=9"#) == true)
            let stranger = try client.exchange(.message(.modern("tools/list"), token: nil))
            #expect(stranger["RateLimit"] == nil)
        }
    }
}
