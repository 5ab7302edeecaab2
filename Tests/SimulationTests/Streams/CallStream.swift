import ProtocolTestSupport

/// The stream that the answer to one call has become, as something was said before it.
final class CallStream {
    private let request: SimulatedRequest
    private var isAnswered = false

    init(_ request: SimulatedRequest) {
        self.request = request
    }

    func take(
        _ event: StreamEvent,
        after wait: ConnectionWait?,
        at moment: Moment,
        _ store: SimulatedStore
    ) throws {
        if let session = request.session {
            try session.see(event, of: request.id)
            // What primes the stream.
            if event.data.isEmpty { return }
        }
        let json = try JSONTree(event.data)
        try demand(!isAnswered, "\(request.id): something follows the answer")
        if json["method"]?.string == "notifications/progress" {
            let token = json["params"]?["progressToken"]?.string
            try demand(token == request.id, "\(request.id): progress of another call")
            return
        }
        isAnswered = true
        let answer = ReceivedResponse(status: 200, fields: [], text: event.data)
        try request.judge(answer, after: wait, at: moment, store)
    }

    func end() throws {
        try demand(isAnswered, "\(request.id): the stream ends without the answer")
    }
}
