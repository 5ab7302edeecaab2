import JWT
import Libuv
import Martlet

/// What somebody needs who starts a development server for the first time: tokens, a request that
/// works when pasted, and what an editor wants to know.
struct FirstSteps {
    let text: String

    /// - Parameters:
    ///   - server: Bound, so that its addresses are known.
    ///   - endpointPath: Where the endpoint is on this server.
    ///   - issuer: Who signs.
    ///   - secret: What the issuer signs with.
    ///   - now: When the tokens are signed.
    /// - Throws: ``KeyError`` if the secret is too short.
    init(
        server: MCPServer,
        endpointPath: String,
        issuer: IssuerSettings,
        secret: [UInt8],
        now: NumericDate
    ) throws(KeyError) {
        var tokens: [(role: String, token: String)] = []
        for role in TokenCommand.RoleName.allCases.map(\.rawValue) {
            let request = TokenRequest(role: role, subject: role, seconds: issuer.tokenSeconds)
            let token = try request.sign(
                as: issuer,
                audience: issuer.audiences.first ?? server.url,
                secret: secret,
                now: now
            )
            tokens.append((role, token))
        }
        let token = tokens[0].token
        text = """

            A token for each role, good for \(Self.words(issuer.tokenSeconds)); \
            `martlet token --role ROLE` makes more:

            \(tokens.map { "\($0.role.padded)\($0.token)" }.joined(separator: "\n"))

            To see the tools, paste this:

            \(Self.curl(server, endpointPath: endpointPath, token: token))

            For an editor, in its mcp.json (in VS Code the outer name is "servers"):

            \(Self.editorSnippet(url: server.url, token: token))


            """
    }

    /// A request of the newest protocol version, which needs no session.
    private static func curl(_ server: MCPServer, endpointPath: String, token: String) -> String {
        let body = """
            {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{\
            "io.modelcontextprotocol/protocolVersion":"\(protocolVersion)",\
            "io.modelcontextprotocol/clientCapabilities":{}}}}
            """
        let fields = [
            "Authorization: Bearer \(token)",
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            "MCP-Protocol-Version: \(protocolVersion)",
            "Mcp-Method: tools/list",
        ]
        let words =
            ["curl", "-sS"] + target(server.addresses, endpointPath: endpointPath).map(\.shellWord)
            + fields.flatMap { ["-H", $0.shellWord] } + ["-d", body.shellWord]
        return words.joined(separator: " ")
    }

    private static let protocolVersion = ProtocolVersion.v2026_07_28.rawValue

    /// Where curl reaches the server from this machine.
    private static func target(_ addresses: [SocketAddress], endpointPath: String) -> [String] {
        for address in addresses {
            switch address {
            case .ipv4("0.0.0.0", let port): return ["http://127.0.0.1:\(port)\(endpointPath)"]
            case .ipv6("::", let port): return ["http://[::1]:\(port)\(endpointPath)"]
            case .ipv4, .ipv6: return ["http://\(address)\(endpointPath)"]
            case .unix: continue
            }
        }
        guard case .unix(let path) = addresses.first else { return [] }
        return ["--unix-socket", path, "http://localhost\(endpointPath)"]
    }

    private static func editorSnippet(url: String, token: String) -> String {
        """
        {
          "mcpServers": {
            "martlet": {
              "type": "http",
              "url": "\(url)",
              "headers": { "Authorization": "Bearer \(token)" }
            }
          }
        }
        """
    }

    private static func words(_ seconds: Int64) -> String {
        seconds % 3_600 == 0 ? "\(seconds / 3_600) h" : "\(seconds) s"
    }
}

extension String {
    fileprivate var padded: String {
        self + String(repeating: " ", count: max(1, 10 - count))
    }

    /// The text as one word of a POSIX shell.
    fileprivate var shellWord: String {
        let isPlain = utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-")...UInt8(ascii: ":"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
    }
}
