import MartletCommand
import Testing

@Suite("A time as an operator writes it")
struct TimeSpanTests {
    @Test(
        arguments: [
            ("3600", 3_600), ("90s", 90), ("90m", 5_400), ("1h", 3_600), ("24h", 86_400),
            ("7d", 604_800), ("366d", 31_622_400), ("1", 1),
        ] as [(String, Int64)]
    )
    func `A number and a unit are seconds`(text: String, seconds: Int64) {
        #expect(TimeSpan.seconds(text) == seconds)
    }

    @Test(
        arguments: [
            "", "h", "0", "-1", "+1", "1.5h", "1 h", "1w", "h1", "367d", "31622401",
            "9223372036854775807d", "99999999999999999999",
        ]
    )
    func `Anything else, nothing, and more than a year are refused`(text: String) {
        #expect(TimeSpan.seconds(text) == nil)
    }
}
