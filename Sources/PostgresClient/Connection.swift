internal import CPostgres
internal import Libuv

/// One connection to PostgreSQL, driven by the loop: libpq never waits for the network.
///
/// What is sent together is one turn; the connection is free for another once all of it is answered
/// (libpq's pipeline mode).
///
/// Confined to the loop's thread.
@safe
final class Connection {
    /// What becomes of a connection, for whoever has it.
    struct Events {
        /// It can be used.
        var didOpen: (Connection) -> Void

        /// The turn is over and the next may begin.
        var didBecomeFree: (Connection) -> Void

        /// It is of no use any more; told once, with the exchanges that were not answered.
        var didClose: (Connection, PostgresError.Cause, [Exchange]) -> Void

        /// Something that was listened for.
        var didNotify: (_ channel: String, _ payload: String) -> Void = { _, _ in }
    }

    private enum State {
        case resolving
        case connecting
        case asking
        case preparing
        case free
        case busy
        case closed
    }

    private let loop: EventLoop
    private let preparation: PostgresPreparation
    private let events: Events
    private var state = State.resolving
    private var handle: OpaquePointer?
    private var watcher: DescriptorWatcher?
    private var isWritePending = false
    private let openDeadlineMilliseconds: UInt64
    private var isPrepared = false

    /// Whether something stands between here and PostgreSQL that may share connections out: other
    /// statements, or none, may be on the one that a statement is carried out on.
    private(set) var isShared = false

    /// What has been sent and is not answered, in its order.
    private var exchanges: [Exchange] = []
    private var firstExchangeIndex = 0

    /// When the turn began, or the last exchange of it was answered.
    private var lastAnswerMilliseconds: UInt64 = 0

    /// Which of the first exchange's statements is being answered.
    private var callIndex = 0

    /// Starts to connect.
    ///
    /// - Parameters:
    ///   - url: Where to.
    ///   - preparation: What is prepared before the connection is told to be open.
    ///   - seconds: How long all this may take.
    ///   - loop: The loop whose thread calls this.
    ///   - events: Told in later turns of the loop.
    init(
        _ url: PostgresURL,
        preparing preparation: PostgresPreparation,
        withinSeconds seconds: Int,
        on loop: EventLoop,
        _ events: Events
    ) {
        loop.checkIsolated()
        self.loop = loop
        self.preparation = preparation
        self.events = events
        openDeadlineMilliseconds = loop.monotonicMilliseconds + UInt64(seconds) * 1_000
        HostResolution.start(url, on: loop) { [weak self] result in
            guard let self, state == .resolving else { return }
            // Nothing is told before the pool knows of this connection.
            var timer: OneShotTimer?
            timer = OneShotTimer(on: loop) { [weak self] in
                timer?.close()
                timer = nil
                self?.didResolve(result)
            }
            timer?.start(afterMilliseconds: 0)
        }
    }

    var isFree: Bool { state == .free }

    var isOpening: Bool {
        switch state {
        case .resolving, .connecting, .asking, .preparing: true
        case .free, .busy, .closed: false
        }
    }

    /// Whether a transaction is open, or the connection cannot tell.
    var isInTransaction: Bool {
        guard let handle = unsafe handle else { return false }
        return unsafe PQtransactionStatus(handle) != PQTRANS_IDLE
    }

    /// Sends exchanges together.
    ///
    /// - Precondition: ``isFree``.
    func send(_ exchanges: [Exchange]) {
        precondition(isFree, "a connection has one turn at a time")
        state = .busy
        lastAnswerMilliseconds = loop.monotonicMilliseconds
        queue(exchanges)
        flush()
    }

    /// Gives the connection up.
    func close(_ cause: PostgresError.Cause) {
        guard state != .closed else { return }
        var cause = cause
        if isOpening, case .connectionLost(let message) = cause {
            cause = .noConnection(message: message)
        }
        state = .closed
        watcher?.close()
        watcher = nil
        if let handle = unsafe handle { unsafe PQfinish(handle) }
        unsafe handle = nil
        let unanswered = Array(exchanges[firstExchangeIndex...])
        exchanges = []
        firstExchangeIndex = 0
        events.didClose(self, cause, unanswered)
    }

