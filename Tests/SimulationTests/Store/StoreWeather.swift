/// How a store behaves for a while.
enum StoreWeather: String, CaseIterable {
    /// It answers at once.
    case fair
    /// It answers after a while, most of the time.
    case rough
    /// It answers late or not at all.
    case stalled
    /// It can be read and not written.
    case full
    /// It cannot be reached.
    case gone

    static func random(using generator: inout some RandomNumberGenerator) -> StoreWeather {
        let all: [StoreWeather] = [.fair, .fair, .rough, .rough, .stalled, .full, .gone]
        return all.randomElement(using: &generator) ?? .fair
    }
}

/// What becomes of one call of a store.
struct StoreFate {
    enum Ending {
        case done
        /// Nothing was changed; the same call may succeed later.
        case unavailable
        /// Nothing was changed, and it is nobody's fault but the server's.
        case failed
        /// The store does not say what it has done.
        case unconfirmed(isDone: Bool)
        /// Nothing is ever said.
        case silence(isDone: Bool)
    }

    /// Moves until it is carried out.
    let delay: Int

    /// Moves from then on until it is said.
    let lag: Int
    let ending: Ending

    init(
        of write: Bool,
        in weather: StoreWeather,
        using generator: inout some RandomNumberGenerator
    ) {
        func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
        let luck = draw(0...99)
        let isDone = draw(0...1) == 0
        switch weather {
        case .fair:
            (delay, lag) = (draw(0...1), 0)
            ending = .done
        case .rough:
            (delay, lag) = (draw(0...6), draw(0...6))
            ending =
                switch luck {
                case 0..<70: .done
                case 70..<80: .unavailable
                case 80..<84: .failed
                case 84..<96: write ? .unconfirmed(isDone: isDone) : .unavailable
                default: .silence(isDone: isDone)
                }
        case .stalled:
            (delay, lag) = (draw(0...40), draw(0...20))
            ending = luck < 75 ? .done : .silence(isDone: isDone)
        case .full:
            (delay, lag) = (draw(0...1), 0)
            ending = write ? .unavailable : .done
        case .gone:
            (delay, lag) = (draw(0...20), 0)
            ending = luck < 90 ? .unavailable : .failed
        }
    }
}
