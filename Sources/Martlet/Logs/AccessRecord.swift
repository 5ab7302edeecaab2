internal import AccessControl
internal import Bytes
internal import JSON
internal import MCP

/// What is recorded of one request: who, what, how it ended.
///
/// No token, argument or body.
struct AccessRecord {
    var startMilliseconds: UInt64 = 0
    var peer = ""
    var httpMethod = ""
    var path = ""
    var mcpMethod = ""
    var tool = ""
    var principal: Principal?

    /// 32 hexadecimal digits; `nil` if the sender names no trace.
    var traceID: String?

    /// The code of the JSON-RPC error that a line was answered with; HTTP has a status.
    var errorCode: Int?

    /// For others than the access log.
    var observation = Observation()

    /// Takes note of what the body says is to run.
    mutating func note(_ call: FeatureCall) {
        tool = call.name
        // `_meta` is nearer to the caller than fields, which anybody on the way may have set.
        traceID = call.trace?.parent?.traceID ?? traceID
    }

    /// The same of what is not run, since its result is known.
    mutating func note(_ call: RepeatedCall, by dispatcher: Dispatcher) {
        tool = dispatcher.name(of: call.operation.target)
        traceID = call.trace?.parent?.traceID ?? traceID
    }

    /// Appends a line.
    ///
    /// - Parameters:
    ///   - format: How.
    ///   - statusCode: What the client was answered.
    ///   - secondsSinceEpoch: When.
    ///   - milliseconds: How long the request took, as the loop's clock sees it.
    ///   - buffer: Where.
    func encode(
        as format: AccessLogFormat,
        statusCode: Int,
        secondsSinceEpoch: Int64,
        milliseconds: UInt64,
        into buffer: inout ByteBuffer
    ) {
        switch format {
        case .none:
            return
        case .text:
            let subject = principal?.subject.name ?? "-"
            let what = [mcpMethod, tool].filter { !$0.isEmpty }.joined(separator: " ")
            buffer.append(
                "\(secondsSinceEpoch) \(peer) \(Self.visible(subject)) "
                    + "\(httpMethod.isEmpty ? "-" : httpMethod) \(path.isEmpty ? "-" : path) "
                    + "\(what.isEmpty ? "-" : what) \(errorCode ?? statusCode) "
                    + "\(milliseconds)ms\n"
            )
        case .json:
            var members: [(String, String)] = [
                ("peer", peer), ("http_method", httpMethod), ("path", path),
                ("mcp_method", mcpMethod), ("tool", tool), ("trace_id", traceID ?? ""),
            ]
            if let subject = principal?.subject {
                members += [("issuer", subject.issuer), ("subject", subject.name)]
            }
            var writer = JSONWriter(buffer)
            writer.beginObject()
            writer.name("time")
            writer.integer(Int(clamping: secondsSinceEpoch))
            for (name, value) in members where !value.isEmpty {
                writer.name(name)
                writer.string(value)
            }
            writer.name("status")
            writer.integer(statusCode)
            if let errorCode {
                writer.name("error")
                writer.integer(errorCode)
            }
            writer.name("milliseconds")
            writer.integer(Int(clamping: milliseconds))
            writer.endObject()
            buffer = writer.finish()
            buffer.append(ASCII.lineFeed)
        }
    }

    /// A name that cannot end the line or look like two columns.
    private static func visible(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.value > 0x20 && scalar.value != 0x7F ? Character(scalar) : "_"
        }
        return String(scalars)
    }
}
