import Bytes
import JSON
import JWT
import Libuv

/// One simulated agent: a token, a connection that stays open, and one call at a time.
///
/// Not `Sendable`: it belongs to its worker's loop.
final class Agent: ByteStreamHandler {
    /// What was sent last and is not answered.
    private enum Exchange {
        case initialize(id: Int)
        case initialized
        case call(id: Int)
    }

    /// Where the agent stands with the legacy protocol; the modern one is always ready.
    private enum Session {
        case none
        /// The server may have given no id: it is then a server without sessions.
        case begun(id: String?)
        case ready(id: String?)
    }

    let number: Int
    let profile: AgentProfile

    private unowned let worker: Worker
    private var encoder: RequestEncoder
    private var stream: ByteStream?
    private var requestCountOnStream = 0
    /// Whether anything ever came over the connection.
    private var hasHeard = false
    private var received = ByteBuffer()
    private var session: Session
    private var token: AccessToken?
    private var tokenCount = 0
    private var requestCount = 0
    private var exchange: Exchange?
    private(set) var call: Call?

    /// To-dos that this agent has added and not deleted, by id, the oldest first.
    private var todoIDs: [Int] = []
    private static let todoCountMax = 100

    init(_ number: Int, _ profile: AgentProfile, of worker: Worker) {
        self.number = number
        self.profile = profile
        self.worker = worker
        encoder = RequestEncoder(
            target: RequestEncoder.Target(host: worker.plan.host, path: worker.plan.path),
            era: profile.era
        )
        switch profile.era {
        case .modern: session = .ready(id: nil)
        case .legacy: session = .none
        }
    }

    /// Makes a call, after what has to come before it.
    func begin(_ operation: Operation, dueAt: UInt64, isPreparation: Bool = false) {
        precondition(call == nil, "an agent does one thing at a time")
        var call = Call(operation: operation, dueAt: dueAt, begunAt: MonotonicClock.nanoseconds())
        call.isPreparation = isPreparation
        if operation.needsTodo {
            // Without a to-do of its own it has to add one first.
            guard let id = todoIDs.first else { return begin(.addTodo, dueAt: dueAt) }
            call.todoID = id
        }
        if !worker.plan.retriable.isEmpty {
            requestCount += 1
            call.idempotencyKey = "\(worker.runName)-\(number)-\(requestCount)"
        }
        self.call = call
        attempt()
    }

    /// Sends what comes next for the call.
    func attempt() {
        guard let call else { return }
        do throws(LibuvError) {
            try connect()
            try sendNext(for: call)
        } catch {
            disconnect()
            end(.connect(reason: error.name))
        }
    }

    /// Gives up on the call under way, and on the connection that may still bring its answer.
    func abandon(_ kind: FailureKind) {
        guard call != nil else { return }
        disconnect()
        finish(.failed(kind))
    }

    private func connect() throws(LibuvError) {
        guard stream == nil else { return }
        let stream = try ByteStream.connect(
            to: worker.plan.address,
            from: worker.sourceAddress(of: number),
            on: worker.loop
        )
        worker.tally.connectionsOpened += 1
        requestCountOnStream = 0
        hasHeard = false
        stream.handler = self
        self.stream = stream
        try stream.startReading()
    }

    private func disconnect() {
        stream?.close()
        stream = nil
        exchange = nil
        received.bytes.removeAll(keepingCapacity: true)
    }

    private func sendNext(for call: Call) throws(LibuvError) {
        requestCount += 1
        requestCountOnStream += 1
        let id = requestCount
        switch session {
        case .none:
            exchange = .initialize(id: id)
            try send(.initialize, id: id, sessionID: nil, token: currentToken().bytes)
        case .begun(let sessionID):
            exchange = .initialized
            try send(.initialized, id: id, sessionID: sessionID, token: currentToken().bytes)
        case .ready(let sessionID):
            exchange = .call(id: id)
            let token = currentToken()
            try send(
                message(for: call),
                id: id,
                sessionID: sessionID,
                token: call.operation == .forged ? token.forged : token.bytes
            )
        }
    }

