internal import AccessControl
internal import Bytes
internal import JSON

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
                "\(secondsSinceEpoch) \(peer) \(Self.visible(subject)) \(httpMethod) \(path) "
                    + "\(what.isEmpty ? "-" : what) \(statusCode) \(milliseconds)ms\n"
            )
        case .json:
            var members: [(String, String)] = [
                ("peer", peer), ("http_method", httpMethod), ("path", path),
                ("mcp_method", mcpMethod), ("tool", tool),
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
