internal import MCP

/// Requests of the server that were sent to a client together, and their answers.
///
/// Not `Sendable`: belongs to the loop of the request that asks.
final class Questions {
    private var answers: [ClientResponse?]
    private var secondsLeft: Int
    private let answered: ([ClientResponse]?) -> Void
    private var endings: [() -> Void] = []
    private(set) var isOver = false

    init(count: Int, secondsMax: Int, _ answered: @escaping ([ClientResponse]?) -> Void) {
        answers = Array(repeating: nil, count: count)
        secondsLeft = secondsMax
        self.answered = answered
    }

    /// Has something done when no more answers are wanted.
    func onEnd(_ ending: @escaping () -> Void) {
        endings.append(ending)
    }

    func receive(_ response: ClientResponse, at index: Int) {
        answers[index] = response
        let received = answers.compactMap(\.self)
        if received.count == answers.count { end(received) }
    }

    /// A second has passed.
    func tick() {
        secondsLeft -= 1
        if secondsLeft < 0 { giveUp() }
    }

    func giveUp() {
        end(nil)
    }

    private func end(_ result: [ClientResponse]?) {
        guard !isOver else { return }
        isOver = true
        for ending in endings { ending() }
        endings = []
        answered(result)
    }
}
