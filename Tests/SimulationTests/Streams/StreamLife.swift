import HTTPTransport

/// What holds of every stream of changes: that it is not silent for long, and goes on as long as its
/// client is welcome and the server does not stop.
struct StreamLife {
    private let request: SimulatedRequest
    private var heardAtTick: Int
    private let begunAtTick: Int

    /// The tick at which the server had begun to close what is idle.
    private var drainedAtTick: Int?

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
    mutating func check(at moment: Moment) throws(Violation) {
        let limits = moment.scenario.limits
        try demand(
            moment.tick <= heardAtTick + limits.streamKeepAliveSeconds,
            "\(request.id): nothing was heard since tick \(heardAtTick)"
        )
        try demand(
            !moment.hasTicked || moment.tick == begunAtTick || !isOver(at: moment),
            "\(request.id): its token has expired"
        )
        guard moment.stage >= .draining else { return }
        let drainedAtTick = drainedAtTick ?? moment.tick
        self.drainedAtTick = drainedAtTick
        try demand(
            moment.tick <= drainedAtTick + 1,
            "\(request.id): the server drains since tick \(drainedAtTick)"
        )
    }

    /// Whether its token has expired.
    func isOver(at moment: Moment) -> Bool {
        request.credentials?.areOver(at: moment) ?? false
    }
}
