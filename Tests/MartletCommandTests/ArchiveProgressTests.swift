import MartletCommand
import Testing

@Suite("The line that shows the progress of an export or import")
struct ArchiveProgressTests {
    private func text(_ count: Int, _ fraction: Double?, _ seconds: Double) -> String {
        ArchiveProgressText(
            verb: "imported",
            todoCount: count,
            fraction: fraction,
            nanoseconds: UInt64(seconds * 1e9)
        ).description
    }

    @Test func `It has a bar, a rate and the time left`() {
        #expect(
            text(12_000, 0.45, 1.5)
                == "imported 12,000 to-dos [=========>          ]  45 %, 8,000/s, 1 s left"
        )
        #expect(text(0, 0, 0) == "imported 0 to-dos [>                   ]   0 %, 0/s")
        #expect(
            text(1_234_567, 1, 100)
                == "imported 1,234,567 to-dos [====================] 100 %, 12,345/s, 0 s left"
        )
        #expect(text(10, 0.5, 600).hasSuffix("10 min left"))
        #expect(text(10, 0.5, 7_200).hasSuffix("2 h left"))
    }

    @Test func `Where nobody knows how much there is it has neither bar nor time left`() {
        #expect(text(999, nil, 1) == "imported 999 to-dos, 999/s")
    }

    @Test(arguments: [0, 0.049, 0.999, 1, 1.5, -1, .nan, .infinity])
    func `The bar is as wide wherever it stands`(fraction: Double) {
        let line = text(1, fraction, 1)
        let bar = line.split(separator: "[").last?.split(separator: "]").first
        #expect(bar?.count == 20, "\(line)")
    }

    @Test func `A line fits into 80 columns`() {
        #expect(text(999_999_999, 0.01, 1e6).count < 80)
    }
}
