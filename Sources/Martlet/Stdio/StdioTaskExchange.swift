internal import AccessControl
internal import Bytes
internal import Libuv
internal import Logging
internal import MCP

/// A request on standard input that waits for the tasks that are kept, from its start to its answer.
///
/// Not `Sendable`: belongs to the loop.
final class StdioTaskExchange {
    /// What is wanted.
    enum Request {
        /// A call that becomes a task.
        case call(FeatureCall)
        case task(TaskRequest)
        case listen(ListenRequest)

        var id: RequestID {
            switch self {
            case .call(let call): call.requestID
            case .task(let request): request.requestID
            case .listen(let request): request.id
            }
        }
    }

    let request: Request

    private let principal: Principal
    private let desk: TaskDesk
    private let session: StdioSession
    private let answer: (ByteBuffer?) -> Void

    /// Answered, or taken back.
    private var isOver = false
    private var waitedSeconds = 0

    /// - Parameters:
    ///   - request: What is wanted.
    ///   - principal: By whom.
    ///   - keeper: Who looks after the tasks.
    ///   - session: Whose request it is.
    ///   - answer: Called once with the response, or with `nil` if there is none.
    init(
        _ request: Request,
        by principal: Principal,
        of keeper: TaskKeeper,
        in session: StdioSession,
        answer: @escaping (ByteBuffer?) -> Void
    ) {
        self.request = request
        self.principal = principal
        self.session = session
        self.answer = answer
        desk = TaskDesk(
            keeper: keeper,
            dispatcher: session.setup.dispatcher,
            logger: session.setup.logger,
            principal: principal
        )
    }

    func run() async {
        switch request {
        case .call(let call): await create(call)
        case .task(let request): await answer(request)
        case .listen(let request):
            let own = await desk.listenable(request.filter.taskIDs)
            guard !isOver else { return }
            guard session.admitStream(of: principal) else {
                let refusal = RPCError.refused(.tooMany("subscriptions"))
                return respond { _ = request.encode(refusal, into: &$0) }
            }
            _ = end()
            await session.listen(request.limited(toTasks: own), by: principal, desk)
        }
    }

    /// The client takes the request back, or is gone.
    func cancel() {
        if end() { answer(nil) }
    }

    /// A second has passed.
    func tick() {
        waitedSeconds += 1
        guard waitedSeconds > session.setup.configuration.transport.responseSeconds else { return }
        switch request {
        case .call(let call):
            respond { _ = call.encode(.failed(TaskDesk.unavailable), into: &$0) }
        case .task(let request):
            respond { _ = request.encode(.internalError, into: &$0) }
        case .listen(let request):
            respond { _ = request.encode(.internalError, into: &$0) }
        }
    }

    private func create(_ call: FeatureCall) async {
        switch await desk.keeper.create(call, of: desk.owner) {
        case .refused(let failure):
            session.setup.logger.note(failure, of: call)
            respond { _ = call.encode(.failed(failure), into: &$0) }
        case .created(let task):
            // Whoever has taken it back meanwhile will never know of it.
            guard !isOver else { return await desk.keeper.abandon(task.id) }
            respond { call.encode(task, into: &$0) }
            TaskRun(
                task.id,
                call,
                by: principal,
                of: desk.keeper,
                on: session.loop,
                loopIndex: 0,
                logger: session.setup.logger
            ).start()
        }
    }

    private func answer(_ request: TaskRequest) async {
        let answer = await desk.answer(request)
        respond { buffer in
            switch answer {
            case .task(let task): request.encode(task, into: &buffer)
            case .acknowledged: request.encodeAcknowledgement(into: &buffer)
            case .error(let error): _ = request.encode(error, into: &buffer)
            case .refused(let decision):
                let refusal = session.setup.dispatcher.refusal(of: decision)
                _ = request.encode(.refused(refusal), into: &buffer)
            }
        }
    }

    private func respond(_ encode: (inout ByteBuffer) -> Void) {
        guard end() else { return }
        var response = ByteBuffer()
        encode(&response)
        answer(response)
    }

    /// - Returns: `false` if it had ended before.
    private func end() -> Bool {
        guard !isOver else { return false }
        isOver = true
        session.didEnd(self)
        return true
    }
}
