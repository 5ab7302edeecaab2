import Libuv
import Testing

@Suite("Socket address")
struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:3000", SocketAddress.ipv4(host: "127.0.0.1", port: 3_000)),
        ("0.0.0.0:0", .ipv4(host: "0.0.0.0", port: 0)),
        ("localhost:80", .ipv4(host: "127.0.0.1", port: 80)),
        ("10.1.2.3:65535", .ipv4(host: "10.1.2.3", port: 65_535)),
        ("[::1]:3000", .ipv6(host: "::1", port: 3_000)),
        ("[::]:1", .ipv6(host: "::", port: 1)),
        ("[2001:db8::1]:443", .ipv6(host: "2001:db8::1", port: 443)),
        ("unix:/run/martlet.sock", .unix(path: "/run/martlet.sock")),
        ("unix:relative", .unix(path: "relative")),
    ])
    func `An address with a port, or a path, is read`(text: String, expected: SocketAddress) {
        #expect(SocketAddress(text) == expected)
    }

    @Test(arguments: [
        "", ":", ":3000", "3000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "127.0.0.1: 1", "127.0.0.1:1 ", "127.0.0.1:٣", "127.0.0:1",
        "256.0.0.1:1", "127.0.0.1.:1", "example.com:80", "LOCALHOST:80", "::1:3000", "[::1]",
        "[::1]:", "[::1:3000", "[127.0.0.1]:80", "[]:80", "[::g]:80", "unix:", "unix:/a\u{0}b",
        "127.0.0.1\u{0}:80", "[::1\u{0}]:80", "http://127.0.0.1:80",
    ])
    func `Anything else is refused`(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `A path of 107 bytes is the longest`() {
        let longest = "/" + String(repeating: "a", count: 106)
        #expect(SocketAddress("unix:" + longest) == .unix(path: longest))
        #expect(SocketAddress("unix:" + longest + "a") == nil)
    }

    @Test(arguments: ["127.0.0.1:3000", "[::1]:3000", "unix:/run/martlet.sock"])
    func `The description reads back as the same address`(text: String) {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("unix:/x", true),
        ("0.0.0.0:1", false), ("[::]:1", false), ("128.0.0.1:1", false),
    ])
    func `Only addresses that this machine alone can reach are loopback`(
        text: String,
        isLoopback: Bool
    ) {
        #expect(SocketAddress(text)?.isLoopback == isLoopback)
    }

    @Test func `Only addresses have a port`() {
        #expect(SocketAddress("127.0.0.1:7")?.port == 7)
        #expect(SocketAddress("[::1]:8")?.port == 8)
        #expect(SocketAddress.unix(path: "/x").port == nil)
    }
}
