import HTTPTransport
import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

@Suite("Requests that proxies pass on")
struct ForwardedTests {
    /// Whose request one with these fields is, as the access log tells.
    private func clients(
        of requests: [Request],
        _ field: ForwardedField?,
        trusting proxies: [String]
    ) async throws -> [String] {
        let output = LogOutput()
        try await withServer({ configuration in
            configuration.accessLog = .json
            configuration.accessLogOutput = { output.append($0) }
            configuration.trustedProxies = TrustedProxies(proxies) ?? TrustedProxies()
            configuration.forwardedField = field
        }) { server in
            let client = try server.connect()
            for request in requests { _ = try client.exchange(request) }
        }
        return try output.text.split(separator: "\n").map {
            try JSONTree(String($0))["peer"]?.string ?? "none"
        }
    }

    private static let proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]

    @Test(arguments: [
        (["203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9, 10.0.0.3,10.0.0.2"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9", "10.0.0.3"], "203.0.113.9"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["[2001:db8::7]:4711, [fd00::1]"], "2001:db8:0:0:0:0:0:7"),
        (["2001:db8::7"], "2001:db8:0:0:0:0:0:7"),
        (["203.0.113.9, , 10.0.0.2,"], "203.0.113.9"),
        (["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
        (["203.0.113.9, 10.0.0.256"], "127.0.0.1"),
        ([""], "127.0.0.1"),
        ([","], "127.0.0.1"),
    ])
    func `The last address that is no proxy's asks`(values: [String], client: String) async throws {
        var request = Request.get("/healthz")
        for value in values { request = request.adding("X-Forwarded-For", value) }
        let found = try await clients(of: [request], .xForwardedFor, trusting: Self.proxies)
        #expect(found == [client])
    }

    @Test(arguments: [
        ("for=203.0.113.9", "203.0.113.9"),
        ("for=198.51.100.1, For=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9"),
        (#"proto=https ; for="203.0.113.9:80""#, "203.0.113.9"),
        (#"for="[2001:db8::7]:4711", for=10.0.0.1"#, "2001:db8:0:0:0:0:0:7"),
        (#"for="evil, for=203.0.113.9"#, "203.0.113.9"),
        (#"for="a\", b", for=203.0.113.9"#, "203.0.113.9"),
        (#"for="198.51.100.1, for=203.0.113.9", for=10.0.0.1"#, "10.0.0.1"),
        ("for=_hidden, for=10.0.0.1", "10.0.0.1"),
        ("for=unknown", "127.0.0.1"),
        ("by=203.0.113.9", "127.0.0.1"),
        (#"for="", for=10.0.0.1"#, "10.0.0.1"),
        (#"host="a;for=203.0.113.6;b";for=203.0.113.9"#, "203.0.113.9"),
        (#"host="a\";for=203.0.113.6;b";for=203.0.113.9"#, "203.0.113.9"),
        (#"proto=http;host="a;for=203.0.113.6;b"#, "127.0.0.1"),
        ("for=203.0.113.6;for=203.0.113.9", "127.0.0.1"),
        ("for=", "127.0.0.1"),
    ])
    func `Of Forwarded, too (RFC 7239 §4)`(value: String, client: String) async throws {
        let request = Request.get("/healthz").adding("Forwarded", value)
        let found = try await clients(of: [request], .forwarded, trusting: Self.proxies)
        #expect(found == [client])
    }

    @Test(arguments: [
        ("PROXY UNKNOWN\r\n", "127.0.0.1"), ("PROXY TCP4 10.0.0.2 10.0.0.1 1 2\r\n", "203.0.113.9"),
    ])
    func `A proxy that does not know for whom it speaks is not believed about others`(
        header: String,
        client: String
    ) async throws {
        let output = LogOutput()
        try await withServer({ configuration in
            configuration.accessLog = .json
            configuration.accessLogOutput = { output.append($0) }
            configuration.trustedProxies = TrustedProxies(Self.proxies) ?? TrustedProxies()
            configuration.proxyHeader = .required
            configuration.forwardedField = .xForwardedFor
        }) { server in
            let connection = try server.connect()
            try connection.socket.send(header)
            let request = Request.get("/healthz").adding("X-Forwarded-For", "203.0.113.9")
            #expect(try connection.exchange(request).status == 200)
        }
        #expect(try JSONTree(output.text)["peer"]?.string == client)
    }

    @Test func `Only the field that is configured counts, and only of trusted proxies`()
        async throws
    {
        let request = Request.get("/healthz").adding("X-Forwarded-For", "203.0.113.9")
            .adding("Forwarded", "for=203.0.113.10")
        let elsewhere = ["10.0.0.0/8", "unix"]
        #expect(
            try await clients(of: [request], .xForwardedFor, trusting: elsewhere) == ["127.0.0.1"]
        )
        #expect(try await clients(of: [request], nil, trusting: Self.proxies) == ["127.0.0.1"])
        #expect(
            try await clients(of: [request], .forwarded, trusting: Self.proxies)
                == ["203.0.113.10"]
        )
    }

    @Test func `Requests on one connection are each of their own client`() async throws {
        let requests = [
            Request.get("/healthz").adding("X-Forwarded-For", "203.0.113.9"),
            Request.get("/healthz"),
            Request.get("/healthz").adding("X-Forwarded-For", "203.0.113.10"),
        ]
        #expect(
            try await clients(of: requests, .xForwardedFor, trusting: Self.proxies)
                == ["203.0.113.9", "127.0.0.1", "203.0.113.10"]
        )
    }

    @Test func `Failures to authenticate count for whom the proxy names, IPv6 by its network`()
        async throws
    {
        try await withServer({
            $0.trustedProxies = TrustedProxies(["127.0.0.1"]) ?? TrustedProxies()
            $0.forwardedField = .xForwardedFor
            $0.failedAuthenticationsPerPeer = RateLimit(perSecond: 1, burst: 3)
        }) { server in
            let client = try server.connect()
            let wrong = Request.message(.modern("tools/list"), token: "wrong")
            func statuses(_ address: String, _ count: Int) throws -> [Int] {
                try (0..<count).map { _ in
                    try client.exchange(wrong.adding("X-Forwarded-For", address)).status
                }
            }
            #expect(try statuses("203.0.113.9", 50).contains(429))
            #expect(try statuses("203.0.113.10", 3) == [401, 401, 401])
            #expect(try statuses("2001:db8:0:1::1", 50).contains(429))
            #expect(try statuses("2001:db8:0:2::1", 3) == [401, 401, 401])
            // Others of the same customer have used up the customer's share.
            #expect(try statuses("2001:db8:0:1::2", 10).contains(429))
        }
    }
}
