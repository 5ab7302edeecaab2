public import AccessControl
internal import Bytes
internal import JSON

/// Who hears of which change.
extension Dispatcher {
    /// `subscriptions/listen`.
    func listen(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        _ caller: Principal
    ) throws(RPCError) -> Dispatch {
        let decision = access.listen.decision(for: caller.rights)
        guard decision == .allowed else { return .refuse(decision) }
        guard let member = params.notifications else {
            throw .missingParam(name: "notifications")
        }
        guard member.kind == .object else {
            throw .malformedParams(name: "notifications", expected: "an object")
        }
        var reader = JSONReader(body.extracting(member.range))
        let wanted = try SubscriptionFilter(&reader)
        if !wanted.taskIDs.isEmpty { try requireTasks(of: params) }
        return .listen(
            ListenRequest(
                filter: honoured(wanted, for: caller),
                id: RequestID(json: body.extracting(id)),
                serverInfo: serverInfo
            )
        )
    }

    /// What of a filter the server announces and the caller may hear.
    func honoured(_ filter: SubscriptionFilter, for caller: Principal) -> SubscriptionFilter {
        var honoured = SubscriptionFilter(
            lists: filter.lists.intersection(registry.features.changingLists)
        )
        for uri in filter.resourceURIs where isReadable(uri, by: caller) {
            honoured.resourceURIs.insert(uri)
        }
        // Whose they are is for whoever keeps them to say.
        if registry.features.hasTasks { honoured.taskIDs = filter.taskIDs }
        return honoured
    }

    /// What a legacy session hears of without asking: lists that change.
    public var announcedLists: SubscriptionFilter {
        SubscriptionFilter(lists: registry.features.changingLists)
    }

    /// Whether a caller may hear of a change now; asked for every notification.
    public func mayHear(_ change: ServerChange, _ caller: Principal) -> Bool {
        switch change {
        case .toolList: access.listTools.decision(for: caller.rights) == .allowed
        case .promptList: access.listPrompts.decision(for: caller.rights) == .allowed
        case .resourceList: access.listResources.decision(for: caller.rights) == .allowed
        case .resource(let uri): isReadable(uri, by: caller)
        // Of a task that is the caller's own, as every listener's is.
        case .task: !access.callTools.decision(for: caller.rights).isRefusal
        }
    }

    private func isReadable(_ uri: String, by caller: Principal) -> Bool {
        guard let place = registry.resourcePlace(of: uri) else { return false }
        return access[place].decision(for: caller.rights) == .allowed
    }
}
