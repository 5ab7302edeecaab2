import Bytes
import HTTP1

extension HotPath {
    /// What comes before anything is known of the caller.
    static let reading = [
        HotPath("Request head of eight fields", countedIterations: 2_000) { _ in
            let wire = Array(SampleRequest.head(contentLength: 0).utf8)
            return { count in
                var head = RequestHead()
                var parser = RequestParser()
                for _ in 0..<count {
                    var position = 0
                    guard case .head = try parser.parse(wire.span, at: &position, into: &head),
                        case .end = try parser.parse(wire.span, at: &position, into: &head),
                        position == wire.count
                    else { throw HotPathFailure("the head was not read") }
                }
            }
        },
        HotPath("Chunked body, 64 KiB in 1,024-byte chunks", countedIterations: 50) { _ in
            let wire = Array(SampleRequest.chunked(byteCount: 65_536, chunkSize: 1_024).utf8)
            return { count in
                var head = RequestHead()
                var parser = RequestParser()
                for _ in 0..<count {
                    var position = 0
                    var byteCount = 0
                    reading: while true {
                        switch try parser.parse(wire.span, at: &position, into: &head) {
                        case .head: continue
                        case .body(let range): byteCount += range.count
                        case .end: break reading
                        case .needsMoreInput: throw HotPathFailure("the body did not end")
                        }
                    }
                    guard byteCount == 65_536 else { throw HotPathFailure("the body was cut") }
                }
            }
        },
    ]
}

/// Requests as clients send them.
enum SampleRequest {
    static let token = String(repeating: "a", count: 300)

    /// The head of a modern tool call.
    static func head(contentLength: Int) -> String {
        """
        POST /mcp HTTP/1.1\r
        Host: 127.0.0.1:3000\r
        Authorization: Bearer \(token)\r
        Accept: application/json, text/event-stream\r
        Content-Type: application/json\r
        MCP-Protocol-Version: 2026-07-28\r
        Mcp-Method: tools/call\r
        Mcp-Name: list_todos\r
        Content-Length: \(contentLength)\r
        \r

        """
    }

    static func chunked(byteCount: Int, chunkSize: Int) -> String {
        let chunk =
            String(chunkSize, radix: 16) + "\r\n" + String(repeating: "x", count: chunkSize)
            + "\r\n"
        return "POST /mcp HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: chunk, count: byteCount / chunkSize) + "0\r\n\r\n"
    }

    /// A body of the modern protocol.
    static func body(method: String, params: String = "") -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{\#(params)"#
            + #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"},"#
            + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#
    }
}
