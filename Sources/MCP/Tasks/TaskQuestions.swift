public import JSON

/// What a running task has asked its client, and what has been answered.
///
/// A tool asks in rounds, perhaps several at once, and goes on with a round when each of its
/// questions is answered. "Each request key in `inputRequests` MUST be unique over the lifetime of
/// a single task" (ext-tasks, *Task Update Requests*): a key that a tool uses again goes to the
/// client with a number behind it.
public struct TaskQuestions: Sendable {
    private struct Question {
        let key: String
        let request: InputRequest
        var answer: RawJSON?
    }

    /// A round that every question of is answered.
    public struct AnsweredRound: Sendable {
        public let number: Int

        /// In the order of the questions.
        public let answers: [RawJSON]
    }

    private var rounds: [Int: [Question]] = [:]
    private var roundCount = 0
    private var usedKeys: Set<String> = []

    public init() {}

    /// Whether no question is open.
    public var isEmpty: Bool { rounds.isEmpty }

    /// Asks.
    ///
    /// - Returns: The number of the round.
    public mutating func ask(_ requests: [InputRequest]) -> Int {
        roundCount += 1
        rounds[roundCount] = requests.map { Question(key: unusedKey($0.key), request: $0) }
        return roundCount
    }

    /// Takes answers, as many as the client has; those to no open question are ignored.
    ///
    /// - Returns: The rounds that are over now.
    /// - Throws: ``RPCError/malformedParams(name:expected:)`` if an answer is none to its question.
    ///   No answer is taken then, and the client may send a better one.
    public mutating func receive(
        _ answers: [String: RawJSON]
    ) throws(RPCError) -> [AnsweredRound] {
        var changed = rounds
        var answered: [AnsweredRound] = []
        for number in rounds.keys.sorted() {
            guard var questions = rounds[number] else { continue }
            for index in questions.indices where questions[index].answer == nil {
                let question = questions[index]
                guard let answer = answers[question.key] else { continue }
                guard question.request.admits(answer) else {
                    throw .unfitAnswer(key: question.key, method: question.request.method)
                }
                questions[index].answer = answer
            }
            let received = questions.compactMap(\.answer)
            let isOver = received.count == questions.count
            changed[number] = isOver ? nil : questions
            if isOver { answered.append(AnsweredRound(number: number, answers: received)) }
        }
        rounds = changed
        return answered
    }

    /// Nobody waits for the answers of a round any longer.
    public mutating func withdraw(_ round: Int) {
        rounds[round] = nil
    }

    /// The member `inputRequests`: every question without an answer.
    public var requests: RawJSON {
        RawJSON { writer in
            writer.beginObject()
            for number in rounds.keys.sorted() {
                for question in rounds[number] ?? [] where question.answer == nil {
                    writer.name(question.key)
                    writer.beginObject()
                    question.request.encodeMembers(into: &writer, for: .v2026_07_28)
                    writer.endObject()
                }
            }
            writer.endObject()
        }
    }

    private mutating func unusedKey(_ key: String) -> String {
        var candidate = key
        var number = 1
        while !usedKeys.insert(candidate).inserted {
            number += 1
            candidate = "\(key)-\(number)"
        }
        return candidate
    }
}

extension RPCError {
    /// An answer to a question of a task is none.
    static func unfitAnswer(key: String, method: String) -> RPCError {
        .malformedParams(
            name: "inputResponses.\(key)",
            expected: "a result of \(method) as it was asked for"
        )
    }
}