    /// Gives the connection up if it did not open, or answer, in time.
    func checkDeadline(answerSeconds: Int) {
        let now = loop.monotonicMilliseconds
        if isOpening, now >= openDeadlineMilliseconds {
            close(.noConnection(message: lateness))
        } else if state == .busy, now >= lastAnswerMilliseconds + UInt64(answerSeconds) * 1_000 {
            close(.noAnswer(seconds: answerSeconds))
        }
    }

    /// What took too long.
    private var lateness: String {
        switch state {
        case .resolving: "its host was not found in time"
        case .connecting: "PostgreSQL did not answer in time"
        case .asking, .preparing, .free, .busy, .closed:
            """
            nothing was answered in time after the login; a pooler may have no connection to \
            PostgreSQL left for this one
            """
        }
    }

    // Opening.

    private func didResolve(_ result: Result<[PostgresURL.Parameter], PostgresError.Cause>) {
        guard state == .resolving else { return }
        switch result {
        case .failure(let cause): close(cause)
        case .success(let parameters): connect(parameters)
        }
    }

    private func connect(_ given: [PostgresURL.Parameter]) {
        let keywords = Set(given.map(\.keyword))
        let parameters = given + Self.defaults.filter { !keywords.contains($0.keyword) }
        state = .connecting
        unsafe handle = unsafe Self.start(parameters)
        guard let handle = unsafe handle else {
            return close(.noConnection(message: "out of memory"))
        }
        // Notices go nowhere: libpq would print them.
        unsafe PQsetNoticeReceiver(handle, onNotice, nil)
        guard unsafe PQstatus(handle) != CONNECTION_BAD else { return failToOpen() }
        // Behaves as if the last poll had said so (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS>).
        watchOpening(for: .writable)
    }

    private static let defaults = [
        PostgresURL.Parameter(keyword: "fallback_application_name", value: "martlet"),
        PostgresURL.Parameter(keyword: "client_encoding", value: "UTF8"),
        // Kerberos would be asked without the loop.
        PostgresURL.Parameter(keyword: "gssencmode", value: "disable"),
        // A machine that is gone is noticed within a minute, instead of two hours.
        PostgresURL.Parameter(keyword: "keepalives_idle", value: "30"),
        PostgresURL.Parameter(keyword: "keepalives_interval", value: "10"),
        PostgresURL.Parameter(keyword: "keepalives_count", value: "3"),
    ]

    private static func start(_ parameters: [PostgresURL.Parameter]) -> OpaquePointer? {
        let keywords = TextList(parameters.map(\.keyword), isTerminated: true)
        let values = TextList(parameters.map(\.value), isTerminated: true)
        // Safe: libpq copies both lists.
        return unsafe keywords.withPointers { keywords in
            unsafe values.withPointers { unsafe PQconnectStartParams(keywords, $0, 0) }
        }
    }

    private func poll() {
        guard let handle = unsafe handle else { return }
        // libpq may close the socket and open another: nobody may watch it meanwhile.
        watcher?.close()
        watcher = nil
        switch unsafe PQconnectPoll(handle) {
        case PGRES_POLLING_READING: watchOpening(for: .readable)
        case PGRES_POLLING_WRITING: watchOpening(for: .writable)
        case PGRES_POLLING_OK: unsafe didConnect(handle)
        default: failToOpen()
        }
    }

    private func watchOpening(for readiness: DescriptorWatcher.Readiness) {
        watch(for: readiness) { connection, _ in connection.poll() }
    }

    private func didConnect(_ handle: OpaquePointer) {
        guard unsafe PQsetnonblocking(handle, 1) == 0,
            unsafe PQenterPipelineMode(handle) == 1
        else { return failToOpen() }
        state = .asking
        watch(for: .readable) { connection, readiness in
            connection.didBecomeReady(readiness)
        }
        guard state == .asking else { return }
        queue([opening([Self.whoAnswers]) { $0.didAsk($1) }])
        flush()
    }

