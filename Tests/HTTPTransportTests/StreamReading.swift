import TestSupport
import Testing

extension HTTPTestClient {
    /// Receives the head of an event stream, whose content may follow.
    func receiveStreamHead(_ fields: String...) throws {
        let head = try receiveResponse(isAnsweringHEAD: true)
        #expect(head.status == 200)
        #expect(head.fields == ["content-type: text/event-stream"] + fields)
    }

    /// Receives the head of an event stream in chunks, on a connection that goes on.
    func receiveChunkedStreamHead() throws {
        try receiveStreamHead("transfer-encoding: chunked")
    }

    /// Receives exactly this.
    func receive(_ text: String) throws {
        #expect(try receiveText(byteCount: text.utf8.count) == text)
    }

    /// The last chunk, and the end of the connection.
    func receiveEndOfConnection() throws {
        #expect(try receiveRest() == Array("0\r\n\r\n".utf8))
    }
}

extension TestServer {
    /// Has the loop go round, so that it has read whatever was sent before.
    func turn() throws {
        let other = try connect()
        #expect(try other.exchange(request("GET", "/echo")).status == 200)
    }
}
