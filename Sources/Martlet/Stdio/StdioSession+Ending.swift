internal import Libuv
internal import Logging
internal import MCP

// How a session ends: nothing more is read, what runs may finish, the threads are left.
extension StdioSession {
    func didEnd(_ call: StdioCall) {
        calls[call.call.requestID] = nil
        if case .draining = phase { finishIfIdle() }
    }

    func didEnd(_ exchange: StdioTaskExchange) {
        exchanges[exchange.request.id] = nil
        if case .draining = phase { finishIfIdle() }
    }

    /// Reads no more, ends the streams, and lets what runs finish.
    func drain() {
        switch phase {
        case .draining, .over: return
        case .serving, .paused: break
        }
        phase = .draining(secondsLeft: setup.configuration.drainSeconds)
        subscriptions.endAll { _ in true }
        for call in Array(calls.values) { call.giveUpQuestions() }
        finishIfIdle()
    }

    private func finishIfIdle() {
        guard calls.isEmpty, exchanges.isEmpty, !isFinishing else { return }
        isFinishing = true
        loop.startTask(with: self) { session in
            // Nobody is there any longer to ask what becomes of them.
            await session.setup.tasks?.stop()
            session.output.flush { [weak session] in session?.finish() }
        }
    }

    func tick(nowSeconds: Int64) {
        runningCalls.tick()
        if let tasks = setup.tasks { loop.startTask(with: tasks) { await $0.tick() } }
        if case .over = phase { return }
        sessions.tick(nowSeconds: nowSeconds)
        subscriptions.tick()
        setup.shadowPolicyLog?.flush()
        setup.accessLog?.flush()
        audit?.tick()
        var refusal: RequestRefusal?
        do throws(StdioError) {
            _ = try identity.principal(nowSeconds: nowSeconds)
        } catch {
            refusal = .unauthorized(reason: error.clientDescription)
            subscriptions.endAll { _ in true }
        }
        for call in Array(calls.values) { call.tick(refusal) }
        for exchange in Array(exchanges.values) { exchange.tick() }
        guard case .draining(let secondsLeft) = phase else { return }
        phase = .draining(secondsLeft: secondsLeft - 1)
        guard secondsLeft <= 0 else { return }
        if !calls.isEmpty {
            setup.logger.warning("\(calls.count) requests did not finish in time")
        }
        finish()
    }

    /// Says nothing more, and ends once the tools that were cancelled have had a little time.
    func finish() {
        if case .over = phase { return }
        phase = .over
        for call in Array(calls.values) { call.cancel() }
        for exchange in Array(exchanges.values) { exchange.cancel() }
        for outlet in Array(outlets.values) { outlet.lose() }
        // Asked once more, the process ends at once.
        for signal in signals { signal.close() }
        subscriptions.close()
        identity.close()
        loop.startTask(with: self) { session in
            if !session.isFinishing { await session.setup.tasks?.stop() }
            await session.runningCalls.waitUntilEmpty()
            session.close()
        }
    }

    private func close() {
        ticker?.close()
        ended(makeClosing())
        ended = { _ in }
    }
}
