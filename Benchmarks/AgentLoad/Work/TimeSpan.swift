/// A length of time as it is typed: `250us`, `5ms`, `30s`, `2m`, `1h`.
public struct TimeSpan: Hashable, Sendable {
    public let nanoseconds: UInt64

    private static let units: KeyValuePairs<String, UInt64> = [
        "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    /// The longest: a hundred days.
    private static let nanosecondsMax: UInt64 = 8_640_000_000_000_000

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// - Returns: `nil` unless it is a number, perhaps with a fraction, and a unit.
    public init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = String(text.dropFirst(number.count))
        guard
            let scale = Self.units.first(where: { $0.key == unit })?.value
                ?? (text == "0" ? 1 : nil),
            let value = Double(number)
        else { return nil }
        let nanoseconds = value * Double(scale)
        guard nanoseconds <= Double(Self.nanosecondsMax) else { return nil }
        self.nanoseconds = UInt64(nanoseconds)
    }

    public var seconds: Double { Double(nanoseconds) / 1e9 }
}
