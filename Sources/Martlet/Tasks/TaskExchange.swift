internal import AccessControl
internal import Bytes
internal import HTTP1
internal import HTTPTransport
internal import Libuv
internal import Logging
internal import MCP

/// A request that waits for the tasks that are kept, from its start to its answer.
///
/// Not `Sendable`: belongs to the loop of its connection.
final class TaskExchange {
    /// What is wanted.
    enum Request {
        /// A call that becomes a task.
        case call(FeatureCall)
        case task(TaskRequest)
        case listen(ListenRequest)
    }

    private let request: Request
    private let principal: Principal
    private let handler: EndpointHandler
    private let regime: LoopRegime
    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let record: AccessRecord
    private let originFields: FieldBlock?

    /// Answered, or nobody is there to be.
    private var isOver = false

    init(
        _ request: Request,
        by principal: Principal,
        on connection: HTTPConnection,
        handler: EndpointHandler
    ) {
        self.request = request
        self.principal = principal
        self.handler = handler
        regime = handler.regime
        self.connection = connection
        exchange = connection.currentExchange
        record = handler.record
        originFields = handler.originFields
    }

    private var endpoint: Endpoint { handler.endpoint }
    private var keeper: TaskKeeper { endpoint.shared.tasks }
    private var desk: TaskDesk {
        TaskDesk(
            keeper: keeper,
            dispatcher: regime.dispatcher,
            logger: endpoint.shared.logger,
            principal: principal
        )
    }

    func run() async {
        switch request {
        case .call(let call): await create(call)
        case .task(let request): await answer(request)
        case .listen(let request): await listen(request)
        }
    }

    /// Nobody is there to be answered.
    func abandon() {
        isOver = true
    }

    /// The store has taken too long.
    func timeOut() {
        switch request {
        case .call(let call):
            respond { call.encode(.failed(TaskDesk.unavailable), into: &$0) }
        case .task(let request):
            respond { request.encode(.internalError, into: &$0) }
        case .listen(let request):
            respond { request.encode(.internalError, into: &$0) }
        }
    }

    // A call that becomes a task.

    private func create(_ call: FeatureCall) async {
        switch await keeper.create(call, of: desk.owner) {
        case .refused(let failure):
            endpoint.shared.logger.note(failure, of: call)
            respond { call.encode(.failed(failure), into: &$0) }
        case .created(let task):
            // Whoever has gone meanwhile will never know of it.
            guard !isOver else { return await keeper.abandon(task.id) }
            respond { buffer in
                call.encode(task, into: &buffer)
                return 200
            }
            // After the answer: the tool works as long as it likes before it first waits.
            TaskRun(
                task.id,
                call,
                by: principal,
                of: keeper,
                on: endpoint.loop,
                loopIndex: endpoint.loopIndex,
                logger: endpoint.shared.logger
            ).start()
        }
    }

    // Requests about a task.

    private func answer(_ request: TaskRequest) async {
        switch await desk.answer(request) {
        case .task(let task):
            respond { buffer in
                request.encode(task, into: &buffer)
                return 200
            }
        case .acknowledged:
            respond { buffer in
                request.encodeAcknowledgement(into: &buffer)
                return 200
            }
        case .error(let error):
            respond { request.encode(error, into: &$0) }
        case .refused(let decision):
            if let refusal = handler.refusal(of: decision) { respond(refusal) }
        }
    }

    // Streams.

    private func listen(_ request: ListenRequest) async {
        let own = await desk.listenable(request.filter.taskIDs)
        guard !isOver else { return }
        isOver = true
        handler.didFinish(self)
        let honoured = request.limited(toTasks: own)
        guard let outlet = handler.listen(honoured, by: principal, on: connection)
        else { return }
        // A task may have gone on before anybody listened.
        for id in own {
            guard let task = await desk.task(id), outlet.isOpen, !outlet.isCongested
            else { continue }
            var message = ByteBuffer()
            honoured.encode(task, into: &message)
            outlet.send(message.span)
        }
    }

    // Answers.

    /// - Parameter encode: Writes the response and returns its HTTP status.
    private func respond(_ encode: (inout ByteBuffer) -> Int) {
        guard !isOver else { return }
        isOver = true
        handler.didFinish(self)
        var content = ByteBuffer()
        let statusCode = encode(&content)
        endpoint.observer?.didFinish(
            record,
            record.observation.operation,
            statusCode < 400 ? .served : statusCode < 500 ? .invalidRequest : .failed
        )
        handler.respond(
            statusCode,
            content.span,
            record,
            originFields,
            on: connection,
            exchange
        )
    }

    private func respond(_ refusal: ConstantResponse) {
        guard !isOver else { return }
        isOver = true
        handler.didFinish(self)
        endpoint.observer?.didFinish(
            record,
            record.observation.operation,
            .forbidden
        )
        handler.respond(refusal, record, originFields, on: connection, exchange)
    }
}