    private static let whoAnswers = PostgresStatement(
        "SELECT pg_backend_pid()",
        to: "ask who answers"
    )

    /// Compares who answers with who let this connection in: a pooler lets in by itself, under a
    /// number that it made up.
    private func didAsk(_ answer: Exchange.Answer) {
        guard let handle = unsafe handle else { return }
        switch answer {
        case .success(let rows):
            isShared = rows.first?.number(0, 0) != Int64(unsafe PQbackendPID(handle))
        case .failure(let error):
            // Who is no PostgreSQL may not know the function.
            guard !error.isTransient else {
                return close(.noConnection(message: "\(error)"))
            }
            isShared = true
        }
    }

    private func prepare() {
        let statements = preparation.statements(isShared: isShared)
        guard let handle = unsafe handle, !statements.isEmpty else { return events.didOpen(self) }
        state = .preparing
        isPrepared = true
        exchanges.append(
            opening(statements) { connection, answer in
                guard case .failure(let error) = answer, error.sqlState != nil else { return }
                connection.close(.notPrepared(message: "\(error)"))
            }
        )
        for statement in statements {
            let status = unsafe PQsendPrepare(handle, statement.name, statement.sql, 0, nil)
            guard status == 1 else { return failToOpen() }
        }
        guard unsafe PQpipelineSync(handle) == 1 else { return failToOpen() }
        flush()
    }

    private func opening(
        _ statements: [PostgresStatement],
        _ didEnd: @escaping (Connection, Exchange.Answer) -> Void
    ) -> Exchange {
        Exchange(
            statements.map { $0() },
            deadlineMilliseconds: openDeadlineMilliseconds,
            resendCountMax: 0
        ) { [unowned self] in didEnd(self, $0) }
    }

    private func failToOpen() {
        var message = failureText
        // All that OpenSSL says of whom it does not believe, and libpq passes on.
        if message.contains("certificate verify failed") {
            message += """
                ; an authority in sslrootcert must have signed it, and its time must not be over
                """
        }
        close(.noConnection(message: message))
    }

    // Sending.

    private func queue(_ exchanges: [Exchange]) {
        guard let handle = unsafe handle else { return }
        for exchange in exchanges {
            self.exchanges.append(exchange)
            for call in exchange.calls {
                guard unsafe queue(call, handle) else {
                    return close(.connectionLost(message: failureText))
                }
            }
            guard unsafe PQpipelineSync(handle) == 1 else {
                return close(.connectionLost(message: failureText))
            }
        }
    }

    private func queue(_ call: PostgresCall, _ handle: OpaquePointer) -> Bool {
        let values = TextList(call.parameters.map(\.text))
        let count = CInt(call.parameters.count)
        // Safe: libpq copies the texts into its own buffer.
        let status = unsafe values.withPointers { values in
            if isPrepared, let name = call.statement.name {
                return unsafe PQsendQueryPrepared(handle, name, count, values, nil, nil, 0)
            }
            let sql = call.statement.sql
            return unsafe PQsendQueryParams(handle, sql, count, nil, values, nil, nil, 0)
        }
        return status == 1
    }

    private func flush() {
        guard state != .closed, let handle = unsafe handle else { return }
        switch unsafe PQflush(handle) {
        case 0: setWritePending(false)
        case 1: setWritePending(true)
        default: close(.connectionLost(message: failureText))
        }
    }

    private func setWritePending(_ isPending: Bool) {
        guard isPending != isWritePending, let watcher else { return }
        isWritePending = isPending
        do throws(LibuvError) {
            try watcher.watch(for: isPending ? [.readable, .writable] : .readable)
        } catch {
            close(.connectionLost(message: "\(error)"))
        }
    }

    // Receiving.

    private func didBecomeReady(_ readiness: DescriptorWatcher.Readiness) {
        guard let handle = unsafe handle else { return }
        if readiness.contains(.readable) || readiness.contains(.failed) {
            guard unsafe PQconsumeInput(handle) == 1 else {
                // What came before the end is read first: it says why.
                unsafe receive(handle)
                return close(.connectionLost(message: failureText))
            }
        }
        if isWritePending { flush() }
        unsafe receive(handle)
    }

