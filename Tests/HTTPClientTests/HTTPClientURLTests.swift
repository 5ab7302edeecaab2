import HTTPClient
import Testing

@Suite("URLs that a request may go to (RFC 3986 §3)")
struct HTTPClientURLTests {
    private static let urls: [(String, String, UInt16, String, String?)] = [
        ("https://Idp.Example/a/b?c=d", "idp.example", 443, "/a/b", "c=d"),
        ("HTTPS://idp.example", "idp.example", 443, "", nil),
        ("https://idp.example:8443/", "idp.example", 8443, "/", nil),
        ("https://idp.example?x", "idp.example", 443, "", "x"),
        ("https://[2001:DB8::1]:1/", "[2001:db8::1]", 1, "/", nil),
        ("https://my_host/%7Euser", "my_host", 443, "/%7Euser", nil),
        ("http://127.0.0.1/", "127.0.0.1", 80, "/", nil),
        ("http://127.255.0.9:8080/", "127.255.0.9", 8080, "/", nil),
        ("http://[::1]:8080/", "[::1]", 8080, "/", nil),
        ("http://LocalHost/", "localhost", 80, "/", nil),
    ]

    @Test(arguments: urls)
    func `A URL is taken apart and kept as it was`(
        text: String,
        host: String,
        port: UInt16,
        path: String,
        query: String?
    ) throws {
        let url = try HTTPClientURL(text)
        #expect(url.text == text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.query == query)
    }

    @Test(arguments: [
        "http://idp.example/", "http://10.0.0.1/", "http://128.0.0.1/", "http://127.0.0.1.example/",
        "http://localhost.example/", "http://localhost./", "http://127.1/", "http://127.0.0.01/",
        "http://0x7f.0.0.1/", "http://2130706433/", "http://127.0.0.256/", "http://[::2]/",
        "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
    ])
    func `Plain HTTP is for this machine in its plainest spelling`(text: String) {
        #expect(reason(of: text) == .insecureURL)
    }

    @Test(arguments: [
        "", "https", "https:", "https:/", "https://", "https:///", "https:///path",
        "//idp.example/", "idp.example", "file:///etc/passwd", "ftp://idp.example/",
        "gopher://idp.example/",
        "javascript:alert(1)", " https://idp.example/", "https://idp.example/ ",
        "https://idp.example/a b", "https://idp.example/\r\nHost: x", "https://idp.example/\u{0}",
        "https://idp.example/#fragment", "https://idp.example\\@evil.example/",
        "https://idp.exämple/", "https://idp.example/ä", "https://idp%2eexample/",
        "https://idp.example:/", "https://idp.example:0/", "https://idp.example:65536/",
        "https://idp.example:+1/", "https://idp.example:1:2/", "https://[::1/", "https://[::1]x/",
        "https://[]/", "https://[fe80::1%25eth0]/", "https://[v1.a]/", "https://::1/",
        "https://idp.example/<", "https://idp.example/`", "https://idp.example/{x}",
    ])
    func `What is not such a URL is refused`(text: String) {
        #expect(reason(of: text) == .malformedURL)
    }

    @Test(arguments: [
        "https://user:password@idp.example/", "https://user@idp.example/", "https://@idp.example/",
        "http://127.0.0.1@evil.example/", "https://idp.example:443@evil.example/",
    ])
    func `Credentials in a URL are refused`(text: String) {
        #expect(reason(of: text) == .credentialsInURL)
    }

    @Test func `A URL of 2,048 bytes is taken and one of 2,049 refused`() throws {
        let start = "https://idp.example/"
        let longest = start + String(repeating: "a", count: 2_048 - start.utf8.count)
        #expect(try HTTPClientURL(longest).text == longest)
        #expect(reason(of: longest + "a") == .malformedURL)
    }

    @Test(arguments: [
        "https://idp.example/path?token=hidden-value", "https://user:hidden-value@idp.example/",
        "https://hidden-value@idp.example/", "http://idp.example/?hidden-value",
        "https://idp.example/#hidden-value", "https://user:hid/hidden-value@idp.example/",
        "hidden-value@x", "https://u:" + String(repeating: "x", count: 300) + "hidden-value@x/",
    ])
    func `No description shows a query, a fragment or credentials`(text: String) throws {
        var shown = ""
        do throws(HTTPClientError) {
            let url = try HTTPClientURL(text)
            shown = "\(url) \(HTTPClientRequest(url)) \(HTTPClientError(.cancelled, url: "\(url)"))"
        } catch {
            shown = "\(error)"
        }
        #expect(!shown.isEmpty)
        #expect(!shown.contains("hidden-value"))
    }

    @Test func `A message shows no control characters of a URL`() {
        let error = #expect(throws: HTTPClientError.self) {
            try HTTPClientURL("https://x/\u{1B}[31m\n")
        }
        #expect(error?.url == "https://x/?[31m?")
    }

    @Test func `The origin leaves the scheme's own port out`() throws {
        #expect(try HTTPClientURL("HTTPS://A.example:443/b").origin == "https://a.example")
        #expect(try HTTPClientURL("https://a.example:444/b").origin == "https://a.example:444")
        #expect(try HTTPClientURL("http://[::1]:80/b").origin == "http://[::1]")
    }
}

private func reason(of text: String) -> HTTPClientError.Reason? {
    do throws(HTTPClientError) {
        _ = try HTTPClientURL(text)
        return nil
    } catch {
        return error.reason
    }
}
