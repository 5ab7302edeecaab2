import Bytes
import HTTP1

extension Target {
    /// However the bytes are split, the same requests come out of them, or the same refusal.
    ///
    /// The first byte of the input says how long the pieces are.
    static let http = Target(name: "http") { input in
        var decisions = Decisions(input)
        let pieceByteCount = Int(decisions.next()) + 1
        let bytes = Array(decisions.rest)
        let whole = Transcript(of: bytes, inPiecesOf: max(bytes.count, 1))
        let split = Transcript(of: bytes, inPiecesOf: pieceByteCount)
        precondition(whole == split, "pieces of \(pieceByteCount) bytes: \(split), not \(whole)")
    }
}

/// What a parser made of some bytes.
private struct Transcript: Equatable {
    private struct Head: Equatable {
        let method: HTTPMethod
        let version: HTTPVersion
        let framing: String
        let fields: [[UInt8]]
        let isPersistent: Bool
        let expectsContinue: Bool
    }

    private var heads: [Head] = []
    private var bodies: [[UInt8]] = []
    private var endCount = 0
    private var error: HTTPParseError?

    /// Feeds a parser as a connection does: what it has not consumed it sees again, with more.
    init(of bytes: [UInt8], inPiecesOf pieceByteCount: Int) {
        var parser = RequestParser()
        var head = RequestHead()
        var pending: [UInt8] = []
        var start = 0
        while start < bytes.count, error == nil {
            let end = min(start + pieceByteCount, bytes.count)
            pending += bytes[start..<end]
            start = end
            var position = 0
            feed(&parser, &head, pending, &position)
            pending.removeFirst(position)
        }
    }

    private mutating func feed(
        _ parser: inout RequestParser,
        _ head: inout RequestHead,
        _ input: [UInt8],
        _ position: inout Int
    ) {
        while true {
            do throws(HTTPParseError) {
                switch try parser.parse(input.span, at: &position, into: &head) {
                case .needsMoreInput:
                    return
                case .head:
                    note(head, Array(input[(position - head.byteCount)..<position]))
                    bodies.append([])
                case .body(let range):
                    precondition(!range.isEmpty, "a body of nothing is reported")
                    bodies[bodies.count - 1] += input[range]
                case .end:
                    endCount += 1
                }
            } catch {
                self.error = error
                return
            }
        }
    }

    private mutating func note(_ head: borrowing RequestHead, _ bytes: [UInt8]) {
        var fields: [[UInt8]] = [
            Array(bytes[head.path]), head.query.map { Array(bytes[$0]) } ?? [],
            head.authority.map { Array(bytes[$0]) } ?? [], head.host.map { Array(bytes[$0]) } ?? [],
        ]
        let lines = head.fields
        for index in lines.indices {
            fields += [Array(bytes[lines[index].name]), Array(bytes[lines[index].value])]
        }
        heads.append(
            Head(
                method: head.method,
                version: head.version,
                framing: "\(head.framing)",
                fields: fields,
                isPersistent: head.isPersistent,
                expectsContinue: head.expectsContinue
            )
        )
    }
}
