import AccessControl
import Libuv
import Logging
import MCP
import Martlet
import TestSupport
import Testing

@Suite("Configurations that cannot be served")
struct ConfigurationTests {
    private func error(_ configure: (inout ServerConfiguration) -> Void) throws -> String {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        do {
            let server = try TestServer(loopCount: 1, logger: logger, configure)
            Issue.record("\(server.address) would be served")
            return ""
        } catch let error as ConfigurationError {
            return "\(error)"
        }
    }

    @Test func `Each mistake is named with its value`() throws {
        #expect(try error { $0.addresses = [] } == "no address to listen on")
        #expect(try error { $0.issuers = [] }.hasPrefix("no issuer is trusted"))
        for url in [
            "mcp.example", "ftp://mcp.example", "http://", "https://:80/mcp", "http://a b/",
            "http://a/?q", "http://a/#f", "http://user@a/",
        ] {
            #expect(try error { $0.publicURL = url }.contains("\"\(url)\""))
        }
        for path in ["mcp", "", "/a b", "/a?b", "/a#b", "/é"] {
            #expect(try error { $0.endpointPath = path }.contains("\"\(path)\""))
        }
        for origin in ["page.example", "https://page.example/", "://x", "https://", "null"] {
            #expect(try error { $0.allowedOrigins = [origin] }.contains("\"\(origin)\""))
        }
        for host in ["", "a b", "a/b"] {
            #expect(try error { $0.allowedHosts = [host] }.contains("\"\(host)\""))
        }
        for skew in [-1, 301, Int64.max, .min] {
            #expect(try error { $0.clockSkewSeconds = skew }.contains("not 0 to 300"))
        }
        #expect(
            try error {
                $0.issuers[0].keySource = .secrets([.secret([1, 2, 3], algorithm: .hs256)])
            }.contains("3 bytes")
        )
        #expect(try error { $0.issuers.append($0.issuers[0]) }.contains("configured twice"))
        #expect(try error { $0.issuers[0].keySource = .keys([]) }.contains("has no key"))
    }

    @Test func `A configuration that is refused leaves no socket behind`() throws {
        let port = try freePort()
        let address = SocketAddress.ipv4(host: "127.0.0.1", port: port)
        for mistake: (inout ServerConfiguration) -> Void in [
            { $0.publicURL = "nonsense" }, { $0.allowedHosts = [""] },
            { $0.allowedOrigins = ["nonsense"] }, { $0.clockSkewSeconds = 301 },
        ] {
            _ = try error {
                $0.addresses = [address]
                mistake(&$0)
            }
            #expect(OpenSockets.count(boundToPort: port) == 0)
        }
    }

    /// A port that nobody listens on now.
    private func freePort() throws -> UInt16 {
        let sockets = try ListeningSocket.bind(
            to: .ipv4(host: "127.0.0.1", port: 0),
            count: 1
        )
        let port = try #require(sockets[0].address.port)
        for socket in sockets { socket.close() }
        return port
    }
}