    private func send(
        _ message: RequestEncoder.Message,
        id: Int,
        sessionID: String?,
        token: ByteBuffer
    ) throws(LibuvError) {
        var request = ByteBuffer()
        swap(&request, &worker.scratch)
        defer { swap(&request, &worker.scratch) }
        request.bytes.removeAll(keepingCapacity: true)
        encoder.encode(message, id: id, token: token, sessionID: sessionID, into: &request)
        try stream?.write(request.span)
    }

    private func message(for call: Call) -> RequestEncoder.Message {
        let listLimit = worker.plan.listLimit
        let key = call.idempotencyKey
        func tool(
            _ name: String,
            _ arguments: @escaping (inout JSONWriter) -> Void
        ) -> RequestEncoder.Message {
            .call(method: "tools/call", tool: name) { writer in
                arguments(&writer)
                guard let key, name != Operation.listTodos.rawValue else { return }
                writer.name("idempotency_key")
                writer.string(key)
            }
        }
        let title = "agent \(number) waters the plants"
        let todoID = call.todoID ?? 0
        switch call.operation {
        case .listTools, .forged: return .call(method: "tools/list", tool: nil) { _ in }
        case .ping: return .call(method: "ping", tool: nil) { _ in }
        case .listTodos:
            return tool(call.operation.rawValue) { writer in
                writer.name("limit")
                writer.integer(listLimit)
            }
        case .addTodo:
            return tool(call.operation.rawValue) { writer in
                writer.name("title")
                writer.string(title)
            }
        case .completeTodo, .deleteTodo:
            return tool(call.operation.rawValue) { writer in
                writer.name("id")
                writer.integer(todoID)
            }
        case .updateTodoText:
            return tool(call.operation.rawValue) { writer in
                writer.name("id")
                writer.integer(todoID)
                writer.name("text")
                writer.string(title)
            }
        case .forbidden:
            return tool(profile.role.forbiddenTool) { writer in
                if self.profile.role == .readonly {
                    writer.name("title")
                    writer.string(title)
                } else {
                    writer.name("id")
                    writer.integer(1)
                }
            }
        }
    }

    private func currentToken() -> AccessToken {
        let now = WallClock.secondsSinceEpoch()
        if let token {
            switch worker.plan.renewal {
            // A tenth of the time before the end, or half a minute if that is shorter.
            case .early where token.expiresAt > now + worker.renewalMarginSeconds: return token
            case .late: return token
            case .early, .always: break
            }
        }
        tokenCount += 1
        worker.tally.tokensSigned += 1
        let fresh = worker.plan.mint.token(
            for: number,
            role: profile.role,
            number: tokenCount,
            now: now
        )
        token = fresh
        return fresh
    }

    // What the connection tells.

    func didRead(_ bytes: borrowing Span<UInt8>) {
        hasHeard = true
        guard exchange != nil else {
            // Nothing was asked: the connection is of no more use.
            return disconnect()
        }
        do throws(FailureKind) {
            if received.isEmpty {
                guard let response = try ResponseMessage.parse(copy bytes) else {
                    return received.append(bytes)
                }
                try take(response, in: copy bytes)
            } else {
                received.append(bytes)
                guard let response = try ResponseMessage.parse(received.span) else { return }
                let whole = received
                received.bytes.removeAll(keepingCapacity: true)
                try take(response, in: whole.span)
            }
        } catch {
            disconnect()
            end(error)
        }
    }

    func didReachEnd() {
        connectionEnded(.lost)
    }

    func didFail(_ error: LibuvError) {
        let wasRefused = error.name == "ECONNREFUSED" || error.name == "ETIMEDOUT"
        connectionEnded(!hasHeard && wasRefused ? .connect(reason: error.name) : .lost)
    }

    func didDrain() {}
    func didClose() {}

    private func connectionEnded(_ kind: FailureKind) {
        let wasWaiting = exchange != nil
        disconnect()
        // A server may close a connection that nothing is asked of.
        if wasWaiting { end(kind) }
    }

