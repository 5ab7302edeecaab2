import Martlet
import ProtocolTestSupport
import TestSupport

/// A client whose every move is drawn from a seed, and which knows what it may be answered.
final class SimulatedClient {
    /// What the answer to one request must be.
    enum Expectation {
        /// A response with this status and id, and this text where the text is known.
        case response(status: Int, id: String, text: String?)
        /// A refusal with this status, after which the connection goes on.
        case refusal(Int)
        /// A refusal after which it ends.
        case end(Int)
    }

    /// What is not as it must be.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    private let socket: RawClient
    private var nextID = 0

    /// Of the requests begun, what has not been sent.
    private var unsent: [UInt8] = []

    /// Of the requests begun, in order, what has not been answered.
    private var expectations: [Expectation] = []
    private var received: [UInt8] = []

    /// Whether the server ends the connection after what it has been sent.
    private var mustEnd = false
    private(set) var isClosed = false
    private var hasFinishedSending = false

    init(_ name: String, on server: TestServer) throws {
        self.name = name
        socket = try RawClient(to: server.address)
    }

    /// Makes one move.
    func move(using generator: inout SeededGenerator) throws {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<60: try sendPiece(using: &generator)
        case 60..<92: try receiveWhatThereIs()
        case 92..<94:
            hasFinishedSending = true
            socket.finishSending()
        case 94..<97:
            isClosed = true
            socket.close()
        default:
            isClosed = true
            socket.reset()
        }
    }

    /// Sends the rest, waits for every answer and closes.
    func end() throws {
        defer { socket.close() }
        guard !hasFinishedSending else { return }
        do {
            if !unsent.isEmpty { try socket.send(unsent) }
            unsent = []
            while !expectations.isEmpty, try receive() {}
        } catch is RawClient.Failure where mustEnd {
            // What is sent to a connection that has ended resets it, answers and all.
            return
        }
        guard expectations.isEmpty || mustEnd else {
            throw Violation(description: "\(name): \(expectations.count) requests are unanswered")
        }
    }

    private func sendPiece(using generator: inout SeededGenerator) throws {
        guard !hasFinishedSending, !mustEnd || !unsent.isEmpty else { return }
        if unsent.isEmpty { try begin(using: &generator) }
        let count = Int.random(in: 1...max(unsent.count, 1), using: &generator)
        do {
            let sentCount = try socket.sendWithoutWaiting(unsent.prefix(count))
            unsent.removeFirst(sentCount)
        } catch is RawClient.Failure where mustEnd {
            isClosed = true
        }
    }

    private func begin(using generator: inout SeededGenerator) throws {
        nextID += 1
        let id = "\"\(name)-\(nextID)\""
        let token = try token(name)
        let request: Request
        let expectation: Expectation
        switch Int.random(in: 0..<12, using: &generator) {
        case 0..<4:
            request = .message(.call("whoami", id: id), token: token)
            expectation = .response(status: 200, id: id, text: "\(name) in default")
        case 4:
            request = .message(.call("wait", id: id), token: token)
            expectation = .response(status: 200, id: id, text: "waited")
        case 5:
            request = .message(.modern("tools/list", id: id), token: token)
            expectation = .response(status: 200, id: id, text: nil)
        case 6:
            let call = Message.legacy("tools/call", params: #""name":"whoami""#, id: id)
            request = .message(call, token: token)
            expectation = .response(status: 200, id: id, text: "\(name) in default")
        case 7:
            request = .message(.call("fail", id: id), token: token)
            // JSON-RPC's error, and not HTTP's: the request was understood.
            expectation = .response(status: 200, id: id, text: nil)
        case 8:
            request = .message(.modern("nothing/here", id: id), token: token)
            expectation = .response(status: 404, id: id, text: nil)
        case 9:
            request = .message(.call("whoami", id: id), token: nil)
            expectation = .refusal(401)
        case 10:
            request = .get("/healthz")
            expectation = .refusal(200)
        default:
            request = Request.message(.call("whoami", id: id), token: token)
                .adding("Transfer-Encoding", "gzip")
            expectation = .end(400)
            mustEnd = true
        }
        unsent += Array(request.text.utf8)
        expectations.append(expectation)
    }

    private func receiveWhatThereIs() throws {
        while socket.hasInput(withinMilliseconds: 0), try receive() {}
    }

    /// - Returns: Whether more can come.
    private func receive() throws -> Bool {
        let bytes = try socket.receive()
        guard !bytes.isEmpty else {
            isClosed = true
            let isRight = mustEnd || hasFinishedSending
            guard isRight else { throw Violation(description: "\(name): the server hung up") }
            return false
        }
        received += bytes
        while let response = takeResponse() { try check(response) }
        return true
    }

    private func check(_ response: Response) throws {
        guard !expectations.isEmpty else {
            throw Violation(description: "\(name): nobody asked for \(response.status)")
        }
        let isRight: Bool
        let expectation = expectations.removeFirst()
        switch expectation {
        case .response(let status, let id, let text):
            isRight =
                response.status == status && response.text.contains("\"id\":\(id)")
                && (text == nil || response.toolText == text)
        case .refusal(let status), .end(let status):
            isRight = response.status == status
        }
        guard isRight else {
            let what = "\(response.status) \(response.text)"
            throw Violation(description: "\(name): \(what) instead of \(expectation)")
        }
    }

    private func takeResponse() -> Response? {
        let mark = Array("\r\n\r\n".utf8)
        guard received.count >= mark.count,
            let end = (0...(received.count - mark.count)).first(where: {
                received[$0..<($0 + mark.count)].elementsEqual(mark)
            })
        else { return nil }
        let head = String(decoding: received[..<end], as: UTF8.self)
        let lines = head.split(separator: "\r\n").map(String.init)
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return Message.Field(name: parts[0], value: String(parts[1].drop { $0 == " " }))
        }
        let length = fields.first { $0.name.lowercased() == "content-length" }
        let count = length.flatMap { Int($0.value) } ?? 0
        let start = end + mark.count
        guard received.count >= start + count else { return nil }
        let text = String(decoding: received[start..<(start + count)], as: UTF8.self)
        received.removeFirst(start + count)
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        return Response(status: status, fields: fields, text: text)
    }
}
