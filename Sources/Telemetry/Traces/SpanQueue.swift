internal import Synchronization

/// Spans that wait to be sent, from all loops.
///
/// What does not fit is dropped and counted: a collector that is slow or away costs spans and
/// nothing else.
public final class SpanQueue: Sendable {
    private let countMax: Int
    private let spans = Mutex<[TraceSpan]>([])
    private let dropped = Atomic<Int>(0)

    public init(countMax: Int) {
        self.countMax = countMax
    }

    public func append(_ new: [TraceSpan]) {
        let tooMany = spans.withLock { spans in
            let admitted = new.prefix(max(0, countMax - spans.count))
            spans += admitted
            return new.count - admitted.count
        }
        if tooMany > 0 { dropped.add(tooMany, ordering: .relaxed) }
    }

    /// Takes the oldest, as many as go into one message.
    func take(_ count: Int) -> [TraceSpan] {
        spans.withLock { spans in
            let taken = Array(spans.prefix(count))
            spans.removeFirst(taken.count)
            return taken
        }
    }

    /// Notes that spans which were taken have not arrived.
    public func drop(_ count: Int) {
        dropped.add(count, ordering: .relaxed)
    }

    /// Spans that never arrived anywhere.
    public var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// Spans that wait to be sent.
    public var count: Int { spans.withLock { $0.count } }

    var isEmpty: Bool { spans.withLock { $0.isEmpty } }
}