    private func take(_ response: ResponseMessage, in bytes: Span<UInt8>) throws(FailureKind) {
        guard response.byteCount == bytes.count else { throw .malformedResponse }
        let churn = worker.plan.requestsPerConnection
        if !response.isPersistent || (churn > 0 && requestCountOnStream >= churn) {
            let answered = exchange
            disconnect()
            exchange = answered
        }
        worker.retryAfterSeconds = response.retryAfterSeconds
        let sessionID = response.sessionID.map { range in
            String(decoding: ByteBuffer(copying: bytes.extracting(range)).bytes, as: UTF8.self)
        }
        switch response.body {
        case .range(let range):
            try take(response, bytes.extracting(range), sessionID: sessionID)
        case .decoded(let content):
            try take(response, content.span, sessionID: sessionID)
        }
    }

    private func take(
        _ response: ResponseMessage,
        _ body: Span<UInt8>,
        sessionID: String?
    ) throws(FailureKind) {
        guard let exchange, let call else { return }
        self.exchange = nil
        switch exchange {
        case .initialize(let id):
            guard response.status == 200 else { return refused(with: response.status) }
            _ = try Self.check(body, response, id: id, .anything)
            worker.tally.sessionsOpened += 1
            session = .begun(id: sessionID)
            attempt()
        case .initialized:
            guard (200..<300).contains(response.status) else {
                return refused(with: response.status)
            }
            if case .begun(let id) = session { session = .ready(id: id) }
            attempt()
        case .call(let id):
            guard response.status == call.operation.expectedStatus else {
                return refused(with: response.status)
            }
            if response.status == 200 {
                let shape: Answer.Shape =
                    switch call.operation {
                    case .listTools: .tools
                    case .ping, .forged, .forbidden: .anything
                    case .listTodos, .addTodo, .completeTodo, .updateTodoText, .deleteTodo:
                        .content
                    }
                let answer = try Self.check(body, response, id: id, shape)
                remember(answer, of: call)
            }
            finish(.succeeded)
        }
    }

    private static func check(
        _ body: Span<UInt8>,
        _ response: ResponseMessage,
        id: Int,
        _ shape: Answer.Shape
    ) throws(FailureKind) -> Answer {
        try Answer(body, isEventStream: response.isEventStream, id: id, shape: shape)
    }

    private func remember(_ answer: Answer, of call: Call) {
        switch call.operation {
        case .addTodo:
            if let id = answer.todoID, todoIDs.count < Self.todoCountMax { todoIDs.append(id) }
        case .deleteTodo:
            todoIDs.removeAll { $0 == call.todoID }
        case .completeTodo, .updateTodoText:
            // The next one is about another to-do.
            if let id = call.todoID, todoIDs.first == id { todoIDs.append(todoIDs.removeFirst()) }
        case .listTools, .ping, .listTodos, .forbidden, .forged:
            break
        }
    }

    /// Does what a client does when it is refused: it may have an old token or an old session.
    private func refused(with status: Int) {
        guard var call else { return }
        let isOldSession: Bool =
            if status == 404, case .ready(id: .some) = session { !call.hasRenewedSession } else {
                false
            }
        if status == 401, worker.plan.renewal == .late, !call.hasRenewedToken {
            call.hasRenewedToken = true
            token = nil
            worker.tally.tokensRenewedOnRefusal += 1
        } else if profile.era == .legacy, isOldSession {
            call.hasRenewedSession = true
            session = .none
        } else {
            return end(.status(status))
        }
        self.call = call
        attempt()
    }

    /// Ends the attempt; the call goes on if another one may help.
    private func end(_ kind: FailureKind) {
        guard let call else { return }
        exchange = nil
        guard let retriable = kind.retriable, worker.plan.retriable.contains(retriable) else {
            return finish(.failed(kind))
        }
        let delay = worker.retryDelayNanoseconds(for: kind)
        let now = MonotonicClock.nanoseconds()
        guard now + delay < call.begunAt + worker.plan.patienceNanoseconds else {
            return finish(.refused(kind))
        }
        worker.retry(self, kind, at: now + delay)
    }

    private func finish(_ outcome: Tally.Outcome) {
        guard let finished = call else { return }
        call = nil
        worker.didFinish(finished, outcome, by: self)
    }
}
