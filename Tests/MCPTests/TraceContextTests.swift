import MCP
import Testing

@Suite("Trace context (W3C Trace Context; MCP 2026-07-28, Tracing)")
struct TraceContextTests {
    private let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `A parent is taken apart, and passed on as it came`() throws {
        let read = try #require(TraceParent(parent))
        #expect(read.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(read.parentID == "b7ad6b7169203331")
        #expect(read.isSampled)
        #expect(read.text == parent)
        let unsampled = try #require(TraceParent(parent.dropLast(2) + "00"))
        #expect(!unsampled.isSampled)
    }

    @Test func `A later version may say more, and is passed on in this one`() throws {
        let later = try #require(TraceParent("cc" + parent.dropFirst(2) + "-what-comes"))
        #expect(later.text == parent)
    }

    @Test(
        arguments: [
            "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333\n-01",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        ]
    )
    func `A parent that is malformed is none, and takes its state along`(text: String) {
        #expect(TraceParent(text) == nil)
        #expect(TraceContext(traceParent: text, traceState: "a=1", baggage: nil) == nil)
    }

    @Test func `State and baggage are taken up to their limits, in visible characters`() throws {
        func state(_ count: Int) -> String? {
            let text = String(repeating: "s", count: count)
            return TraceContext(traceParent: parent, traceState: text, baggage: nil)?.state
        }
        #expect(state(TraceContext.traceStateByteCountMax) != nil)
        #expect(state(TraceContext.traceStateByteCountMax + 1) == nil)
        func baggage(_ count: Int) -> String? {
            let text = String(repeating: "b", count: count)
            return TraceContext(traceParent: nil, traceState: nil, baggage: text)?.baggage
        }
        #expect(baggage(TraceContext.baggageByteCountMax) != nil)
        #expect(baggage(TraceContext.baggageByteCountMax + 1) == nil)
        for text in ["a=1\r\nb: 2", "ü", "\u{7F}", ""] {
            let context = TraceContext(traceParent: parent, traceState: text, baggage: text)
            #expect(context?.parent != nil)
            #expect(context?.state == nil)
            #expect(context?.baggage == nil)
        }
    }
}