    private func receive(_ handle: OpaquePointer) {
        var endCount = 0
        while state != .closed, firstExchangeIndex < exchanges.count {
            guard unsafe PQisBusy(handle) == 0 else { break }
            guard let result = unsafe PQgetResult(handle) else {
                // One such end follows each statement; more of them are none of an answer.
                endCount += 1
                callIndex += 1
                guard endCount < 2 else {
                    return close(.connectionLost(message: failureText))
                }
                continue
            }
            endCount = 0
            unsafe receive(owning: result)
        }
        guard state != .closed else { return }
        unsafe notify(handle)
        if state != .closed, unsafe PQstatus(handle) == CONNECTION_BAD {
            close(.connectionLost(message: failureText))
        }
    }

    private func receive(owning result: OpaquePointer) {
        let exchange = exchanges[firstExchangeIndex]
        switch unsafe PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            unsafe PQclear(result)
            endExchange(exchange)
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
            exchange.receive(unsafe PostgresRows(owning: result))
        case PGRES_PIPELINE_ABORTED:
            unsafe PQclear(result)
        default:
            let sqlState = unsafe Self.field(result, "C")
            let message = unsafe Self.field(result, "M") ?? failureText
            let severity = unsafe Self.field(result, "V")
            unsafe PQclear(result)
            guard let sqlState, severity == "ERROR" else {
                // The server ends the connection, or it has broken.
                return close(.connectionLost(message: message.oneLine))
            }
            exchange.refuse(callIndex, sqlState: sqlState, message: message.oneLine)
        }
    }

    private func endExchange(_ exchange: Exchange) {
        callIndex = 0
        firstExchangeIndex += 1
        lastAnswerMilliseconds = loop.monotonicMilliseconds
        let isLast = firstExchangeIndex == exchanges.count
        if isLast {
            exchanges = []
            firstExchangeIndex = 0
        }
        let stateBefore = state
        if isLast { state = .free }
        exchange.end()
        guard isLast, state == .free else { return }
        switch stateBefore {
        case .asking: prepare()
        case .preparing: events.didOpen(self)
        case .resolving, .connecting, .free, .busy, .closed: events.didBecomeFree(self)
        }
    }

    private func notify(_ handle: OpaquePointer) {
        while state != .closed, let notification = unsafe PQnotifies(handle) {
            let channel = unsafe notification.pointee.relname.map { unsafe String(cString: $0) }
            let payload = unsafe notification.pointee.extra.map { unsafe String(cString: $0) }
            unsafe PQfreemem(notification)
            events.didNotify(channel ?? "", payload ?? "")
        }
    }

    private func watch(
        for readiness: DescriptorWatcher.Readiness,
        _ didBecomeReady: @escaping (Connection, DescriptorWatcher.Readiness) -> Void
    ) {
        guard let handle = unsafe handle else { return }
        do throws(LibuvError) {
            watcher?.close()
            let watcher = try DescriptorWatcher(unsafe PQsocket(handle), on: loop) {
                [weak self] readiness in
                if let self { didBecomeReady(self, readiness) }
            }
            self.watcher = watcher
            try watcher.watch(for: readiness)
        } catch {
            close(.noConnection(message: "\(error)"))
        }
    }

    /// What libpq says of the last failure.
    private var failureText: String {
        guard let handle = unsafe handle, let text = unsafe PQerrorMessage(handle) else {
            return "no reason given"
        }
        return unsafe String(cString: text).oneLine
    }

    /// A field of an error by its code (PG_DIAG_SEVERITY_NONLOCALIZED and others, which are macros).
    private static func field(_ result: OpaquePointer, _ code: Unicode.Scalar) -> String? {
        guard let text = unsafe PQresultErrorField(result, CInt(code.value)) else { return nil }
        return unsafe String(cString: text)
    }
}

extension String {
    /// The text with any white space as one space.
    fileprivate var oneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

private let onNotice: PQnoticeReceiver = { _, _ in }
