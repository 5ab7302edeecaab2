import Telemetry
import Testing

@Suite("Spans that wait")
struct SpanQueueTests {
    @Test func `As many spans wait as may, and what is more is counted`() {
        let queue = SpanQueue(countMax: 3)
        let span = TraceSpan(traceHigh: 1, traceLow: 2, id: 3, parentID: 0, state: "")
        queue.append([span, span])
        #expect(queue.droppedCount == 0)
        queue.append([span])
        #expect(queue.droppedCount == 0)
        queue.append([span])
        #expect(queue.droppedCount == 1)
        queue.append([span, span, span])
        #expect(queue.droppedCount == 4)
    }
}
