import AccessControl
import MCP
import ProtocolTestSupport
import Testing

/// What the modern protocol refuses: HTTP status and JSON-RPC code of every row of its error table
/// whose feature exists.
@Suite("Refusals of MCP 2026-07-28")
struct ModernRefusalTests {
    private let fixture: Fixture

    init() throws {
        fixture = try Fixture()
    }

    private func expect(
        _ code: Int,
        _ statusCode: Int,
        _ message: Message,
        id: JSONTree? = .number("1"),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answer = try fixture.answer(to: message, sourceLocation: sourceLocation)
        #expect(answer.errorCode == code, sourceLocation: sourceLocation)
        #expect(answer.statusCode == statusCode, sourceLocation: sourceLocation)
        #expect(answer.id == id, sourceLocation: sourceLocation)
    }

    private let list = Message.modern("tools/list")

    @Test(arguments: ["", "{", "nonsense", "{\"a\":1,}", "{}{}", "{\"a\":\"\u{1}\"}"])
    func `A body that is not JSON is a parse error`(body: String) throws {
        try expect(-32_700, 400, list.saying(body), id: nil)
    }

    @Test func `A body nested deeper than 64 is a parse error`() throws {
        let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
        try expect(-32_700, 400, list.saying(deep), id: nil)
    }

    @Test(arguments: [
        "null", "true", "1", "\"tools/list\"", "[]",
        #"[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]"#, "{}",
        #"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":true,"method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":[],"method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}"#,
    ])
    func `JSON that is not one request is an invalid request without an id`(body: String) throws {
        try expect(-32_600, 400, list.saying(body), id: nil)
    }

    @Test(arguments: [
        #"{"id":1,"method":"tools/list"}"#, #"{"jsonrpc":"1.0","id":1,"method":"tools/list"}"#,
        #"{"jsonrpc":2.0,"id":1,"method":"tools/list"}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":"2.0","id":1,"method":7}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{},"params":{}}"#,
        #"{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","m\u0065thod":"x"}"#,
    ])
    func `A request whose envelope is wrong is refused with its id`(body: String) throws {
        try expect(-32_600, 400, list.saying(body))
    }

    @Test(arguments: [
        nil, "{}", #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#,
        #"{"io.modelcontextprotocol/clientCapabilities":{}}"#,
        #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientCapabilities":[]}"#,
        #"{"io.modelcontextprotocol/protocolVersion":1,"#
            + #""io.modelcontextprotocol/clientCapabilities":{}}"#,
        "7", "null",
    ])
    func `A request without version and capabilities in meta has invalid params`(
        meta: String?
    ) throws {
        try expect(-32_602, 400, .modern("tools/list", meta: meta))
    }

