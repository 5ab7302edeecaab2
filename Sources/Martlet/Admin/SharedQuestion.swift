internal import Libuv

/// A question that is asked once for all operators who wait for the answer.
///
/// Whoever asks while it is asked already is answered by the next time: what was seen before he
/// asked may be out of date. While the loops do not answer nothing piles up but those who wait.
///
/// Not `Sendable`: belongs to the loop for operators.
final class SharedQuestion<Answer: Sendable> {
    private let loop: EventLoop
    private let ask: @Sendable () async -> Answer

    /// Those to be answered by what is being asked, and those that came since.
    private var asking: [ObjectIdentifier: (Answer) -> Void] = [:]
    private var waiting: [ObjectIdentifier: (Answer) -> Void] = [:]
    private var isAsked = false

    init(on loop: EventLoop, _ ask: @escaping @Sendable () async -> Answer) {
        self.loop = loop
        self.ask = ask
    }

    /// Has `asker` answered, once, unless it withdraws.
    ///
    /// - Precondition: The asker does not wait already.
    func add(_ asker: AnyObject, answer: @escaping (Answer) -> Void) {
        precondition(
            waiting.updateValue(answer, forKey: ObjectIdentifier(asker)) == nil,
            "an asker waits once"
        )
        askIfWanted()
    }

    /// Does not have `asker` answered any more, if it still waits.
    func withdraw(_ asker: AnyObject) {
        waiting[ObjectIdentifier(asker)] = nil
        asking[ObjectIdentifier(asker)] = nil
    }

    private func askIfWanted() {
        guard !isAsked, !waiting.isEmpty else { return }
        isAsked = true
        asking = waiting
        waiting = [:]
        loop.startTask(with: self) { question in
            let answer = await question.ask()
            question.give(answer)
        }
    }

    private func give(_ answer: Answer) {
        let answered = asking.values
        asking = [:]
        isAsked = false
        for give in answered { give(answer) }
        askIfWanted()
    }
}
