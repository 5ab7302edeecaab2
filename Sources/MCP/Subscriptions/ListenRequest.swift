public import Bytes
internal import JSON

/// A stream of notifications that a modern client has opened (MCP 2026-07-28,
/// *Subscriptions*).
public struct ListenRequest: Sendable {
    /// What the server will tell of: that part of what was asked for which it announces and the
    /// caller may read.
    public private(set) var filter: SubscriptionFilter

    /// The id of the request, which every message of the stream bears.
    public let id: RequestID

    let serverInfo: RawJSON

    /// The same, for those of its tasks that are the caller's.
    public func limited(toTasks ids: Set<TaskID>) -> ListenRequest {
        var limited = self
        limited.filter.taskIDs.formIntersection(ids)
        return limited
    }

    /// Appends the first message of the stream.
    public func encodeAcknowledgement(into buffer: inout ByteBuffer) {
        let message = Notifications.encode("notifications/subscriptions/acknowledged") { writer in
            encodeMeta(into: &writer)
            writer.name("notifications")
            filter.encode(into: &writer)
        }
        buffer.append(message.span)
    }

    /// Appends the notification of what has become of a task.
    public func encode(_ task: TaskRecord, into buffer: inout ByteBuffer) {
        let message = Notifications.encode(ServerChange.task(task.id).method) { writer in
            encodeMeta(into: &writer)
            task.encodeDetailedMembers(into: &writer)
        }
        buffer.append(message.span)
    }

    /// Appends the notification of a change other than that of a task.
    public func encode(_ change: ServerChange, into buffer: inout ByteBuffer) {
        let message = Notifications.encode(change.method) { writer in
            encodeMeta(into: &writer)
            if case .resource(let uri) = change {
                writer.name("uri")
                writer.string(uri)
            }
        }
        buffer.append(message.span)
    }

    /// Appends the response, after which nothing comes.
    public func encodeEnd(into buffer: inout ByteBuffer) {
        ResponseWriting.beginResult(id: id.json.span, into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name("resultType")
        writer.string("complete")
        writer.name("_meta")
        writer.beginObject()
        writer.name(Self.serverInfoName)
        writer.raw(serverInfo.span)
        writer.name(Self.subscriptionIDName)
        writer.raw(id.json.span)
        writer.endObject()
        writer.endObject()
        buffer = writer.finish()
        ResponseWriting.endResult(into: &buffer)
    }

    /// Appends the notification that the stream is over, where many streams share one line (MCP
    /// 2026-07-28, *Cancellation*).
    public func encodeCancellation(into buffer: inout ByteBuffer) {
        let message = Notifications.encode("notifications/cancelled") { writer in
            writer.name("requestId")
            writer.raw(id.json.span)
        }
        buffer.append(message.span)
    }

    /// Appends an error instead of a stream.
    ///
    /// - Returns: Its HTTP status.
    public func encode(_ error: RPCError, into buffer: inout ByteBuffer) -> Int {
        ResponseWriting.encode(error, id: id.json.span, in: .modern, into: &buffer)
        return error.statusCode(in: .modern)
    }

    private func encodeMeta(into writer: inout JSONWriter) {
        writer.name("_meta")
        writer.beginObject()
        writer.name(Self.subscriptionIDName)
        writer.raw(id.json.span)
        writer.endObject()
    }

    private static let subscriptionIDName = "io.modelcontextprotocol/subscriptionId"
    static let serverInfoName = "io.modelcontextprotocol/serverInfo"
}

extension ServerChange {
    /// Appends the notification as a legacy session is sent it.
    public func encodeForSession(into buffer: inout ByteBuffer) {
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("method")
        writer.string(method)
        if case .resource(let uri) = self {
            writer.name("params")
            writer.beginObject()
            writer.name("uri")
            writer.string(uri)
            writer.endObject()
        }
        writer.endObject()
        buffer = writer.finish()
    }
}
