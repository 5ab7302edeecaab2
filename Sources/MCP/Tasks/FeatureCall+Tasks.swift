public import Bytes
internal import JSON

// A call of a tool that goes on as a task.
extension FeatureCall {
    /// Whether the call is to be answered with a task.
    ///
    /// "A server MUST NOT return `CreateTaskResult` to a client that did not include the extension
    /// capability on its request" (ext-tasks, *Capability Negotiation*).
    public var runsAsTask: Bool {
        guard case .tool(let index, _) = feature, protocolVersion.era == .modern else {
            return false
        }
        return registry.tools[index].taskSupport != .forbidden && capabilities.contains(.tasks)
    }

    /// Appends the answer to a call that has become a task.
    public func encode(_ task: TaskRecord, into buffer: inout ByteBuffer) {
        let id = requestID.json
        ResponseWriting.beginResult(id: id.span, into: &buffer)
        var writer = JSONWriter(ResponseWriting.take(&buffer))
        writer.beginObject()
        writer.name("resultType")
        writer.string("task")
        task.encodeMembers(into: &writer)
        if let resultMeta {
            writer.name("_meta")
            writer.raw(resultMeta.span)
        }
        writer.endObject()
        buffer = writer.finish()
        ResponseWriting.endResult(into: &buffer)
    }

    /// How a task ends whose tool has this outcome, and what is said of it.
    ///
    /// "The `tasks/get` endpoint returns exactly what the underlying request would have returned":
    /// a result makes it `completed`, a tool's error too, and a JSON-RPC error `failed`.
    public func finalStatus(
        of outcome: CallOutcome,
        resultByteCountMax: Int
    ) -> (status: TaskRecord.Status, message: String?) {
        switch parts(of: outcome) {
        case .result(let result) where result.bytes.count <= resultByteCountMax:
            return (.completed(result: result), nil)
        case .result:
            let message = "The result is larger than \(resultByteCountMax) bytes."
            guard case .result(let result) = parts(of: .failed(.rejected(message: message))) else {
                preconditionFailure("a tool's error is a result")
            }
            return (.completed(result: result), message)
        case .error(let error, let message):
            return (.failed(error: error), message)
        }
    }

    private enum Parts {
        case result(RawJSON)
        case error(RawJSON, message: String)
    }

    /// The result or the error object of the response that the outcome would be as a call.
    private func parts(of outcome: CallOutcome) -> Parts {
        var outcome = outcome
        // There is no second round: a task asks while it runs.
        if case .failed(.inputRequired) = outcome {
            outcome = .failed(.failed(reason: "a task was to be called again"))
        }
        var message = ByteBuffer()
        _ = encode(outcome, into: &message)
        do throws(JSONError) {
            return try Self.parts(ofResponse: message)
        } catch {
            preconditionFailure("a response of this server is well-formed: \(error)")
        }
    }

    private static func parts(ofResponse message: ByteBuffer) throws(JSONError) -> Parts {
        var reader = JSONReader(message.span)
        try reader.beginObject()
        while let name = try reader.nextMember() {
            let isResult = reader.equals(name, "result")
            let isError = reader.equals(name, "error")
            let range = try reader.skipValue()
            guard isResult || isError else { continue }
            let json = RawJSON(unchecked: ByteBuffer(copying: reader.bytes(in: range)))
            return isResult ? .result(json) : .error(json, message: try messageText(of: json))
        }
        preconditionFailure("a response has a result or an error")
    }

    private static func messageText(of error: RawJSON) throws(JSONError) -> String {
        var reader = JSONReader(error.span)
        try reader.beginObject()
        while let name = try reader.nextMember() {
            guard reader.equals(name, "message") else {
                try reader.skipValue()
                continue
            }
            let string = try reader.readString()
            return reader.text(of: string)
        }
        return ""
    }
}
