/// The streams of changes that one agent has open, of which the server allows so many.
struct StreamShare {
    private struct Claim {
        let request: String

        /// Whether the server may open the stream once nobody reads it any longer.
        var isDoubtful = false

        /// The turn after which it was over for the client; the server sees that in the next.
        var lostAtTurn: Int?
    }

    private var claims: [Claim] = []

    /// A request for a stream goes out.
    mutating func claim(_ request: String) {
        claims.append(Claim(request: request))
    }

    /// A stream is over, or will not be.
    mutating func release(_ request: String, atTurn turn: Int) {
        for index in claims.indices where claims[index].request == request {
            claims[index].lostAtTurn = turn
        }
    }

    /// Nobody will know what becomes of a stream.
    mutating func doubt(_ request: String) {
        for index in claims.indices where claims[index].request == request {
            claims[index].isDoubtful = true
        }
    }

    /// A stream was refused since there were too many.
    ///
    /// - Throws: ``Violation`` if there cannot have been.
    func refuse(_ request: String, within countMax: Int) throws(Violation) {
        let count = claims.count { $0.request != request }
        try demand(count >= countMax, "a stream was refused beside \(count) at most")
    }

    /// Whatever was over before the turn that ends is over for the server.
    mutating func endTurn(_ turn: Int) {
        claims.removeAll { !$0.isDoubtful && $0.lostAtTurn ?? .max < turn }
    }
}
