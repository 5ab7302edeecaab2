import AgentLoad
import Testing

@Suite("Answers, as agents check them")
struct AnswerTests {
    private func check(
        _ text: String,
        isEventStream: Bool = false,
        _ shape: Answer.Shape = .content
    ) throws -> Answer {
        let bytes = Array(text.utf8)
        return try Answer(bytes.span, isEventStream: isEventStream, id: 7, shape: shape)
    }

    private static let right =
        #"{"jsonrpc":"2.0","id":7,"result":{"content":[],"structuredContent":{"id":12,"title":"x"}}}"#

    @Test func `The answer to this request, with what was asked for, is right`() throws {
        #expect(try check(Self.right).todoID == 12)
        let nested =
            #"{"id":7,"jsonrpc":"2.0","result":{"structuredContent":{"todo":{"id":3}},"content":[]}}"#
        #expect(try check(nested).todoID == 3)
        let tools = #"{"jsonrpc":"2.0","id":7,"result":{"tools":[]}}"#
        #expect(try check(tools, .tools).todoID == nil)
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":8,"result":{"content":[]}}"#, FailureKind.wrongID),
        (#"{"jsonrpc":"2.0","id":"7","result":{"content":[]}}"#, .wrongID),
        (#"{"jsonrpc":"2.0","result":{"content":[]}}"#, .wrongID),
        (
            #"{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":""}}"#,
            .rpcError(code: -32602)
        ),
        (#"{"jsonrpc":"2.0","id":7,"result":{"content":[],"isError":true}}"#, .toolError),
        (#"{"jsonrpc":"2.0","id":7,"result":{}}"#, .incompleteResult),
        (#"{"jsonrpc":"2.0","id":7,"result":{"content":{}}}"#, .incompleteResult),
        (#"{"jsonrpc":"2.0","id":7}"#, .notJSONRPC),
        (#"{"jsonrpc":"1.0","id":7,"result":{"content":[]}}"#, .notJSONRPC),
        (#"{"jsonrpc":"2.0","id":7,"result":{"content":[]}"#, .notJSONRPC),
        (#"[]"#, .notJSONRPC),
        ("", .notJSONRPC),
        ("constant", .notJSONRPC),
    ])
    func `A wrong answer fails, each in its way`(text: String, kind: FailureKind) {
        #expect(throws: kind) { try check(text) }
    }

    @Test func `On an event stream the answer is found after what was said before it`() throws {
        let stream =
            "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\r\n\r\n"
            + ": a comment\n\ndata: \(Self.right)\n\n"
        #expect(try check(stream, isEventStream: true).todoID == 12)
        #expect(throws: FailureKind.notJSONRPC) {
            try check("data: {\"method\":\"x\"}\n\n", isEventStream: true)
        }
    }

    @Test func `Only a connection, a lost answer, 503 and 429 can be worth another attempt`() {
        #expect(FailureKind.status(503).retriable == .overloaded)
        #expect(FailureKind.status(429).retriable == .tooMany)
        #expect(FailureKind.connect(reason: "ECONNREFUSED").retriable == .connect)
        #expect(FailureKind.lost.retriable == .lost)
        for kind in [FailureKind.status(500), .status(401), .timeout, .toolError, .wrongID] {
            #expect(kind.retriable == nil)
        }
    }
}
