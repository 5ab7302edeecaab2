import Todos

/// What a write is, as its client and the store both call it.
struct WriteIdentity: Hashable {
    let text: String

    init(
        workspace: String,
        subject: String,
        kind: String,
        arguments: String,
        key: String?
    ) {
        text = "\(kind) of \(subject) in \(workspace) under \(key ?? "no key"): \(arguments)"
    }

    init(_ request: TodoWriteRequest) {
        self.init(
            workspace: request.caller.workspace,
            subject: request.caller.subject,
            kind: request.write.kind,
            arguments: request.write.arguments,
            key: request.idempotencyKey?.text
        )
    }
}
