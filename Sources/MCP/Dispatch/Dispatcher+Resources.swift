internal import AccessControl
internal import Bytes
internal import JSON

/// `resources/read`, and the legacy era's subscriptions to resources.
extension Dispatcher {
    func readResource(
        _ params: RequestParams,
        _ body: Span<UInt8>,
        _ request: CallRequest,
        _ caller: Principal
    ) throws(RPCError) -> Dispatch {
        let uri = try uri(params, in: body)
        guard let place = registry.resourcePlace(of: uri) else {
            throw .unknownResource(uri: uri.quoted)
        }
        let decision = access[place].decision(for: caller.rights)
        guard decision == .allowed else { return .refuse(decision) }
        return .call(try call(.resource(place, uri: uri), request, params, body, caller))
    }

    func changeSubscription(
        _ method: Method,
        _ params: RequestParams,
        _ body: Span<UInt8>,
        id: Range<Int>,
        _ caller: Principal,
        into buffer: inout ByteBuffer
    ) throws(RPCError) -> Dispatch {
        let uri = try uri(params, in: body)
        guard let place = registry.resourcePlace(of: uri) else {
            throw .unknownResource(uri: uri.quoted)
        }
        let decision = access[place].decision(for: caller.rights)
        guard decision == .allowed else { return .refuse(decision) }
        ResponseWriting.encodeEmptyResult(id: body.extracting(id), into: &buffer)
        return .change(
            method == .resourcesSubscribe ? .subscribe(uri: uri) : .unsubscribe(uri: uri)
        )
    }

    private func uri(
        _ params: RequestParams,
        in body: Span<UInt8>
    ) throws(RPCError) -> String {
        guard let member = params.uri else { throw .missingParam(name: "uri") }
        return try member.string(in: body, called: "uri")
    }
}
