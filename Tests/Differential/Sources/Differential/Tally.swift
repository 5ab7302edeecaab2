import JWT

/// How often the two agreed and why not.
struct Tally {
    private var acceptedCount = 0
    private var refusedCount = 0
    private var explained: [String: Int] = [:]
    private var unexplained: [String] = []

    /// As many are shown whole, so that a difference can be looked into.
    private static let shownCountMax = 20

    mutating func add(
        _ martlet: Martlet,
        _ jwtKit: JWTKitOpinion,
        _ mutation: String,
        _ token: String
    ) {
        switch (martlet, jwtKit) {
        case (.accepted(let first), .accepted(let second))
        where Array(first.utf8) == Array(second.utf8):
            acceptedCount += 1
        case (.refused, .refused):
            refusedCount += 1
        default:
            if let explanation = Difference.explanation(martlet, jwtKit, mutation) {
                explained[explanation, default: 0] += 1
            } else {
                unexplained.append("\(mutation): \(martlet) \(jwtKit)\n  \(token.prefix(2_000))")
            }
        }
    }

    var isExplained: Bool { unexplained.isEmpty }

    /// Whether every outcome was reached: a comparison in which nothing verifies shows nothing.
    var isComplete: Bool { acceptedCount > 0 && refusedCount > 0 && !explained.isEmpty }

    func report() {
        print("both accept \(acceptedCount), both refuse \(refusedCount)")
        for (explanation, count) in explained.sorted(by: { $0.value > $1.value }) {
            print("they differ in \(count): \(explanation)")
        }
        for difference in unexplained.prefix(Self.shownCountMax) {
            print("unexplained: \(difference)")
        }
        print("\(unexplained.count) differences are unexplained")
    }
}
