import Martlet
import ProtocolTestSupport
import TestSupport
import Testing

/// What went wrong in the sample that this server takes after, one test a defect.
///
/// That to-dos survive the process is for the tests of the stores.
@Suite("Defects of the tutorial")
struct TutorialDefectsTests {
    private let list = Message.modern("tools/list")

    @Test func `Issuer and audience are required and compared exactly`() async throws {
        try await withServer { server in
            for wrong in [
                try token(issuer: "https://issuer.example/"),
                try token(issuer: "HTTPS://issuer.example"), try token(issuer: ""),
                try token(audience: "https://mcp.example/mcp/"), try token(audience: ""),
                try token(audience: "https://mcp.example/MCP"),
            ] {
                #expect(try server.exchange(list, token: wrong).status == 401)
            }
            #expect(try server.exchange(list, token: token()).status == 200)
        }
    }

    @Test func `A key verifies the one algorithm it is bound to`() async throws {
        let secret = Array(repeating: UInt8(ascii: "k"), count: 64)
        try await withServer({ configuration in
            configuration.issuers[0].keySource = .secrets([
                .secret(secret, algorithm: .hs256)
            ])
        }) { server in
            for algorithm in [HMACKey.Algorithm.hs384, .hs512] {
                let wrong = try token(secret: secret, algorithm: algorithm)
                #expect(try server.exchange(list, token: wrong).status == 401)
            }
            let right = try token(secret: secret, algorithm: .hs256)
            #expect(try server.exchange(list, token: right).status == 200)
            // {"alg":"none","typ":"JWT"} with no signature.
            let claims = right.split(separator: ".")[1]
            let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\(claims)."
            #expect(try server.exchange(list, token: unsigned).status == 401)
        }
    }

    @Test func `Concurrent requests never run as each other, whatever their ids`() async throws {
        try await withServer(loopCount: 2) { server in
            let tokens = [try token("ada"), try token("eve", role: "readonly")]
            let names = ["ada", "eve"]
            let clients = try (0..<16).map { _ in try server.connect() }
            for round in 0..<40 {
                // Every connection asks with the same id, and with either token in turn, before
                // any answer is read; some ask twice.
                for (index, client) in clients.enumerated() {
                    for more in 0...(index % 2) {
                        let who = (index + round + more) % 2
                        try client.send(
                            .message(.call("whoami", id: "\(round)"), token: tokens[who])
                        )
                    }
                }
                for (index, client) in clients.enumerated() {
                    for more in 0...(index % 2) {
                        let response = try client.receive()
                        let who = names[(index + round + more) % 2]
                        #expect(response.toolText == "\(who) in default")
                        #expect(response.json?["id"]?.integer == round)
                    }
                }
            }
        }
    }

    @Test func `An invalid token is 401 with a challenge that says where to get another`()
        async throws
    {
        try await withServer { server in
            for token in ["invalid", try token(expiresInSeconds: -3_600)] {
                let response = try server.exchange(list, token: token)
                #expect(response.status == 401)
                let challenge = try #require(response["WWW-Authenticate"])
                #expect(challenge.hasPrefix("Bearer error=\"invalid_token\""))
                #expect(challenge.contains("resource_metadata=\"http://"))
            }
        }
    }

    @Test func `A request that is refused with 429 is not run`() async throws {
        try await withServer({ $0.requestsPerSubject = RateLimit(perSecond: 1, burst: 5) }) {
            server in
            let client = try server.connect()
            let request = Request.message(.call("write"), token: try token())
            let statuses = try (0..<50).map { _ in try client.exchange(request).status }
            let admitted = statuses.count { $0 == 200 }
            #expect(statuses.contains(429))
            #expect(admitted + statuses.count { $0 == 429 } == 50)
            #expect(server.journal.count(of: "written") == admitted)
        }
    }

    @Test(arguments: [AccessLogFormat.text, .json])
    func `Neither tokens nor arguments nor bodies are logged`(format: AccessLogFormat) async throws
    {
        let output = LogOutput()
        let secret = "s3cret-argument"
        let subject = try token("ada")
        try await withServer(
            logger: output.logger,
            { configuration in
                configuration.accessLog = format
                configuration.accessLogOutput = { output.append($0) }
            }
        ) { server throws in
            let call = Message.call("write", arguments: #"{"text":"\#(secret)"}"#)
            #expect(try server.exchange(call, token: subject).status == 200)
            let bad = Message.call("write", arguments: #"{"\#(secret)":1}"#)
            #expect(try server.exchange(bad, token: subject).status == 200)
            #expect(try server.exchange(.call(secret), token: subject).status == 400)
            #expect(try server.exchange(.call("fail"), token: subject).status == 200)
            #expect(try server.exchange(list, token: subject + "x").status == 401)
            for target in ["/mcp?access_token=\(subject)", "/\(subject)", "/mcp/\(secret)"] {
                let request = Request.message(list, token: nil).with { $0.target = target }
                #expect(try [400, 404].contains(server.exchange(request).status))
            }
            let broken = list.saying("{\"\(secret)")
            #expect(try server.exchange(broken, token: subject).status == 400)
        }
        let text = output.text
        let lines = text.split(separator: "\n")
        #expect(lines.count { $0.contains("/mcp") || $0.contains("other") } == 9)
        #expect(text.contains("write") && text.contains("ada"))
        #expect(!text.contains(secret))
        for part in subject.split(separator: ".") { #expect(!text.contains(part)) }
        #expect(!text.contains(String(decoding: TestServer.secret, as: UTF8.self)))
    }

    @Test func `The limit is each subject's own, wherever it comes from`() async throws {
        try await withServer(
            loopCount: 2,
            { $0.requestsPerSubject = RateLimit(perSecond: 1, burst: 4) }
        ) { server in
            let (ada, eve) = (try token("ada"), try token("eve"))
            // The same subject with another token, over many connections.
            let adas = [ada, try token("ada", role: "admin")]
            let statuses = try (0..<40).map {
                try server.exchange(list, token: adas[$0 % 2]).status
            }
            #expect(statuses.count { $0 == 200 } < 20)
            #expect(statuses.contains(429))
            #expect(try server.exchange(list, token: eve).status == 200)
        }
    }
}
