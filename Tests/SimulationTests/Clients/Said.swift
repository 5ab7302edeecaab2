import ProtocolTestSupport

/// What the answer to a call says.
enum Said {
    case result(JSONTree)
    /// An error that the model can act on.
    case complaint(String)
    case error(Int)

    static let unavailable = "The service is temporarily unavailable. Try the same call again."

    /// - Throws: ``Violation`` if it is the answer to another request than that of this id, or none.
    init(_ response: ReceivedResponse, to id: String) throws {
        let json = try JSONTree(response.text)
        try demand(json["id"]?.string == id, "that is the answer to another request")
        if let code = json["error"]?["code"]?.integer {
            self = .error(code)
            return
        }
        try demand(response.status == 200, "a result is 200")
        guard let result = json["result"] else { throw Violation("no result") }
        self =
            result["isError"]?.bool == true
            ? .complaint(result["content"]?[0]?["text"]?.string ?? "")
            : .result(result["structuredContent"] ?? result)
    }

    /// Looks whether a complaint is that a call took too long, and whether it did.
    ///
    /// `wait` is what the server waited for before; `nil` for an answer that is read late.
    static func judgeTimeout(
        _ text: String,
        of id: String,
        after wait: ConnectionWait?,
        at moment: Moment
    ) throws {
        try demand(text.contains("did not finish within"), "nobody knows why")
        guard let wait else { return }
        try demand(wait.reason == .answer(to: id), "it did not wait for its answer")
        try demand(moment.tick == wait.endTick(moment.scenario.limits), "that is not its time")
    }
}
