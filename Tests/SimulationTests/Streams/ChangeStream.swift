import ProtocolTestSupport

/// A stream on which a client hears of changes, and what it must hear when.
final class ChangeStream {
    static let uri = "todo://list/all"
    static let otherURI = "todo://list/open"

    private let request: SimulatedRequest
    private var isAcknowledged = false
    private var hasResult = false

    /// How often the list had changed at the last move, and of that what the server has told for
    /// certain.
    private var changeCount = 0
    private var toldChangeCount = -1

    /// The tick at which something changed that has not been told.
    private var owedSinceTick: Int?
    private var life: StreamLife

    init(_ request: SimulatedRequest, at moment: Moment, changeCount: Int) {
        self.request = request
        self.changeCount = changeCount
        life = StreamLife(request, at: moment)
    }

    var id: String { request.id }

    func didHear(at moment: Moment) {
        life.didHear(at: moment)
    }

    /// Takes what is said; `changeCount` is `nil` for whoever reads late.
    func take(_ event: StreamEvent, changeCount: Int?) throws {
        let json = try JSONTree(event.data)
        try demand(!hasResult, "\(request.id): something follows the end of the stream")
        if json["result"] != nil {
            try demand(json["id"]?.string == request.id, "\(request.id): another stream's end")
            hasResult = true
            return
        }
        let id = json["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"]?.string
        try demand(id == request.id, "\(request.id): what is told is for \(id ?? "nobody")")
        switch json["method"]?.string {
        case "notifications/subscriptions/acknowledged":
            try demand(!isAcknowledged, "\(request.id): acknowledged twice")
            isAcknowledged = true
        case "notifications/resources/updated":
            try demand(isAcknowledged, "\(request.id): not acknowledged")
            try takeChange(of: json["params"]?["uri"]?.string, changeCount)
        default:
            throw Violation("\(request.id): nobody wants to know \(event)")
        }
    }

    private func takeChange(of uri: String?, _ count: Int?) throws {
        switch uri {
        case Self.uri:
            try demand(count ?? .max > toldChangeCount, "\(request.id): nothing has changed")
            // What has changed in this very move may have done so just after it was told.
            toldChangeCount = changeCount
            owedSinceTick = nil
        case Self.otherURI: return
        default: throw Violation("\(request.id): that is not what it asked for")
        }
    }

    /// A move has been made: the list may have changed since the last one.
    func expectNews(changeCount count: Int, at moment: Moment) {
        if isAcknowledged, count > changeCount, owedSinceTick == nil { owedSinceTick = moment.tick }
    }

    /// Looks whether the stream says what it must, and goes on as long as it may.
    func check(changeCount count: Int, at moment: Moment) throws {
        changeCount = count
        try demand(isAcknowledged, "\(request.id): the stream is not acknowledged")
        if let owedSinceTick {
            try demand(
                moment.tick <= owedSinceTick,
                "\(request.id): nothing was told of a change since tick \(owedSinceTick)"
            )
        }
        try life.check(at: moment)
    }

    /// The stream has ended; `moment` is `nil` if it is not known when.
    func end(at moment: Moment?) throws {
        try demand(hasResult, "\(request.id): the stream ends without a word")
        guard let moment else { return }
        try demand(
            moment.stage > .serving || moment.hasTicked && life.isOver(at: moment),
            "\(request.id): the stream has no reason to end"
        )
    }
}
