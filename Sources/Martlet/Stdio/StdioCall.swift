internal import AccessControl
internal import Bytes
internal import JSON
internal import Libuv
internal import MCP

/// A request that runs, from its start to its answer.
///
/// Not `Sendable`: belongs to the loop.
final class StdioCall: ConversingCall {
    private enum State {
        case running
        /// Something was said before the answer.
        case talking
        /// Answered or taken back.
        case over
    }

    let call: FeatureCall
    var task: Task<Void, Never>?

    private let principal: Principal
    private let session: StdioSession
    private let answer: (ByteBuffer?) -> Void
    private var state = State.running

    /// Seconds that the tool has worked, waiting for the client not counted.
    private var workedSeconds = 0
    private var questions: [Questions] = []

    /// - Parameters:
    ///   - call: What runs.
    ///   - principal: For whom.
    ///   - session: Whose request it is.
    ///   - answer: Called once with the response, or with `nil` if there is none.
    init(
        _ call: FeatureCall,
        by principal: Principal,
        of session: StdioSession,
        answer: @escaping (ByteBuffer?) -> Void
    ) {
        self.call = call
        self.principal = principal
        self.session = session
        self.answer = answer
    }

    func run() async {
        let context = RequestContext(
            call,
            principal: principal,
            nowSeconds: WallClock.secondsSinceEpoch(),
            loopIndex: 0,
            link: LoopLink(call: LoopBound(self, on: session.loop))
        )
        let outcome = await call.run(in: context)
        session.runningCalls.end()
        if case .failed(let failure) = outcome {
            session.setup.logger.note(failure, of: call)
        }
        finish(outcome)
    }

    /// The client takes the request back, or nobody waits for it: there is no response.
    func cancel() {
        end(with: nil)
        stop()
    }

    /// Nobody will answer what was asked.
    func giveUpQuestions() {
        for question in questions { question.giveUp() }
    }

    /// A second has passed.
    ///
    /// Whoever is not welcome any more hears no more of what was begun to be told.
    func tick(_ refusal: RequestRefusal?) {
        if let refusal, case .talking = state {
            finish(.refused(refusal))
            return stop()
        }
        guard questions.isEmpty else {
            for question in questions { question.tick() }
            return
        }
        workedSeconds += 1
        let secondsMax = session.setup.configuration.transport.responseSeconds
        guard workedSeconds > secondsMax else { return }
        finish(.timedOut(afterSeconds: secondsMax))
        stop()
    }

    func tell(_ notification: ByteBuffer) {
        guard beginToTalk(), !session.output.isCongested else { return }
        session.output.send(notification.span)
    }

    func ask(
        _ requests: [InputRequest],
        _ answered: @escaping @Sendable ([ClientResponse]?) -> Void
    ) {
        guard beginToTalk(), let legacy = session.answering else { return answered(nil) }
        let secondsMax = session.setup.configuration.clientAnswerSeconds
        let asked = Questions(count: requests.count, secondsMax: secondsMax, answered)
        questions.append(asked)
        for (index, request) in requests.enumerated() {
            let id = session.nextRequestID()
            session.sessions.expectAnswer(to: id, from: legacy.id) { [weak self] response in
                asked.receive(response, at: index)
                self?.questions.removeAll { $0.isOver }
            }
            asked.onEnd { [sessions = session.sessions] in sessions.forgetQuestion(id) }
            session.output.send(request.message(id, for: call.protocolVersion).span)
        }
    }

    /// There is one connection, and nothing to come back to.
    func disconnect(retryMilliseconds: Int) {}

    /// - Returns: `false` if nothing more may be said.
    private func beginToTalk() -> Bool {
        if case .over = state { return false }
        state = .talking
        return true
    }

    private func finish(_ outcome: CallOutcome) {
        if case .over = state { return }
        var response = ByteBuffer()
        _ = call.encode(outcome, into: &response)
        end(with: response)
    }

    private func end(with response: ByteBuffer?) {
        if case .over = state { return }
        state = .over
        answer(response)
        session.didEnd(self)
    }

    private func stop() {
        giveUpQuestions()
        task?.cancel()
    }
}
