import Bytes
import HTTP1
import JSON
import JWT

extension HotPath {
    /// How an answer becomes bytes.
    static let answering = [
        HotPath("Response of 3,500 bytes encoded", countedIterations: 500) { _ in
            let content = ByteBuffer(String(repeating: "x", count: 3_500))
            let head = ResponseHead(.ok, fields: [.contentType: "application/json"])
            let encoder = ResponseEncoder()
            let date = IMFFixdate(secondsSinceEpoch: FixedToken.now.seconds)
            var buffer = ByteBuffer()
            return { count in
                for _ in 0..<count {
                    buffer.bytes.removeAll(keepingCapacity: true)
                    encoder.encode(head, content: content.span, date: date, into: &buffer)
                    guard buffer.count > 3_500 else { throw HotPathFailure("nothing was encoded") }
                }
            }
        },
        HotPath("Ten to-dos written as JSON and again as text within it", countedIterations: 200) {
            _ in
            var buffer = ByteBuffer()
            return { count in
                for _ in 0..<count {
                    buffer.bytes.removeAll(keepingCapacity: true)
                    var list = JSONWriter()
                    SampleList.write(to: &list)
                    let text = list.finish()
                    var writer = JSONWriter(buffer)
                    buffer = ByteBuffer()
                    writer.beginObject()
                    writer.name("structuredContent")
                    writer.raw(text.span)
                    writer.name("text")
                    writer.string(escaping: text.span)
                    writer.endObject()
                    buffer = writer.finish()
                    guard buffer.count > 2_000 else { throw HotPathFailure("nothing was written") }
                }
            }
        },
    ]
}

/// A page of ten to-dos.
private enum SampleList {
    static func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for id in 1...10 {
            writer.beginObject()
            writer.name("id")
            writer.integer(id)
            writer.name("title")
            writer.string("water the plants on balcony 7")
            writer.name("completed")
            writer.bool(false)
            writer.name("created_by")
            writer.string("bench-admin")
            writer.name("created_at")
            writer.integer(1_764_230_400)
            writer.endObject()
        }
        writer.endArray()
    }
}
