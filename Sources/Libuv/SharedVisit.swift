internal import Synchronization

/// A look at what belongs to a loop, made once for all who wait for it.
///
/// A loop that hangs has one visit waiting for it, however often it is asked, and not one for each
/// time: it would make all of them at once when it goes on.
public final class SharedVisit<Value: AnyObject, Answer: Sendable>: Sendable {
    private let place: LoopBound<Value>
    private let look: @Sendable (Value) -> Answer
    private let waiting = Mutex<[CheckedContinuation<Answer, Never>]>([])

    /// - Parameters:
    ///   - place: Where to look.
    ///   - look: Called on the loop.
    public init(_ place: LoopBound<Value>, _ look: @escaping @Sendable (Value) -> Answer) {
        self.place = place
        self.look = look
    }

    /// Those who wait for the visit that is on its way.
    package var waitingCount: Int { waiting.withLock { $0.count } }

    /// What is seen in a turn of the loop that begins after this is called.
    public func answer() async -> Answer {
        await withCheckedContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                waiting.append(continuation)
                return waiting.count == 1
            }
            if isFirst { place.runLater { [self] in visit($0) } }
        }
    }

    private func visit(_ value: Value) {
        // First: whoever asks from now on may want to know of what happens after the look.
        let askers = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        let answer = look(value)
        for asker in askers { asker.resume(returning: answer) }
    }
}
