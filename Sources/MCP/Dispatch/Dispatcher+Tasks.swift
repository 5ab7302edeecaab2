public import AccessControl
internal import Bytes
internal import JSON

/// The extension `io.modelcontextprotocol/tasks` (SEP-2663).
extension Dispatcher {
    /// `tasks/get`, `tasks/update` and `tasks/cancel`.
    ///
    /// Whether there is such a task is found out by whoever keeps them.
    func taskRequest(
        _ method: Method,
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        _ caller: Principal
    ) throws(RPCError) -> Dispatch {
        guard registry.features.hasTasks else { throw .unknownMethod(name: method.rawValue) }
        let decision = access.callTools.decision(for: caller.rights)
        if decision.isRefusal { return .refuse(decision) }
        try requireTasks(of: params)
        guard let member = params.taskID else { throw .missingParam(name: "taskId") }
        let taskID = TaskID(try member.string(in: body, called: "taskId"))
        let action: TaskRequest.Action
        switch method {
        case .tasksUpdate: action = .update(try inputResponses(params, body))
        case .tasksCancel: action = .cancel
        default: action = .get
        }
        return .task(
            TaskRequest(
                taskID: taskID,
                action: action,
                id: RequestID(json: body.extracting(id)),
                resultMeta: resultMeta
            )
        )
    }

    /// −32021 "for non-declaring clients" (ext-tasks, *Protocol Errors*).
    func requireTasks(of params: RequestParams) throws(RPCError) {
        guard case .present(let declared) = params.meta.clientCapabilities,
            declared.contains(.tasks)
        else { throw .missingCapability(.tasks) }
    }

    private func inputResponses(
        _ params: RequestParams,
        _ body: Span<UInt8>
    ) throws(RPCError) -> [String: RawJSON] {
        guard let member = params.inputResponses else {
            throw .missingParam(name: "inputResponses")
        }
        guard member.kind == .object else {
            throw .malformedParams(name: "inputResponses", expected: "an object")
        }
        var reader = JSONReader(body.extracting(member.range))
        do throws(JSONError) {
            return try RoundTrip.members(&reader)
        } catch {
            throw .notJSON(error)
        }
    }

    /// Whether the owner of a task may ask for it: whoever may call its tool as it was called.
    ///
    /// - Returns: `nil` if the server has no such tool any longer.
    public func decision(on task: TaskRecord, of caller: Principal) -> AccessDecision? {
        let name = ByteBuffer(task.tool)
        guard let index = registry.toolIndex(named: name.span) else { return nil }
        return decision(onToolAt: index, of: caller, arguments: task.arguments.span)
    }
}
