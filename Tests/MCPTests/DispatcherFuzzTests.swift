import AccessControl
import MCP
import ProtocolTestSupport
import Testing

@Suite("Hostile messages")
struct DispatcherFuzzTests {
    private static let seed: UInt64 = 0x6D61_7274_6C65_7401

    /// What a mutation may put in the place of something else.
    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "1e999", "-0", "{}",
        "\"_meta\":{}", "\"id\":1,", "\"params\":", "tools/call", "\u{0}", "\u{1F600}",
        "2026-07-28",
    ]

    @Test func `No mutation of a message traps, and every answer is well-formed`() throws {
        let fixture = try Fixture()
        let messages = [
            Message.modern("server/discover"), .modern("tools/list"),
            .call("greet", arguments: #"{"name":"ada","times":2}"#, id: #""é\n""#),
            .modern("notifications/cancelled", params: #""requestId":1"#, id: nil),
            .initialize("2025-11-25"), .legacy("ping"), .legacy("tools/list"),
            .legacy("tools/call", params: #""name":"greet","arguments":{"name":"a"}"#),
        ]
        let callers = [fixture.admin, fixture.readonly, fixture.scoped("openid")]
        let sessions: [ProtocolVersion?] = [nil, .v2025_03_26, .v2025_06_18, .v2025_11_25]
        var generator = SeededGenerator(seed: Self.seed)
        for round in 0..<20_000 {
            let message = messages[round % messages.count]
            var body = Array(message.body.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                Self.mutate(&body, using: &generator)
            }
            var fields = message.fields
            if Bool.random(using: &generator), let field = fields.randomElement(using: &generator) {
                fields.append(field)
            }
            if Int.random(in: 0..<8, using: &generator) == 0, !fields.isEmpty {
                fields.remove(at: Int.random(in: fields.indices, using: &generator))
            }
            let answer = try fixture.answer(
                to: body,
                fields: MirroredFields(fields),
                session: sessions[Int.random(in: sessions.indices, using: &generator)],
                as: callers[round % callers.count]
            )
            // Reading every argument must be safe whatever the client wrote.
            if let call = answer.call {
                _ = call.arguments.string("name")
                _ = call.arguments.integer("times")
            }
        }
    }

    private static func mutate(_ body: inout [UInt8], using generator: inout SeededGenerator) {
        guard !body.isEmpty else { return }
        let index = Int.random(in: body.indices, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: body[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: body.remove(at: index)
        case 2: body.removeSubrange(index...)
        case 3:
            let end = Int.random(in: index...body.count, using: &generator)
            body.insert(contentsOf: body[index..<end], at: index)
        default:
            let piece = pieces[Int.random(in: pieces.indices, using: &generator)]
            body.insert(contentsOf: piece.utf8, at: index)
        }
    }
}
