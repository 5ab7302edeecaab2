internal import Bytes
internal import JSON

extension TaskRecord {
    /// Writes the members of a `Task`, as the answer to the call that became one has them.
    func encodeMembers(into writer: inout JSONWriter) {
        writer.name("taskId")
        writer.string(id.text)
        writer.name("status")
        writer.string(status.name)
        writer.optional("statusMessage", statusMessage)
        writer.name("createdAt")
        writer.string(Timestamp.text(ofMilliseconds: createdAtMilliseconds))
        writer.name("lastUpdatedAt")
        writer.string(Timestamp.text(ofMilliseconds: updatedAtMilliseconds))
        writer.name("ttlMs")
        writer.integer(Int(lifetimeMilliseconds))
        writer.name("pollIntervalMs")
        writer.integer(pollIntervalMilliseconds)
    }

    /// Writes the members of a `DetailedTask`: with the questions, the result or the error.
    func encodeDetailedMembers(into writer: inout JSONWriter) {
        encodeMembers(into: &writer)
        guard let content = status.content else { return }
        switch status {
        case .working, .cancelled: return
        case .inputRequired: writer.name("inputRequests")
        case .completed: writer.name("result")
        case .failed: writer.name("error")
        }
        writer.raw(content.span)
    }
}
