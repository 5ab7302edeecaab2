/// What time it is, and what the server makes of it.
struct Moment {
    /// How far the end of the server has come, at most.
    enum Stage: Comparable {
        case serving
        /// It answers, and each answer ends its connection.
        case leaving
        /// It closes what is idle, and finishes the rest.
        case draining
        /// Whatever is still open may be closed.
        case cuttingOff
    }

    let scenario: Scenario

    /// Counts the server's turns.
    let turn: Int
    let milliseconds: Int64
    let wallSeconds: Int64

    /// Ticks of the server's timer.
    let tick: Int

    /// Whether the last turn of the loops has ticked.
    let hasTicked: Bool
    let isOverloaded: Bool
    let stage: Stage

    /// Whether the server was asked to stop before the loops were turned the last time.
    let wasStopping: Bool
}
