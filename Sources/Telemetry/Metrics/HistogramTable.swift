/// Histograms of durations for a fixed number of series, of which most may never occur.
///
/// A series that is measured for the first time gets its cells; from then on a measurement is three
/// additions. A value of one loop: nobody else writes to it, and whoever reads gets a copy.
public struct HistogramTable: Sendable {
    /// Upper bounds of the buckets.
    public let boundsNanoseconds: [UInt64]

    /// Where the cells of each series begin; -1 for one that never occurred.
    private var places: [Int]

    /// For each series that occurred: one count for each bound, one above, and the sum.
    private var cells: [UInt64] = []

    /// - Precondition: The bounds ascend.
    public init(seriesCount: Int, boundsNanoseconds: [UInt64]) {
        self.boundsNanoseconds = boundsNanoseconds
        places = Array(repeating: -1, count: seriesCount)
    }

    private var stride: Int { boundsNanoseconds.count + 2 }

    /// Counts one more.
    ///
    /// - Precondition: There is such a series.
    public mutating func record(_ series: Int, nanoseconds: UInt64) {
        var place = places[series]
        if place < 0 {
            place = cells.count
            places[series] = place
            cells += repeatElement(0, count: stride)
        }
        var bucket = 0
        while bucket < boundsNanoseconds.count, nanoseconds > boundsNanoseconds[bucket] {
            bucket += 1
        }
        cells[place + bucket] &+= 1
        cells[place + stride - 1] &+= nanoseconds
    }

    /// Counts what another loop has counted.
    ///
    /// - Precondition: It has as many series and the same bounds.
    public mutating func add(_ other: HistogramTable) {
        for series in places.indices where other.places[series] >= 0 {
            if places[series] < 0 {
                places[series] = cells.count
                cells += repeatElement(0, count: stride)
            }
            for offset in 0..<stride {
                cells[places[series] + offset] &+= other.cells[other.places[series] + offset]
            }
        }
    }

    /// The series that occurred, with what was counted.
    public var occurring: [(series: Int, value: MetricFamily.Value)] {
        places.indices.compactMap { series in
            let place = places[series]
            guard place >= 0 else { return nil }
            let counts = Array(cells[place..<(place + stride - 1)])
            let sum = Double(cells[place + stride - 1]) / 1e9
            return (series, .histogram(counts: counts, sum: sum))
        }
    }

    /// What ``boundsNanoseconds`` are as a kind of metric.
    public var kind: MetricFamily.Kind {
        .histogram(bounds: boundsNanoseconds.map { Double($0) / 1e9 })
    }
}
