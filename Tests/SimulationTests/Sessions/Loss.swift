import ProtocolTestSupport

/// How a client will lose the stream of a session that it asks for.
struct Loss {
    enum Point {
        /// Before a byte of the answer has come.
        case head
        /// Before the event that primes the stream.
        case priming
        /// After so many events, the first of which primes it.
        case events(Int)
    }

    enum Manner {
        /// The connection ends.
        case close
        /// Nothing passes any longer, and the server does not know.
        case vanish
    }

    let point: Point
    let manner: Manner

    /// - Returns: `nil` where it keeps it.
    static func random(using generator: inout some RandomNumberGenerator) -> Loss? {
        let manner: Manner = Int.random(in: 0..<3, using: &generator) == 0 ? .vanish : .close
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<2: return Loss(point: .head, manner: manner)
        case 2: return Loss(point: .priming, manner: manner)
        case 3..<7:
            let count = Int.random(in: 1...4, using: &generator)
            return Loss(point: .events(count), manner: manner)
        default: return nil
        }
    }
}
