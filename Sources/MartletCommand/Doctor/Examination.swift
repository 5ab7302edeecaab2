import JWT

/// Walks as a client does, from a URL to its tools, and stops at the first thing that is wrong.
///
/// Knows no socket: it is given a way to ask, which tests script.
package struct Examination {
    package typealias Ask = (Question) async throws(NoAnswer) -> Answer

    /// What is examined, and with what.
    package struct Subject: Sendable {
        package let url: WebAddress

        /// Goes to ``url`` and nowhere else.
        package let token: TokenText?

        /// What `aud` must name, where it is not the URL.
        package let audience: String?

        /// The canonical URI; one without a path also with the slash that many clients add.
        fileprivate var audiences: [String] {
            if let audience { return [audience] }
            let text = url.canonicalText
            return text == url.origin ? [text, "\(text)/"] : [text]
        }

        package init(_ url: WebAddress, token: TokenText? = nil, audience: String? = nil) {
            self.url = url
            self.token = token
            self.audience = audience
        }
    }

    /// Authorization servers beyond these are not asked: the metadata comes from anybody.
    package static let issuerCountMax = 8

    private let subject: Subject
    private let now: NumericDate
    private let ask: Ask
    private let report: (Finding) -> Void
    private var isSound = true

    /// - Parameters:
    ///   - subject: What is examined.
    ///   - now: When.
    ///   - ask: Sends a question; follows redirects for documents only.
    ///   - report: Is told each finding at once.
    package init(
        _ subject: Subject,
        now: NumericDate,
        ask: @escaping Ask,
        report: @escaping (Finding) -> Void
    ) {
        self.subject = subject
        self.now = now
        self.ask = ask
        self.report = report
    }

    /// Walks.
    ///
    /// - Returns: Whether nothing is wrong.
    package consuming func run() async -> Bool {
        let url = subject.url.text
        guard subject.url.isPrivate else {
            note([.wrong(.challenge, url, .unsafeURL(url))])
            return false
        }
        let question = ToolsQuestions.modern(url, bearsToken: false)
        guard let challenged = await answer(to: question, .challenge) else { return false }
        let (findings, places) = ChallengeStep.findings(challenged, subject.url)
        note(findings)
        guard isSound, let servers = await authorizationServers(places) else { return false }
        var issuers: [TokenStep.ExaminedIssuer] = []
        for server in servers.prefix(Self.issuerCountMax) {
            guard let keySet = await keySet(of: server) else { return false }
            issuers.append(TokenStep.ExaminedIssuer(server, keySet: keySet))
        }
        guard let token = subject.token else { return isSound }
        note(
            TokenStep.findings(
                token,
                issuers: issuers,
                audiences: subject.audiences,
                isLoopback: subject.url.isLoopback,
                now: now
            )
        )
        guard isSound else { return false }
        await useTools(url)
        return isSound
    }

    // MARK: Documents

    private mutating func authorizationServers(_ places: [String]) async -> [String]? {
        for (index, place) in places.enumerated() {
            guard let answer = await answer(to: Question(place), .metadata) else { return nil }
            // Guessed places are tried in turn; the last one's answer counts.
            if answer.statusCode == 404, index + 1 < places.count { continue }
            let (findings, servers) = MetadataStep.findings(answer, from: place, subject.url)
            note(findings)
            return servers
        }
        return nil
    }

    private mutating func keySet(of issuer: String) async -> [UInt8]? {
        guard let places = IssuerStep.metadataURLs(of: issuer) else {
            note([IssuerStep.unusable(issuer)])
            return nil
        }
        var statuses: [(String, Int)] = []
        for place in places {
            guard let answer = await answer(to: Question(place), .issuer) else { return nil }
            guard answer.statusCode == 200 else {
                statuses.append((place, answer.statusCode))
                continue
            }
            let (findings, keySetURL) = IssuerStep.findings(answer, from: place, issuer: issuer)
            note(findings)
            guard let keySetURL else { return nil }
            return await keySet(at: keySetURL)
        }
        note([IssuerStep.missing(statuses)])
        return nil
    }

    private mutating func keySet(at url: String) async -> [UInt8]? {
        guard let answer = await answer(to: Question(url), .keySet) else { return nil }
        let (findings, document) = KeySetStep.findings(answer, from: url)
        note(findings)
        return document
    }

    // MARK: Tools

    /// Both eras, as clients of either may come; one of them must do.
    private mutating func useTools(_ url: String) async {
        let question = ToolsQuestions.modern(url, bearsToken: true)
        guard let answer = await answer(to: question, .modernTools) else { return }
        switch ToolsStep.outcome(answer, .modernTools) {
        case .result(let result):
            note([ToolsStep.tools(result, .modernTools)])
            if isSound { await useLegacyTools(url, isNeeded: false) }
        case .otherEra:
            note([.doubtful(.modernTools, "the server does not speak 2026-07-28")])
            await useLegacyTools(url, isNeeded: true)
        case .wrong(let finding):
            note([finding])
        }
    }

    private mutating func useLegacyTools(_ url: String, isNeeded: Bool) async {
        let step = Finding.Step.legacyTools
        guard let opened = await answer(to: ToolsQuestions.initialize(url), step) else { return }
        guard let result = legacyResult(opened, isNeeded: isNeeded) else { return }
        guard let version = result["protocolVersion"]?.string else {
            return note([
                .wrong(
                    step,
                    "the result of initialize names no protocolVersion",
                    remedy: "check that this URL is an MCP endpoint"
                )
            ])
        }
        let session = LegacySession(version: version, id: opened[.sessionID])
        guard await answer(to: ToolsQuestions.initialized(url, session), step) != nil,
            let listed = await answer(to: ToolsQuestions.legacy(url, session), step),
            let result = legacyResult(listed, isNeeded: isNeeded)
        else { return }
        note([ToolsStep.tools(result, step)])
    }

    private mutating func legacyResult(_ answer: Answer, isNeeded: Bool) -> JSONValue? {
        switch ToolsStep.outcome(answer, .legacyTools) {
        case .result(let result):
            return result
        case .otherEra, .wrong:
            if case .wrong(let finding) = ToolsStep.outcome(answer, .legacyTools), isNeeded {
                note([finding])
            } else {
                note([
                    .doubtful(
                        .legacyTools,
                        "clients of earlier revisions get status \(answer.statusCode)"
                    )
                ])
            }
            return nil
        }
    }

    private mutating func answer(to question: Question, _ step: Finding.Step) async -> Answer? {
        do throws(NoAnswer) {
            return try await ask(question)
        } catch {
            note([.wrong(step, question.url, error)])
            return nil
        }
    }

    private mutating func note(_ findings: [Finding]) {
        for finding in findings {
            report(finding)
            if finding.isWrong { isSound = false }
        }
    }
}
