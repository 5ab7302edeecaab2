internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import MCP

// Several messages in one body: one response, with an answer to each request among them.
extension EndpointHandler {
    func startBatch(
        _ places: [Range<Int>],
        in body: Span<UInt8>,
        by principal: Principal,
        on connection: HTTPConnection
    ) {
        let batch = Batch(principal, on: connection, handler: self)
        let dispatcher = regime.dispatcher
        for (number, place) in places.enumerated() {
            let message = body.extracting(place)
            var answer = ByteBuffer()
            // The head counted as one request; every further message is another.
            if number > 0, case .refused = endpoint.admit(principal) {
                _ = observeElement(message, .rateLimited)
                dispatcher.encode(.tooMany, of: message, into: &answer)
                batch.add(.answer(answer))
                continue
            }
            let dispatch = dispatcher.dispatch(
                message,
                fields: fields,
                session: sessionState,
                caller: principal,
                into: &answer
            )
            if case .call(let call) = dispatch, isBeyondLimit(call, principal) {
                _ = observeElement(message, .rateLimited)
                answer.removeAll()
                dispatcher.encode(.tooMany, of: message, into: &answer)
                batch.add(.answer(answer))
                continue
            }
            if !observeElement(dispatch, message) {
                answer.removeAll()
                dispatcher.encode(.unavailable, of: message, into: &answer)
                batch.add(.answer(answer))
                continue
            }
            switch dispatch {
            case .respond: batch.add(.answer(answer))
            case .respondInPlainText: batch.add(.answer(Self.malformedElement))
            case .accepted: batch.add(.nothing)
            case .beginSession:
                answer.removeAll()
                dispatcher.encode(.initialize, of: message, into: &answer)
                batch.add(.answer(answer))
            case .refuse(let decision):
                dispatcher.encode(.forbidden, of: message, into: &answer)
                batch.add(.refusal(answer, decision))
            case .call(let call): batch.add(.call(call))
            case .repeated: preconditionFailure("no results were given that could be repeated")
            case .change(let change):
                batch.add(.event(session.map { .changed($0, change) }, answer))
            case .deliver(let response):
                batch.add(.event(session.map { .answered($0.id, response) }, nil))
            case .cancel(let request):
                batch.add(.event(session.map { .cancelled($0.id, request) }, nil))
            // A batch within a batch.
            case .batch: batch.add(.answer(Self.malformedElement))
            case .listen, .task:
                preconditionFailure("the version that has batches has no such method")
            }
        }
        record.tool = "batch of \(places.count)"
        batch.record = record
        batch.originFields = originFields
        let task = endpoint.loop.startTask(with: batch) { await $0.run() }
        if !batch.isOver { endpoint.unattended[ObjectIdentifier(batch)] = task }
    }

    /// Whether the subject has had its share of a tool; the one response says nothing of shares.
    private func isBeyondLimit(_ call: FeatureCall, _ principal: Principal) -> Bool {
        let fields = originFields
        defer { originFields = fields }
        return refusal(byToolOf: call.operation, principal) != nil
    }

    /// For an element that is no message: no id of it can be repeated.
    static let malformedElement = ByteBuffer(
        #"{"jsonrpc":"2.0","id":"","error":{"code":-32600,"message":"Invalid request"}}"#
    )
}

/// The messages of one batch, which are answered together.
final class Batch {
    enum Element {
        case nothing
        case answer(ByteBuffer)
        case refusal(ByteBuffer, AccessDecision)
        case call(FeatureCall)
        /// What happened to the session, and the answer to whoever says so.
        case event(SessionEvent?, ByteBuffer?)
    }

    var record = AccessRecord()
    var originFields: FieldBlock?

    private let principal: Principal
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let handler: EndpointHandler
    private var elements: [Element] = []
    private(set) var isOver = false

    init(_ principal: Principal, on connection: HTTPConnection, handler: EndpointHandler) {
        self.principal = principal
        self.connection = connection
        exchange = connection.currentExchange
        self.handler = handler
    }

    func add(_ element: Element) {
        elements.append(element)
    }

    func run() async {
        await answerAll()
        isOver = true
        handler.endpoint.unattended[ObjectIdentifier(self)] = nil
    }

    /// Runs what has to run, one after the other, and answers.
    private func answerAll() async {
        if let refusal = refusalOfAll() {
            // Each of the messages was recorded.
            let response = ConstantResponse(refusal.head, content: refusal.content)
            return handler.respond(response, record, originFields, on: connection, exchange)
        }
        var answers: [ByteBuffer] = []
        for element in elements where !Task.isCancelled {
            switch element {
            case .nothing: break
            case .answer(let answer), .refusal(let answer, _): answers.append(answer)
            case .call(let call): answers.append(await answer(to: call))
            case .event(let event, let answer):
                if let event { await handler.endpoint.shared.relay.publish(event) }
                if let answer { answers.append(answer) }
            }
        }
        answers.removeAll(where: \.isEmpty)
        guard !answers.isEmpty else {
            let accepted = handler.responses.accepted
            return handler.respond(accepted, record, originFields, on: connection, exchange)
        }
        handler.respond(to: self, with: answers, on: connection, exchange)
    }

    /// The 403 of a batch of which nothing is permitted.
    private func refusalOfAll() -> ConstantResponse? {
        var first: AccessDecision?
        for element in elements {
            guard case .refusal(_, let decision) = element else { return nil }
            first = first ?? decision
        }
        return first.flatMap(handler.refusal(of:))
    }

    private func answer(to call: FeatureCall) async -> ByteBuffer {
        let shared = handler.endpoint.shared
        guard shared.calls.admit() else {
            var answer = ByteBuffer()
            _ = call.encode(.refused(.tooMany("calls")), into: &answer)
            return answer
        }
        defer { shared.calls.end() }
        let context = RequestContext(
            call,
            principal: principal,
            nowSeconds: WallClock.secondsSinceEpoch(),
            loopIndex: handler.endpoint.loopIndex
        )
        var answer = ByteBuffer()
        let outcome = await call.run(in: context)
        handler.endpoint.observer?.didFinish(
            record,
            call.operation,
            OperationOutcome(outcome)
        )
        _ = call.encode(outcome, into: &answer)
        return answer
    }
}
