internal import AccessControl
internal import Bytes
internal import JSON
internal import Libuv
internal import MCP

/// What is recorded of one line, from when it was read until it is answered.
///
/// Not `Sendable`: belongs to the loop.
final class LineRecord {
    private let log: LoopAccessLog
    private let loop: EventLoop
    private var record = AccessRecord()

    /// A message of which nothing is kept but the name of its method, if this server knows it.
    init(of message: Span<UInt8>, in log: LoopAccessLog, on loop: EventLoop) {
        self.log = log
        self.loop = loop
        record.startMilliseconds = loop.monotonicMilliseconds
        record.peer = "stdio"
        record.mcpMethod = Dispatcher.methodName(of: message) ?? ""
    }

    func note(_ principal: Principal) {
        record.principal = principal
    }

    func note(_ call: FeatureCall) {
        record.note(call)
    }

    /// The line is answered, or it is certain that it is not.
    func end(with response: ByteBuffer?) {
        record.errorCode = response.flatMap { Self.errorCode(in: $0) }
        log.append(
            record,
            // As HTTP would say it.
            statusCode: response == nil ? 202 : 200,
            nowSeconds: WallClock.secondsSinceEpoch(),
            milliseconds: loop.monotonicMilliseconds &- record.startMilliseconds
        )
    }

    private static func errorCode(in response: ByteBuffer) -> Int? {
        do throws(JSONError) {
            var reader = JSONReader(response.span)
            // A batch has no code of its own.
            guard try reader.peek() == .object else { return nil }
            try reader.beginObject()
            while let name = try reader.nextMember() {
                if reader.equals(name, "error") { return try code(of: &reader) }
                try reader.skipValue()
            }
            return nil
        } catch {
            preconditionFailure("a response of this server is well-formed: \(error)")
        }
    }

    private static func code(of error: inout JSONReader) throws(JSONError) -> Int? {
        try error.beginObject()
        while let name = try error.nextMember() {
            if error.equals(name, "code"), try error.peek() == .number {
                let number = try error.readNumber()
                return error.integer(of: number)
            }
            try error.skipValue()
        }
        return nil
    }
}
