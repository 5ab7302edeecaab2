import TestSupport

// What the server says.
extension Conversation {
    /// Notes what the server could see in the turns it has just had.
    func meet(_ moment: Moment) {
        for request in unanswered { request.meet(moment) }
    }

    /// Reads what has come, and looks whether all is as it must be.
    func receive(at moment: Moment, _ store: SimulatedStore) throws {
        guard !isOver else { return }
        if isNew { wait = ConnectionWait(atTick: moment.tick) }
        isNew = false
        if let loss = unheardLoss { return lose(loss, at: moment) }
        changes?.expectNews(changeCount: changeCount(store), at: moment)
        let hasRead = try read(atMost: .max, at: moment, store)
        guard !isOver else { return }
        try updateWait(isRenewed: (hasRead && !hasStreamEnded) || hasSent, at: moment)
        hasSent = false
        hasStreamEnded = false
        switch stream {
        case .changes(let stream):
            try stream.check(changeCount: changeCount(store), at: moment)
        case .session(let stream): try stream.check(at: moment)
        case .call, nil: break
        }
    }

    /// Reads a little.
    func sip(_ byteCount: Int, at moment: Moment, _ store: SimulatedStore) throws {
        _ = try read(atMost: byteCount, at: moment, store)
    }

    private var changes: ChangeStream? {
        if case .changes(let stream) = stream { stream } else { nil }
    }

    private func didHear(at moment: Moment) {
        switch stream {
        case .changes(let stream): stream.didHear(at: moment)
        case .session(let stream): stream.didHear(at: moment)
        case .call, nil: break
        }
    }

    /// How it loses the answer of which nothing will be heard, though the server may have given it.
    private var unheardLoss: Loss? {
        guard let request = unanswered.first, request.isSent,
            case .openStream(_, _, let loss?) = request.errand, case .head = loss.point
        else { return nil }
        return loss
    }

    /// How it loses the stream now, if it does.
    private var dueLoss: Loss? {
        if case .session(let stream) = stream { stream.dueLoss } else { nil }
    }

    private func changeCount(_ store: SimulatedStore) -> Int {
        store.truth { $0.changeCount(in: agent.workspace) }
    }

    /// - Returns: Whether there was something.
    private func read(
        atMost byteCountMax: Int,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws -> Bool {
        var hasRead = false
        var rest = byteCountMax
        while rest > 0, !isOver, socket.hasInput(withinMilliseconds: 0) {
            hasRead = true
            let bytes: [UInt8]
            do {
                bytes = try socket.receive(atMost: min(rest, 65_536))
            } catch {
                trace.note("\(name) is reset")
                try judgeEnd(at: moment)
                return true
            }
            guard !bytes.isEmpty else {
                trace.note("\(name) reads the end")
                try judgeEnd(at: moment)
                return true
            }
            rest -= bytes.count
            trace.note(bytes, "\(name) reads")
            reader.append(bytes)
            didHear(at: moment)
            while !isOver, let output = try reader.next() {
                try take(output, at: moment, store)
                if let loss = dueLoss { lose(loss, at: moment) }
            }
        }
        return hasRead
    }

    private func take(
        _ output: ResponseReader.Output,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws {
        switch output {
        case .response(let response):
            try takeEnd(of: response, at: moment)
            // A head that does not come has no answer of its own, nor a body.
            if response.status == 408 { return try judgeTimeout(at: moment) }
            let request = try takeRequest(response)
            try request.judge(response, after: promptWait, at: moment, store)
        case .stream(let response):
            try takeEnd(of: response, at: moment)
            let request = try takeRequest(response)
            stream = try request.judgeStream(
                response,
                changeCount(store),
                isPrompt: pace == .attentive,
                at: moment
            )
        case .event(let text):
            guard let event = StreamEvent(text) else { return }
            switch stream {
            case .changes(let stream):
                try stream.take(event, changeCount: promptWait.map { _ in changeCount(store) })
            case .session(let stream): try stream.take(event, at: moment)
            case .call(let stream):
                try stream.take(event, after: promptWait, at: moment, store)
            case nil: throw Violation("\(name): there is no stream")
            }
        case .streamEnd:
            let promptMoment = pace == .attentive ? moment : nil
            switch stream {
            case .changes(let stream): try stream.end(at: promptMoment)
            case .session(let stream): try stream.end(at: promptMoment)
            case .call(let stream): try stream.end()
            case nil: throw Violation("\(name): there was no stream")
            }
            if let id = stream?.id { agent.streams.release(id, atTurn: moment.turn) }
            stream = nil
            // Its head could not say so yet.
            if pace == .attentive { mustEnd = mustEnd || moment.stage > .serving }
            // What the endpoint says at a tick it says just before the connections count it.
            wait =
                moment.hasTicked
                ? ConnectionWait(atOrBeforeTick: moment.tick) : ConnectionWait(atTick: moment.tick)
            hasStreamEnded = true
        }
    }

    /// What the server waited for up to now; `nil` for whoever reads late, and cannot tell when
    /// something was said.
    private var promptWait: ConnectionWait? { pace == .attentive ? wait : nil }

    private func takeEnd(of response: ReceivedResponse, at moment: Moment) throws {
        try demand(!mustEnd, "\(name): something follows the last answer")
        mustEnd = response.endsConnection
        try demand(
            mustEnd || !moment.wasStopping || pace == .sluggish,
            "\(name): the server stops, and its answer leaves the connection open"
        )
    }

    private func takeRequest(_ response: ReceivedResponse) throws -> SimulatedRequest {
        guard let request = takeFirst() else {
            throw Violation("\(name): nobody asked for \(response.status) \(response.text)")
        }
        return request
    }
}
