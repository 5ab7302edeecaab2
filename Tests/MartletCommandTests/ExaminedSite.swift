import JWT
import MartletCommand

/// A server and its authorization server as a client sees them, healthy unless a test spoils it.
struct ExaminedSite: Sendable {
    static let url = "https://todos.example/mcp"
    static let metadataURL = "https://todos.example/.well-known/oauth-protected-resource/mcp"
    static let issuer = "https://login.example"
    static let issuerURL = "https://login.example/.well-known/oauth-authorization-server"
    static let openIDURL = "https://login.example/.well-known/openid-configuration"
    static let keySetURL = "https://login.example/jwks"
    static let now = NumericDate(seconds: 1_795_000_000)

    /// The answer to a request without a token.
    var challenge: Answer

    /// Answers to requests for documents, by URL.
    var documents: [String: Answer]

    /// Answers to requests with the token.
    var modern = ExaminedSite.tools
    var initialize = Answer(
        200,
        [.contentType: "application/json", .sessionID: "s1"],
        body: Array(#"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}}"#.utf8)
    )
    var legacy = ExaminedSite.tools

    /// URLs that give no answer.
    var silent: [String: NoAnswer] = [:]

    let key: SigningKey

    init() throws {
        key = try SigningKey.generate(.es256)
        challenge = Answer(
            401,
            [
                .challenge:
                    "Bearer resource_metadata=\"\(Self.metadataURL)\", scope=\"read:todos\""
            ]
        )
        documents = [
            Self.metadataURL: Self.json(
                """
                {"resource":"\(Self.url)","authorization_servers":["\(Self.issuer)"],
                 "bearer_methods_supported":["header"],"scopes_supported":["read:todos"]}
                """
            ),
            Self.issuerURL: Self.json(
                """
                {"issuer":"\(Self.issuer)","authorization_endpoint":"\(Self.issuer)/authorize",
                 "token_endpoint":"\(Self.issuer)/token","jwks_uri":"\(Self.keySetURL)",
                 "registration_endpoint":"\(Self.issuer)/register",
                 "code_challenge_methods_supported":["S256"],
                 "response_types_supported":["code"]}
                """
            ),
        ]
        documents[Self.keySetURL] = try Self.json(SigningKeySet([key]))
    }

    static let tools = Answer(
        200,
        [.contentType: "application/json"],
        body: Array(
            #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"add"},{"name":"list"}]}}"#.utf8
        )
    )

    static func json(_ text: String, status: Int = 200) -> Answer {
        Answer(
            status,
            [.contentType: "application/json", .allowedOrigin: "*"],
            body: Array(text.utf8)
        )
    }

    static func json(_ keys: SigningKeySet) throws -> Answer {
        json(try keys.exported(now: now).compactText)
    }

    /// Rewrites a document that is there.
    mutating func edit(_ url: String, _ text: String, _ replacement: String) {
        guard let document = documents[url] else { return }
        let old = String(decoding: document.body, as: UTF8.self)
        documents[url] = Self.json(old.replacing(text, with: replacement))
    }

    /// A token of the authorization server, in force.
    func token(
        issuer: String = ExaminedSite.issuer,
        audience: String = ExaminedSite.url,
        seconds: Int64 = 3_600,
        key: SigningKey? = nil
    ) -> TokenText {
        let request = TokenRequest(role: nil, subject: "ada", seconds: seconds)
        let text = request.sign(
            by: TokenSigner(key: key ?? self.key),
            as: issuer,
            audiences: [audience],
            now: Self.now
        )
        return TokenText(text)
    }

    fileprivate func answer(to question: Question) throws(NoAnswer) -> Answer {
        if let error = silent[question.url] { throw error }
        guard case .post(let body, _) = question.content else {
            return documents[question.url] ?? Answer(404)
        }
        guard question.bearsToken else { return challenge }
        if body.contains("notifications/initialized") { return Answer(202) }
        if body.contains("\"initialize\"") { return initialize }
        return body.contains("io.modelcontextprotocol/protocolVersion") ? modern : legacy
    }
}

/// What an examination found, and what it asked for that.
struct Examined {
    let isSound: Bool
    let findings: [Finding]
    let questions: [Question]

    /// The one finding that is wrong, which comes last.
    var fault: Finding? { findings.last.flatMap { $0.isWrong ? $0 : nil } }

    init(
        _ site: ExaminedSite,
        url: String = ExaminedSite.url,
        token: TokenText? = nil,
        audience: String? = nil
    ) async throws {
        final class Journal {
            var findings: [Finding] = []
            var questions: [Question] = []
        }
        struct NotAURL: Error {}
        guard let address = WebAddress(url) else { throw NotAURL() }
        let journal = Journal()
        let examination = Examination(
            Examination.Subject(address, token: token, audience: audience),
            now: ExaminedSite.now,
            ask: { question throws(NoAnswer) in
                journal.questions.append(question)
                return try site.answer(to: question)
            },
            report: { journal.findings.append($0) }
        )
        isSound = await examination.run()
        findings = journal.findings
        questions = journal.questions
    }
}
