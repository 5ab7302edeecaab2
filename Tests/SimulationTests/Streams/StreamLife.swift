import HTTPTransport

/// What holds of every stream of changes: that it is not silent for long, and goes on as long as its
/// client is welcome.
struct StreamLife {
    private let request: SimulatedRequest
    private var heardAtTick: Int
    private let begunAtTick: Int

    init(_ request: SimulatedRequest, at moment: Moment) {
        self.request = request
        heardAtTick = moment.tick
        begunAtTick = moment.tick
    }

    /// Bytes have come.
    mutating func didHear(at moment: Moment) {
        heardAtTick = moment.tick
    }

    /// Looks whether the stream says what it must, and goes on as long as it may.
    func check(at moment: Moment) throws(Violation) {
        let limits = moment.scenario.limits
        try demand(
            moment.tick <= heardAtTick + limits.streamKeepAliveSeconds,
            "\(request.id): nothing was heard since tick \(heardAtTick)"
        )
        try demand(
            !moment.hasTicked || moment.tick == begunAtTick || !isOver(at: moment),
            "\(request.id): its token has expired"
        )
    }

    /// Whether its token has expired.
    func isOver(at moment: Moment) -> Bool {
        request.credentials?.areOver(at: moment) ?? false
    }
}
