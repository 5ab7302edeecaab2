import Foundation

/// A chart of lines as an SVG image that needs nothing else.
struct LineChart {
    struct Series {
        let name: String
        let points: [(x: Double, y: Double)]
    }

    struct Tick {
        let value: Double
        let text: String
    }

    enum Scale {
        case linear, logarithmic

        func place(_ value: Double) -> Double {
            switch self {
            case .linear: value
            case .logarithmic: log10(max(value, 1e-9))
            }
        }
    }

    let title: String
    var series: [Series]
    var xTicks: [Tick]
    var xRange: ClosedRange<Double>
    var yScale = Scale.linear
    /// How a value of the vertical axis reads.
    var yText: (Double) -> String
    var xTitle: String

    private static let width = 720.0
    private static let height = 300.0
    private static let left = 70.0
    private static let right = 16.0
    private static let top = 16.0
    private static let bottom = 44.0

    /// As many colours as there are in the style sheet of the report.
    static let colourCount = 6

    var svg: String {
        let yTicks = yScale == .linear ? linearTicks : logarithmicTicks
        let low = yScale.place(yTicks.first ?? 0)
        let high = max(yScale.place(yTicks.last ?? 1), low + 1e-9)
        func x(_ value: Double) -> Double {
            let span = max(xRange.upperBound - xRange.lowerBound, 1e-9)
            let share = (value - xRange.lowerBound) / span
            return Self.left + share * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            let share = (yScale.place(value) - low) / (high - low)
            return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
        }
        var svg =
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
            + "aria-label=\"\(escaped(title))\">\n"
        for tick in yTicks {
            svg += line("grid", (x(xRange.lowerBound), y(tick)), (x(xRange.upperBound), y(tick)))
            svg += text("end", Self.left - 8, y(tick) + 4, yText(tick))
        }
        for tick in xTicks where xRange.contains(tick.value) {
            let place = x(tick.value)
            svg += line("tick", (place, Self.height - Self.bottom), (place, Self.height - 38))
            svg += text("middle", place, Self.height - 24, tick.text)
        }
        svg += text("middle", (Self.left + Self.width) / 2, Self.height - 6, xTitle)
        for (index, series) in series.enumerated() {
            let points = series.points.filter { xRange.contains($0.x) }.map { point in
                let value = yScale == .logarithmic ? max(point.y, yTicks.first ?? 1) : point.y
                return String(format: "%.1f,%.1f", x(point.x), y(value))
            }
            svg +=
                "<polyline class=\"line c\(index % Self.colourCount)\" "
                + "points=\"\(points.joined(separator: " "))\">"
                + "<title>\(escaped(series.name))</title></polyline>\n"
        }
        return svg + "</svg>\n"
    }

    /// The names of the lines in their colours, as HTML.
    var legend: String {
        series.enumerated().map { index, series in
            "<span class=\"key\"><i class=\"c\(index % Self.colourCount)\"></i>"
                + "\(escaped(series.name))</span>"
        }.joined(separator: " ")
    }

    private func line(
        _ kind: String,
        _ start: (Double, Double),
        _ end: (Double, Double)
    ) -> String {
        String(
            format: "<line class=\"\(kind)\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            start.0,
            start.1,
            end.0,
            end.1
        )
    }

    private func text(_ anchor: String, _ x: Double, _ y: Double, _ content: String) -> String {
        String(format: "<text text-anchor=\"\(anchor)\" x=\"%.1f\" y=\"%.1f\">", x, y)
            + "\(escaped(content))</text>\n"
    }

    private var values: [Double] { series.flatMap { $0.points.map(\.y) } }

    /// From zero in four to eight even steps of 1, 2 or 5 times a power of ten.
    var linearTicks: [Double] {
        let highest = max(values.max() ?? 1, 1e-6)
        let magnitude = pow(10, floor(log10(highest / 4)))
        let step =
            [1.0, 2, 5, 10].map { $0 * magnitude }.first { highest / $0 <= 8 } ?? highest / 4
        let count = Int((highest / step).rounded(.up))
        return (0...max(count, 1)).map { Double($0) * step }
    }

    /// 1, 2 and 5 of each power of ten, or the powers alone if there are many.
    var logarithmicTicks: [Double] {
        let positive = values.filter { $0 > 0 }
        let lowest = floor(log10(positive.min() ?? 1))
        let highest = ceil(log10(positive.max() ?? 10))
        let decades = stride(from: lowest, through: max(highest, lowest + 1), by: 1).map {
            pow(10, $0)
        }
        guard decades.count <= 4 else { return decades }
        return decades.dropLast().flatMap { [$0, 2 * $0, 5 * $0] } + [decades[decades.count - 1]]
    }
}
