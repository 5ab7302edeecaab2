import Bytes
import HTTP1
import Testing

@Suite("Request head (RFC 9112 §3 and §5)")
struct RequestHeadTests {
    @Test func `A head is reported with its parts, then its content, then its end`() throws {
        let wire =
            "POST /mcp?x=1?y HTTP/1.1\r\nHost: example.com:8080\r\nX-Thing:  a b\t\r\n"
            + "Content-Length: 4\r\n\r\nWiki"
        let steps = transcript(of: wire)
        try #require(steps.count == 3)
        guard case .head(let head) = steps[0] else {
            Issue.record("\(steps[0]) is not a head")
            return
        }
        #expect(head.method == .post)
        #expect(head.version == .http11)
        #expect(head.targetForm == .origin)
        #expect(head.target == "/mcp?x=1?y")
        #expect(head.path == "/mcp")
        #expect(head.query == "x=1?y")
        #expect(head.authority == "example.com:8080")
        #expect(head.host == "example.com")
        #expect(head.framing == .contentLength(4))
        #expect(
            head.fields == [
                "Host[host]=example.com:8080", "X-Thing[other]=a b",
                "Content-Length[contentLength]=4",
            ]
        )
        #expect(steps[1...] == [.body("Wiki"), .end])
    }

    @Test func `A request without content ends right after its head`() {
        let steps = transcript(of: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(steps.count == 2)
        #expect(steps.last == .end)
        #expect(firstHead("GET / HTTP/1.1\r\nHost: a\r\n\r\n")?.query == nil)
        #expect(firstHead("GET /? HTTP/1.1\r\nHost: a\r\n\r\n")?.query == "")
    }

    @Test(
        arguments: [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
            ("OPTIONS", .options), ("PATCH", .patch), ("TRACE", .trace), ("get", .other),
            ("MKCALENDAR", .other), ("GETX", .other), ("!#$%&'*+-.^_`|~09azAZ", .other),
        ] as [(String, HTTPMethod)]
    )
    func `A method is any token, and case matters`(name: String, method: HTTPMethod) {
        let head = firstHead("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(head?.method == method)
        #expect(head?.methodText == name)
    }

    @Test(
        arguments: [
            ("HTTP/1.0", .http10), ("HTTP/1.1", .http11), ("HTTP/1.2", .http11),
            ("HTTP/1.9", .http11),
        ] as [(String, HTTPVersion)]
    )
    func `A minor version above 1.1 is read as 1.1`(name: String, version: HTTPVersion) {
        #expect(firstHead("GET / \(name)\r\nHost: a\r\n\r\n")?.version == version)
    }

    @Test(arguments: [
        ("http://example.com/a?b", "example.com", "/a", "b"),
        ("HTTP://example.com:80/", "example.com:80", "/", nil),
        ("https://example.com", "example.com", "", nil),
        ("http://example.com?b", "example.com", "", "b"),
        ("http://[::1]:8080/x", "[::1]:8080", "/x", nil),
    ])
    func `The authority of an absolute-form target replaces Host`(
        target: String,
        authority: String,
        path: String,
        query: String?
    ) {
        let head = firstHead("GET \(target) HTTP/1.1\r\nHost: other\r\n\r\n")
        #expect(head?.targetForm == .absolute)
        #expect(head?.authority == authority)
        #expect(head?.path == path)
        #expect(head?.query == query)
    }

    @Test func `An asterisk is the target of OPTIONS and of nothing else`() {
        let head = firstHead("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(head?.targetForm == .asterisk)
        #expect(head?.path == "")
        #expect(
            refusal(of: "GET * HTTP/1.1\r\nHost: a\r\n\r\n")?.reason == .malformedRequestTarget
        )
    }

    @Test(arguments: FieldName.allCases.filter { $0 != .other })
    func `Every known field name is recognized in any case`(name: FieldName) throws {
        let spelling = name.spelling
        for variant in [spelling, spelling.lowercased(), spelling.uppercased()] {
            let value = valueThatParses(for: name)
            let host = name == .host ? "" : "Host: a\r\n"
            let head = firstHead("GET / HTTP/1.1\r\n\(host)\(variant): \(value)\r\n\r\n")
            #expect(head?.fields.last == "\(variant)[\(name)]=\(value)")
        }
    }

    @Test(arguments: [
        "Hos", "Hostt", "Content_Length", "Content-Lengt", "X-Content-Length", "accept-encodin",
        "a",
        "Content-Lengthx", "Access-Control-Request-Headers-And-More-Than-32-Bytes",
        "abcdefgh", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz-abcde",
        "abcdefghijklmnopqrstuvwxyz-abcdef", "!#$%&'*+-.^_`|~09azAZ",
    ])
    func `A name that only resembles a known one is another name`(name: String) {
        let head = firstHead("GET / HTTP/1.1\r\nHost: a\r\n\(name):x\r\n\r\n")
        #expect(head?.fields.last == "\(name)[other]=x")
    }

    @Test(arguments: [
        ("X:", ""), ("X: ", ""), ("X: \t ", ""), ("X:a", "a"), ("X:\t a \t", "a"),
        ("X: a:b", "a:b"),
        ("X: \u{e9}", "\u{c3}\u{a9}"), ("X: a\tb", "a\tb"),
    ])
    func `A value is what is left between the blanks`(line: String, value: String) {
        let head = firstHead("GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n")
        #expect(head?.fields.last == "X[other]=\(value)")
    }

    @Test func `Fields are found by name, repeated or not, known or not`() throws {
        let wire = Array(
            ("GET / HTTP/1.1\r\nHost: a\r\nAccept: x\r\nX-One: 1\r\nMcp-Param-City: Rome\r\n"
                + "accept: y\r\n\r\n").utf8
        )
        var parser = RequestParser()
        var head = RequestHead()
        var position = 0
        let output = try parser.parse(wire.span, at: &position, into: &head)
        #expect(output == .head)
        #expect(head.byteCount == wire.count)

        // The head cannot be copied, so the macros are given results, not calls.
        let names: [FieldName] = [.accept, .host, .origin]
        var counts: [Int] = []
        var repeated: [FieldName] = []
        var present: [FieldName] = []
        for name in names {
            counts.append(head.count(of: name))
            if head.isRepeated(name) { repeated.append(name) }
            if head.contains(name) { present.append(name) }
        }
        #expect(counts == [2, 1, 0])
        #expect(repeated == [.accept])
        #expect(present == [.accept, .host])

        let accept = head.value(of: .accept)
        let origin = head.value(of: .origin)
        let city = head.value(ofOther: "mcp-param-city", in: wire.span)
        let town = head.value(ofOther: "mcp-param-town", in: wire.span)
        #expect(origin == nil)
        #expect(town == nil)
        #expect(Array(wire[try #require(accept)]) == Array("x".utf8))
        #expect(Array(wire[try #require(city)]) == Array("Rome".utf8))
    }

    @Test func `A request leaves nothing behind for the next on the same connection`() throws {
        let wire =
            "GET http://b/?q HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"
            + "Connection: close\r\n\r\nx"
            + "GET /p HTTP/1.0\r\n\r\n"
        let second = firstHead("GET /p HTTP/1.0\r\n\r\n")
        let heads = transcript(of: wire).compactMap { step in
            if case .head(let head) = step { head } else { nil }
        }
        #expect(heads.count == 2)
        #expect(heads.last == second)
        #expect(second?.authority == nil)
        #expect(second?.fields == [])
    }
}

private func valueThatParses(for name: FieldName) -> String {
    switch name {
    case .contentLength: "0"
    case .transferEncoding: "chunked"
    case .expect: "100-continue"
    default: "x"
    }
}
