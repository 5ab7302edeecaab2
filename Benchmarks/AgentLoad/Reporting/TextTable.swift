/// Columns of text, the first to the left and the others to the right.
public struct TextTable: Sendable {
    private var rows: [[String]]

    public init(_ head: [String]) {
        rows = [head]
    }

    public mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The lines, each indented by two, the head first.
    public var lines: [String] {
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += "  " + (column == 0 ? cell + padding : padding + cell)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
