import JSON
import MCP
import ProtocolTestSupport
import Synchronization

/// A client that notes what it is told, and answers what it is asked.
final class RecordingLink: ClientLink {
    private let state: Mutex<(told: [String], asked: [InputRequest])> = Mutex(([], []))
    private let answer: @Sendable (InputRequest) async throws(RequestFailure) -> RawJSON

    init(
        _ answer: @escaping @Sendable (InputRequest) async throws(RequestFailure) -> RawJSON = {
            _ throws(RequestFailure) in
            throw .rejected(message: "nobody is there")
        }
    ) {
        self.answer = answer
    }

    /// The notifications, in their order.
    func told() throws -> [JSONTree] {
        try state.withLock { $0.told }.map { try JSONTree($0) }
    }

    var askedCount: Int { state.withLock { $0.asked.count } }

    func notify(_ notification: RawJSON) {
        state.withLock { $0.told.append(notification.description) }
    }

    func ask(_ requests: [InputRequest]) async throws(RequestFailure) -> [RawJSON] {
        state.withLock { $0.asked += requests }
        var answers: [RawJSON] = []
        for request in requests { answers.append(try await answer(request)) }
        return answers
    }

    func disconnect(retryMilliseconds: Int) {}
}
