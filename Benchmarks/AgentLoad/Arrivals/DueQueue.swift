/// What is to happen at a time, the earliest first (a binary heap).
struct DueQueue<Event> {
    private var entries: [(dueAt: UInt64, event: Event)] = []

    /// When the first event is due.
    var first: UInt64? { entries.first?.dueAt }

    mutating func insert(_ event: Event, dueAt nanoseconds: UInt64) {
        entries.append((nanoseconds, event))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].dueAt < entries[parent].dueAt else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first event, if it is due.
    mutating func removeFirst(dueBy nanoseconds: UInt64) -> Event? {
        guard let first = entries.first, first.dueAt <= nanoseconds else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.event }
        entries[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].dueAt < entries[smallest].dueAt { smallest = child }
            }
            guard smallest != parent else { return first.event }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
    }

    mutating func removeAll() {
        entries.removeAll()
    }
}
