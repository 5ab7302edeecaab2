public import Bytes
public import JSON

/// A request about a task that passed every check but those that need the task itself.
public struct TaskRequest: Sendable {
    /// What is asked for.
    public enum Action: Sendable {
        /// `tasks/get`
        case get
        /// `tasks/update`, with the answers by the keys of the questions.
        case update([String: RawJSON])
        /// `tasks/cancel`
        case cancel
    }

    public let taskID: TaskID
    public let action: Action

    /// The id of the request, not of the task.
    public var requestID: RequestID { id }

    let id: RequestID
    let resultMeta: RawJSON

    /// Appends the answer to `tasks/get`.
    public func encode(_ task: TaskRecord, into buffer: inout ByteBuffer) {
        encodeResult(into: &buffer) { task.encodeDetailedMembers(into: &$0) }
    }

    /// Appends the answer to `tasks/update` and `tasks/cancel`, which says that they were taken.
    public func encodeAcknowledgement(into buffer: inout ByteBuffer) {
        encodeResult(into: &buffer) { _ in }
    }

    /// Appends an error.
    ///
    /// - Returns: Its HTTP status.
    public func encode(_ error: RPCError, into buffer: inout ByteBuffer) -> Int {
        ResponseWriting.encode(error, id: id.json.span, in: .modern, into: &buffer)
        return error.statusCode(in: .modern)
    }

    private func encodeResult(
        into buffer: inout ByteBuffer,
        _ members: (inout JSONWriter) -> Void
    ) {
        ResponseWriting.beginResult(id: id.json.span, into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        members(&writer)
        ResponseWriting.endModernResult(&writer, meta: resultMeta)
        buffer = writer.finish()
        ResponseWriting.endResult(into: &buffer)
    }
}
