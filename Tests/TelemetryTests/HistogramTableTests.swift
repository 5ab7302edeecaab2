import Telemetry
import Testing

@Suite("Histograms of durations")
struct HistogramTableTests {
    private func counts(_ table: HistogramTable) -> [Int: [UInt64]] {
        var counts: [Int: [UInt64]] = [:]
        for (series, value) in table.occurring {
            if case .histogram(let of, _) = value { counts[series] = of }
        }
        return counts
    }

    @Test func `A duration counts in the bucket whose bound it does not exceed`() {
        var table = HistogramTable(seriesCount: 2, boundsNanoseconds: [10, 100])
        for nanoseconds: UInt64 in [0, 10, 11, 100, 101, 1_000] {
            table.record(0, nanoseconds: nanoseconds)
        }
        #expect(counts(table) == [0: [2, 2, 2]])
        guard case .histogram(_, let sum) = table.occurring[0].value else { return }
        #expect(sum == 1_222e-9)
    }

    @Test func `Series that never occurred are not told, and none disturbs another`() {
        var table = HistogramTable(seriesCount: 1_000, boundsNanoseconds: [10])
        table.record(999, nanoseconds: 1)
        table.record(3, nanoseconds: 11)
        table.record(999, nanoseconds: 1)
        #expect(counts(table) == [3: [0, 1], 999: [2, 0]])
    }

    @Test func `The tables of several loops add up, whichever series each has`() {
        var first = HistogramTable(seriesCount: 3, boundsNanoseconds: [10])
        var second = first
        first.record(0, nanoseconds: 1)
        second.record(2, nanoseconds: 1)
        second.record(0, nanoseconds: 20)
        first.add(second)
        #expect(counts(first) == [0: [1, 1], 2: [1, 0]])
    }
}
