/// Who of an open loop is free, and which calls wait for somebody.
///
/// A call that finds nobody free keeps the time it was due at, so that its waiting counts.
public struct CallBoard: Sendable {
    private var free: FirstInFirstOut<Int>
    private var waiting = FirstInFirstOut<UInt64>()

    /// - Parameter agents: Who is free, in the order they get calls in.
    public init(free agents: some Sequence<Int>) {
        free = FirstInFirstOut()
        for agent in agents { free.append(agent) }
    }

    /// Calls that are due and that nobody makes yet.
    public var waitingCount: Int { waiting.count }

    /// Notes a call that is due.
    ///
    /// - Returns: Who is to make it; `nil` if it waits.
    public mutating func arrive(dueAt nanoseconds: UInt64) -> Int? {
        if let agent = free.removeFirst() { return agent }
        waiting.append(nanoseconds)
        return nil
    }

    /// Notes that an agent has nothing to do any more.
    ///
    /// - Returns: When the call was due that it is to make now; `nil` if none waits.
    public mutating func release(_ agent: Int) -> UInt64? {
        if let dueAt = waiting.removeFirst() { return dueAt }
        free.append(agent)
        return nil
    }

    /// Forgets the calls that wait.
    ///
    /// - Returns: When they were due.
    public mutating func abandonWaiting() -> [UInt64] {
        var abandoned: [UInt64] = []
        while let dueAt = waiting.removeFirst() { abandoned.append(dueAt) }
        return abandoned
    }
}

/// A queue in an array, whose used part is cut off now and then.
struct FirstInFirstOut<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var start = 0

    var count: Int { elements.count - start }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func removeFirst() -> Element? {
        guard start < elements.count else { return nil }
        let element = elements[start]
        start += 1
        if start > 1_024, start * 2 > elements.count {
            elements.removeFirst(start)
            start = 0
        }
        return element
    }
}