    @Test func `A request need not have params at all to be told what is missing`() throws {
        try expect(-32_602, 400, list.saying(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#))
    }

    static let call = Message.call("greet", arguments: #"{"name":"ada"}"#)

    @Test(arguments: [
        call.without("Mcp-Method"), call.having("Mcp-Method", "tools/list"),
        call.having("Mcp-Method", "Tools/Call"), call.having("Mcp-Method", ""),
        call.adding("Mcp-Method", "tools/call"), call.without("Mcp-Name"),
        call.having("Mcp-Name", "list"), call.having("Mcp-Name", "Greet"),
        call.having("Mcp-Name", ""), call.adding("Mcp-Name", "greet"),
        call.having("Mcp-Name", "=?base64?Z3JlZXQ?="),
        call.having("Mcp-Name", "=?base64?!!!!?="), call.having("Mcp-Name", "=?base64?/w==?="),
        call.having("Mcp-Name", "=?base64?bGlzdA==?="),
        call.adding("MCP-Protocol-Version", "2026-07-28"),
        call.adding("MCP-Protocol-Version", "2025-11-25"),
        call.having("MCP-Protocol-Version", "2099-12-31"),
        Message.modern("nobody/knows").having("Mcp-Method", "nobody/cares"),
        Message.initialize("2025-11-25")
            .having("MCP-Protocol-Version", "2026-07-28").having("Mcp-Method", "initialize"),
    ])
    func `Fields that are missing, repeated or other than the body are a header mismatch`(
        message: Message
    ) throws {
        try expect(-32_020, 400, message)
    }

    @Test func `A name in base64 is decoded before it is compared`() throws {
        let message = Self.call.having("Mcp-Name", "=?base64?Z3JlZXQ=?=")
        #expect(try fixture.answer(to: message).call?.name == "greet")
    }

    @Test func `A version that nobody serves is answered with those that are served`() throws {
        let meta = Message.meta.replacing("2026-07-28", with: "2099-12-31")
        let message = Message.modern("tools/list", meta: meta)
            .having("MCP-Protocol-Version", "2099-12-31")
        let answer = try fixture.answer(to: message)

        #expect(answer.errorCode == -32_022)
        #expect(answer.statusCode == 400)
        let data = answer.json?["error"]?["data"]
        #expect(data?["requested"]?.string == "2099-12-31")
        #expect(
            data?["supported"]?.elements.compactMap(\.string)
                == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"]
        )
    }

    @Test(arguments: [
        "no/such/method", "initialize", "ping", "logging/setLevel", "resources/subscribe",
        "tools/List", "notifications/cancelled", "tools/list ", "\\u0074ools/lis",
    ])
    func `A method that is not of this revision is not found`(method: String) throws {
        let name = method.replacing("\\u0074", with: "t")
        try expect(-32_601, 404, .modern(method).having("Mcp-Method", name))
    }

    @Test func `An unknown method is named at a length that an error message bears`() throws {
        let long = String(repeating: "m\u{301}\u{301}\u{301}", count: 300)
        let answer = try fixture.answer(to: .modern(long))
        #expect(answer.errorCode == -32_601)
        let message = try #require(answer.json?["error"]?["message"]?.string)
        #expect(message.unicodeScalars.count == "Method not found: ".count + 64)

        let exact = String(repeating: "m", count: 64)
        let whole = try fixture.answer(to: .modern(exact)).json?["error"]?["message"]?.string
        #expect(whole == "Method not found: \(exact)")
    }

    @Test(arguments: [
        Message.call("nobody"), Message.call("Greet"),
        Message.modern("tools/list", params: #""cursor":"made up""#),
        Message.modern("tools/list", params: #""cursor":null"#),
        Message.call("greet", arguments: "[]"), Message.call("greet", arguments: "null"),
        Message.modern("tools/call", params: #""arguments":{}"#).adding("Mcp-Name", "greet"),
        Message.modern("tools/call", params: #""name":7"#).adding("Mcp-Name", "7"),
        Message.modern(
            "tools/list",
            meta: #"{"io.modelcontextprotocol/logLevel":"shouting","# + Message.meta.dropFirst()
        ),
        Message.modern(
            "tools/list",
            meta: #"{"io.modelcontextprotocol/logLevel":1,"# + Message.meta.dropFirst()
        ),
        Message.call(
            "list",
            meta: #"{"dev.martlet/idempotencyKey":1,"# + Message.meta.dropFirst()
        ),
    ])
    func `Params that make no sense are invalid`(message: Message) throws {
        try expect(-32_602, 400, message)
    }

    @Test(arguments: [
        #""name":"list","arguments":{},"arguments":{}"#, #""name":"list","name":"wipe.all""#,
        #""name":"wipe.all","name":"list""#, #""name":"list","n\u0061me":"list""#,
        #""name":"list","_meta":{}"#, #""name":"list","x":1,"x":1"#,
    ])
    func `A member of params that occurs twice is refused`(params: String) throws {
        let message = Message.modern("tools/call", params: params).adding("Mcp-Name", "list")
        try expect(-32_602, 400, message)
    }

    @Test func `A member of meta that occurs twice is refused`() throws {
        let meta =
            #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","# + Message.meta.dropFirst()
        try expect(-32_602, 400, .modern("tools/list", meta: meta))
    }

    @Test func `A log level that exists is accepted`() throws {
        let meta =
            #"{"io.modelcontextprotocol/logLevel":"emergency","# + Message.meta.dropFirst()
        #expect(try fixture.answer(to: .modern("tools/list", meta: meta)).statusCode == 200)
    }
}
