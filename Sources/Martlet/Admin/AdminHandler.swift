internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Telemetry

/// Answers `/metrics`, `/healthz` and `/readyz` on the addresses for operators.
final class AdminHandler: HTTPRequestHandler {
    /// What is answered once every loop has.
    private enum Question {
        case metrics
        /// Whether every loop still turns.
        case health
    }

    private let shared: SharedEndpoint
    private let responses: Responses
    private let questions: Questions
    private var question = Question.metrics

    /// What the handlers of all connections ask.
    final class Questions {
        let metrics: SharedQuestion<[MetricFamily]>
        let health: SharedQuestion<Void>

        init(_ collector: MetricsCollector, on loop: EventLoop) {
            metrics = SharedQuestion(on: loop) { await collector.families() }
            health = SharedQuestion(on: loop) { await collector.visitLoops() }
        }
    }

    init(_ shared: SharedEndpoint, _ responses: Responses, _ questions: Questions) {
        self.shared = shared
        self.responses = responses
        self.questions = questions
    }

    func receiveHead(
        _ head: borrowing RequestHead,
        _ bytes: Span<UInt8>,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        guard isMeant(head, bytes) else { return respond(responses.misdirected, on: connection) }
        guard head.method == .get || head.method == .head else {
            return respond(responses.readOnlyPath, on: connection)
        }
        let path = bytes.extracting(head.path)
        if path.equals("/metrics") {
            question = .metrics
        } else if path.equals("/healthz") {
            question = .health
        } else if path.equals("/readyz") {
            return respond(shared.readiness(responses), on: connection)
        } else {
            return respond(responses.notFound, on: connection)
        }
        return .readBody
    }

    /// The defence against DNS rebinding: a page that makes its own name lead here has that name in
    /// `Host`, and an address in numbers is nobody's own.
    private func isMeant(_ head: borrowing RequestHead, _ bytes: Span<UInt8>) -> Bool {
        guard let authority = head.authority, let host = head.host else { return false }
        let hostBytes = bytes.extracting(host)
        var isNumeric = true
        for index in hostBytes.indices {
            let byte = hostBytes[index]
            isNumeric = isNumeric && (ASCII.isDigit(byte) || byte == ASCII.fullStop)
        }
        if isNumeric || (hostBytes.count > 0 && hostBytes[0] == ASCII.leftSquareBracket) {
            return true
        }
        return shared.hostPolicy.allows(
            authority: bytes.extracting(authority),
            host: hostBytes
        )
    }

    func receiveBody(_ body: Span<UInt8>, on connection: HTTPConnection) {
        let answer = AdminAnswer(connection, self)
        switch question {
        case .metrics: questions.metrics.add(self) { answer.send($0) }
        case .health: questions.health.add(self) { answer.sendHealth() }
        }
    }

    /// A loop does not answer: it hangs in something.
    func didReachDeadline(on connection: HTTPConnection) {
        withdraw()
        _ = respond(responses.loopStuck, on: connection)
    }

    var endsWithClient: Bool { true }

    func abandonExchange() {
        withdraw()
    }

    private func withdraw() {
        questions.metrics.withdraw(self)
        questions.health.withdraw(self)
    }

    private func respond(
        _ response: ConstantResponse,
        on connection: HTTPConnection
    ) -> HTTPHeadDecision {
        connection.respond(response.prepared, to: connection.currentExchange)
        return .responded
    }

    fileprivate var metricsFields: FieldBlock {
        var fields: FieldBlock = [.contentType: "text/plain; version=0.0.4; charset=utf-8"]
        fields.append(responses.security)
        return fields
    }

    fileprivate var healthy: ConstantResponse { responses.healthy }
}

/// An answer that is given when the loops have been asked.
private final class AdminAnswer {
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let handler: AdminHandler

    init(_ connection: HTTPConnection, _ handler: AdminHandler) {
        self.connection = connection
        exchange = connection.currentExchange
        self.handler = handler
    }

    func send(_ families: [MetricFamily]) {
        var content = ByteBuffer()
        PrometheusText.encode(families, into: &content)
        let head = ResponseHead(.ok, fields: handler.metricsFields)
        connection.respond(head, content: content.span, to: exchange)
    }

    func sendHealth() {
        connection.respond(handler.healthy.prepared, to: exchange)
    }
}
