import Bytes
import HTTP1

/// What a parser reported about a connection's bytes, in a form that can be compared.
enum Step: Hashable, Sendable {
    case head(Head)
    /// Adjacent ranges of one body, joined: where the network cut them does not matter.
    case body(String)
    case end
    case refusal(HTTPParseError)
}

/// A ``RequestHead`` with its ranges resolved.
struct Head: Hashable, Sendable {
    var method: HTTPMethod
    var methodText: String
    var version: HTTPVersion
    var targetForm: RequestHead.TargetForm
    var target: String
    var path: String
    var query: String?
    var authority: String?
    var host: String?
    var framing: RequestHead.Framing
    var expectsContinue: Bool
    var isPersistent: Bool
    var fields: [String]

    init(_ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) {
        method = head.method
        methodText = text(bytes, head.methodRange)
        version = head.version
        targetForm = head.targetForm
        target = text(bytes, head.target)
        path = text(bytes, head.path)
        query = optionalText(bytes, head.query)
        authority = optionalText(bytes, head.authority)
        host = optionalText(bytes, head.host)
        framing = head.framing
        expectsContinue = head.expectsContinue
        isPersistent = head.isPersistent
        fields = []
        for index in head.fields.indices {
            let field = head.fields[index]
            fields.append(
                "\(text(bytes, field.name))[\(field.knownName)]=\(text(bytes, field.value))"
            )
        }
    }
}

private func text(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> String {
    var scalars = String.UnicodeScalarView()
    for index in range { scalars.append(Unicode.Scalar(bytes[index])) }
    return String(scalars)
}

private func optionalText(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>?) -> String? {
    guard let range else { return nil }
    return text(bytes, range)
}

/// Parses pieces of a connection as a server would, keeping what is not consumed.
///
/// Between two pieces the head is overwritten by another connection's request, since heads are
/// shared. After a refusal the rest is ignored.
func transcript(of pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) -> [Step] {
    var parser = RequestParser(limits: limits)
    var head = RequestHead()
    var received: [UInt8] = []
    var steps: [Step] = []
    for piece in pieces {
        received += piece
        var position = 0
        receiving: while true {
            do throws(HTTPParseError) {
                switch try parser.parse(received.span, at: &position, into: &head) {
                case .needsMoreInput:
                    break receiving
                case .head:
                    let start = position - head.byteCount
                    steps.append(.head(Head(head, received.span.extracting(start..<position))))
                case .body(let range):
                    let data = text(received.span, range)
                    if case .body(let earlier) = steps.last {
                        steps[steps.count - 1] = .body(earlier + data)
                    } else {
                        steps.append(.body(data))
                    }
                case .end:
                    steps.append(.end)
                }
            } catch {
                return steps + [.refusal(error)]
            }
        }
        received.removeFirst(position)
        overwrite(&head)
    }
    return steps
}

func transcript(of wire: String, limits: HTTPLimits = HTTPLimits()) -> [Step] {
    transcript(of: [Array(wire.utf8)], limits: limits)
}

/// The first head of `wire`, or `nil` if none was reported.
func firstHead(_ wire: String) -> Head? {
    guard case .head(let head) = transcript(of: wire).first else { return nil }
    return head
}

/// Why `wire` was refused, or `nil` if it was not.
func refusal(of wire: String, limits: HTTPLimits = HTTPLimits()) -> HTTPParseError? {
    guard case .refusal(let error) = transcript(of: wire, limits: limits).last else { return nil }
    return error
}

private func overwrite(_ head: inout RequestHead) {
    let other = Array("PUT /other HTTP/1.1\r\nHost: other\r\nX: 1\r\nY: 2\r\n\r\n".utf8)
    var parser = RequestParser()
    var position = 0
    do {
        _ = try parser.parse(other.span, at: &position, into: &head)
    } catch {
        preconditionFailure("a valid request was refused: \(error)")
    }
}
