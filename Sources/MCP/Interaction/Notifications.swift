internal import Bytes
internal import JSON

/// Notifications of the server, as whole messages.
enum Notifications {
    static func progress(
        _ progress: Double,
        of total: Double?,
        message: String?,
        token: RawJSON,
        for version: ProtocolVersion
    ) -> RawJSON {
        encode("notifications/progress") { writer in
            writer.name("progressToken")
            writer.raw(token.span)
            writer.name("progress")
            writer.double(progress)
            if let total {
                writer.name("total")
                writer.double(total)
            }
            writer.optional("message", message)
        }
    }

    static func log(_ level: LogLevel, _ data: RawJSON, logger: String?) -> RawJSON {
        encode("notifications/message") { writer in
            writer.name("level")
            writer.string(level.rawValue)
            writer.optional("logger", logger)
            writer.name("data")
            writer.raw(data.span)
        }
    }

    static func elicitationComplete(_ id: String) -> RawJSON {
        encode("notifications/elicitation/complete") { writer in
            writer.name("elicitationId")
            writer.string(id)
        }
    }

    /// A notification whose `params` have the members that are written.
    static func encode(_ method: String, _ params: (inout JSONWriter) -> Void) -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            writer.name("jsonrpc")
            writer.string("2.0")
            writer.name("method")
            writer.string(method)
            writer.name("params")
            writer.beginObject()
            params(&writer)
            writer.endObject()
            writer.endObject()
        }
    }
}
