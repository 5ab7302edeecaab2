import HTTP1
import Testing

@Suite("Host (RFC 9110 §7.2, RFC 9112 §3.2)")
struct HostTests {
    @Test(arguments: [
        ("example.com", "example.com"), ("EXAMPLE.com:8080", "EXAMPLE.com"),
        ("localhost:0", "localhost"), ("127.0.0.1:65535", "127.0.0.1"), ("a_b-c.~d", "a_b-c.~d"),
        ("[::1]", "[::1]"), ("[::1]:80", "[::1]"), ("[::]", "[::]"), ("[1:2:3:4:5:6:7:8]", nil),
        ("[1::]", nil), ("[1::8]", nil), ("[::ffff:1.2.3.4]", nil), ("[1:2:3:4:5:6:1.2.3.4]", nil),
        ("[1:2:3:4:5:6:7::]", nil), ("[::2:3:4:5:6:7:8]", nil), ("[FE80::abcd]", nil),
    ])
    func `A host is a name or an address with an optional port`(text: String, host: String?) {
        let head = firstHead("GET / HTTP/1.1\r\nHost: \(text)\r\n\r\n")
        #expect(head?.authority == text)
        #expect(head?.host == host ?? text)
    }

    @Test(arguments: [
        "", "a b", "a,b", "user@a", "a:", "a:x", "a:-1", "a:65536", "a:000080", "a:80:80", ":80",
        "a/b", "a?b", "a#b", "a\\b", "http://a", "\u{e9}", "a%2Eb", "[::1", "::1", "[]", "[:]",
        "[:::]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[12345::]", "[g::]",
        "[::1]x", "[::1]:", "[::1.2.3]", "[::1.2.3.4.5]", "[::1.2.3.256]", "[::1.2.3.04]",
        "[1:2:3:4:5:6:7:1.2.3.4]", "[1:2:3:4:5:6:7:8::]", "[fe80::1%25eth0]", "[v1.a]", "[1:]",
        "[:1]", "[1.2.3.4]", "[::1.2.3.4:1]", "a[::1]",
    ])
    func `A malformed host is refused with 400`(text: String) {
        for version in ["HTTP/1.1", "HTTP/1.0"] {
            let error = refusal(of: "GET / \(version)\r\nHost: \(text)\r\n\r\n")
            #expect(error?.reason == .malformedHost)
            #expect(error?.reason.statusCode == 400)
        }
        let ignored = refusal(of: "GET http://b/ HTTP/1.1\r\nHost: \(text)\r\n\r\n")
        #expect(ignored?.reason == .malformedHost)
    }

    @Test(arguments: ["Host: a\r\nHost: a", "Host: a\r\nhost: b", "Host: a\r\nX: y\r\nHOST:"])
    func `A repeated Host is refused with 400`(lines: String) {
        for version in ["HTTP/1.1", "HTTP/1.0"] {
            let error = refusal(of: "GET / \(version)\r\n\(lines)\r\n\r\n")
            #expect(error?.reason == .repeatedHost)
        }
    }

    @Test func `Only HTTP/1.0 may leave Host out`() {
        #expect(refusal(of: "GET / HTTP/1.1\r\n\r\n")?.reason == .missingHost)
        #expect(refusal(of: "GET http://a/ HTTP/1.1\r\n\r\n")?.reason == .missingHost)
        #expect(firstHead("GET / HTTP/1.0\r\n\r\n")?.path == "/")
        #expect(firstHead("GET http://a/ HTTP/1.0\r\n\r\n")?.authority == "a")
    }
}
