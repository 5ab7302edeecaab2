import Martlet
import ProtocolTestSupport
import Testing

@Suite("Limits on requests")
struct LimitTests {
    private static let slow = RateLimit(perSecond: 1, burst: 3)

    @Test func `Too many requests are 429 with the time to wait`() async throws {
        try await withServer({ $0.requestsPerSubject = Self.slow }) { server in
            let client = try server.connect()
            let request = Request.message(.modern("tools/list"), token: try token())
            var refused: Response?
            for _ in 0..<50 where refused == nil {
                let response = try client.exchange(request)
                if response.status != 200 { refused = response }
            }
            #expect(refused?.status == 429)
            #expect(refused?["Retry-After"] == "1")
            #expect(refused?["WWW-Authenticate"] == nil)
        }
    }

    @Test func `Failures to authenticate are limited, and a token that verifies never is`()
        async throws
    {
        try await withServer({ $0.failedAuthenticationsPerPeer = Self.slow }) { server in
            let client = try server.connect()
            let list = Message.modern("tools/list")
            let statuses = try (0..<50).map { _ in
                try client.exchange(.message(list, token: "wrong")).status
            }
            #expect(statuses[..<3] == [401, 401, 401])
            #expect(statuses.contains(429))
            #expect(Set(statuses) == [401, 429])
            // From the same address, while others are refused.
            for number in 0..<20 {
                let request = Request.message(list, token: try token("subject \(number)"))
                #expect(try client.exchange(request).status == 200)
            }
            // Somebody who shows nothing is told where to get a token.
            #expect(try client.exchange(.message(list, token: nil)).status == 401)
        }
    }

    @Test func `Content longer than the limit is refused`() async throws {
        try await withServer({ $0.transport.bodyByteCountMax = 1_000 }) { server in
            let list = Message.modern("tools/list")
            let padding = String(repeating: " ", count: 1_000 - list.body.utf8.count)
            let fits = list.saying(list.body + padding)
            let token = try token()
            #expect(try server.exchange(fits, token: token).status == 200)
            let tooLong = list.saying(list.body + padding + " ")
            #expect(try server.exchange(tooLong, token: token).status == 413)
        }
    }
}
