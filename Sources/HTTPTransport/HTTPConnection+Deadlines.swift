internal import Bytes
internal import HTTP1
internal import Libuv

extension HTTPConnection {
    /// What the connection waits for in its present phase.
    var waitOfPhase: Wait {
        if stream.queuedByteCount > 0 { return .writeStall }
        switch phase {
        case .betweenRequests:
            guard isBetweenHeads, received.isEmpty else { return .head }
            return loop.stage == .draining && !hasHadRequest ? .newcomer : .idle
        case .awaitingDecision: return .decision
        case .decidingHead, .receivingBody: return .body
        case .awaitingResponse: return .response
        case .streaming: return .silence
        case .discardingBody: return .discard
        case .lingering, .cutOff, .closed: return .linger
        }
    }

    /// 34 years of seconds: longer waits end there.
    private static let waitTickCountMax = 1 << 30

    func beginWait(_ wait: Wait) {
        self.wait = wait
        let limits = loop.limits
        let seconds =
            switch wait {
            case .idle: limits.idleSeconds
            case .newcomer: limits.newcomerSeconds
            case .head: limits.headSeconds
            case .decision: limits.decisionSeconds
            case .body: limits.bodySeconds
            case .response: limits.responseSeconds
            case .silence: mustHearOfDrain ? 0 : limits.streamKeepAliveSeconds
            case .discard, .linger: limits.lingerSeconds
            case .writeStall: limits.writeStallSeconds
            }
        // The tick in progress does not count. Ticks are compared by their difference, which must
        // stay below half of their range.
        deadline = loop.tick &+ UInt32(clamping: min(seconds, Self.waitTickCountMax)) &+ 1
        loop.schedule(self)
    }

    /// The wait has lasted as long as it may.
    func didReachDeadline() {
        switch wait {
        case .idle, .newcomer, .discard:
            finish()
        case .head:
            noteRefusedHead(.requestTimeout)
            encoder = ResponseEncoder()
            encode(ResponseHead(.requestTimeout), content: ByteBuffer().span)
            finish()
        case .body:
            refuse(.requestTimeout)
        case .decision, .response:
            let exchange = currentExchange
            let phase = phase
            handler?.didReachDeadline(on: self)
            // A handler that has no other answer loses the connection.
            if self.phase == phase, isCurrent(exchange) { close() }
        case .silence:
            didStaySilent()
        case .writeStall:
            loop.sendQueues.stalledConnectionCount &+= 1
            close()
        case .linger, nil:
            close()
        }
    }
}
