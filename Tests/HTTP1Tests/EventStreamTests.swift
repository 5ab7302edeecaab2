import Bytes
import HTTP1
import Testing

@Suite("Event streams (WHATWG HTML §9.2)")
struct EventStreamTests {
    private func encoded(_ event: EventStream.Event, _ data: String) -> String {
        var buffer = ByteBuffer()
        EventStream.encode(event, data: ByteBuffer(data).span, into: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test func `An event has the fields it was given, then its data, then an empty line`() {
        let event = EventStream.Event(name: "message", id: "7", retryMilliseconds: 1_500)
        #expect(encoded(event, "{}") == "event: message\nid: 7\nretry: 1500\ndata: {}\n\n")
        #expect(encoded(EventStream.Event(), "{}") == "data: {}\n\n")
        #expect(encoded(EventStream.Event(id: ""), "") == "id: \ndata: \n\n")
    }

    @Test(arguments: [
        ("a\nb", ["a", "b"]), ("a\rb", ["a", "b"]), ("a\r\nb", ["a", "b"]), ("a\n", ["a", ""]),
        ("\n", ["", ""]), ("\r\r\n\n", ["", "", "", ""]), ("a\n\rb", ["a", "", "b"]),
        ("\r", ["", ""]),
        ("id: x\n\nevent: y", ["id: x", "", "event: y"]), ("a\tb\u{0}c\nd", ["a\tb\u{0}c", "d"]),
        (" leading", [" leading"]), ("caf\u{e9}", ["caf\u{e9}"]),
    ])
    func `Each line of the data is a line of its own and none escapes`(
        data: String,
        lines: [String]
    ) {
        let expected = lines.map { "data: \($0)\n" }.joined() + "\n"
        #expect(encoded(EventStream.Event(), data) == expected)
    }

    @Test func `A comment cannot become an event`() {
        var buffer = ByteBuffer()
        EventStream.encodeComment(ByteBuffer("a\ndata: b\r\r\n").span, into: &buffer)
        #expect(buffer == ByteBuffer(": a\n: data: b\n: \n: \n\n"))
        buffer.removeAll()
        EventStream.encodeComment(ByteBuffer().span, into: &buffer)
        #expect(buffer == ByteBuffer(": \n\n"))
    }
}
