/// The line that shows how far an export or import has come.
///
///     imported 12,000 to-dos [=========>          ]  45 %, 8,500/s, 2 s left
package struct ArchiveProgressText: Hashable, Sendable {
    private static let barWidth = 20

    private let verb: String
    private let todoCount: Int
    private let fraction: Double?
    private let nanoseconds: UInt64

    /// - Parameters:
    ///   - verb: What was done.
    ///   - todoCount: To how many.
    ///   - fraction: Which part that is, from 0 to 1; `nil` if nobody knows.
    ///   - nanoseconds: How long it took.
    package init(verb: String, todoCount: Int, fraction: Double?, nanoseconds: UInt64) {
        self.verb = verb
        self.todoCount = todoCount
        self.fraction = fraction.map { min(1, max(0, $0)) }
        self.nanoseconds = nanoseconds
    }

    private var perSecond: Int {
        guard nanoseconds > 0 else { return 0 }
        return Self.whole(Double(todoCount) * 1e9 / Double(nanoseconds))
    }

    private var bar: String {
        guard let fraction else { return "" }
        let filled = Self.whole(fraction * Double(Self.barWidth))
        let head = filled < Self.barWidth ? ">" : ""
        let bar = String(repeating: "=", count: filled) + head
        let rest = String(repeating: " ", count: Self.barWidth - bar.count)
        let percent = String(Self.whole(fraction * 100))
        let padding = String(repeating: " ", count: max(0, 3 - percent.count))
        return " [\(bar)\(rest)] \(padding)\(percent) %"
    }

    private var timeLeft: String {
        guard let fraction, fraction > 0 else { return "" }
        let seconds = Double(nanoseconds) / 1e9
        return ", \(Self.duration(Self.whole(seconds * (1 - fraction) / fraction))) left"
    }

    private static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3_600: "\(seconds / 60) min"
        default: "\(seconds / 3_600) h"
        }
    }

    /// Rounded down, and bounded: the quotient of anything by next to nothing.
    private static func whole(_ value: Double) -> Int {
        value.isFinite ? Int(min(max(0, value), 1e15)) : 0
    }
}

extension ArchiveProgressText: CustomStringConvertible {
    package var description: String {
        "\(verb) \(todoCount.grouped) to-dos\(bar), \(perSecond.grouped)/s\(timeLeft)"
    }
}

extension Int {
    /// The digits in groups of three: "12,000".
    fileprivate var grouped: String {
        var text = ""
        for (index, digit) in String(self).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
