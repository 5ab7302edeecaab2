/// Ids in ascending order, as a short text: "1-1000,1003".
struct IDList: Hashable, Sendable {
    let text: String

    init(_ ids: Set<Int64>) {
        var runs: [ClosedRange<Int64>] = []
        for id in ids.sorted() {
            if let last = runs.last, last.upperBound == id - 1 {
                runs[runs.count - 1] = last.lowerBound...id
            } else {
                runs.append(id...id)
            }
        }
        text = runs.map { run in
            run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
        }.joined(separator: ",")
    }

    /// A text that was stored.
    init(stored text: String) {
        self.text = text
    }

    /// The ids, as many as `countMax` at most.
    ///
    /// - Returns: `nil` if the text is none that was written here.
    func ids(countMax: Int) -> [Int64]? {
        var ids: [Int64] = []
        for run in text.split(separator: ",") {
            let ends = run.split(separator: "-").map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count < 3,
                0 < first, first <= last
            else { return nil }
            for id in first...last {
                guard ids.count < countMax else { return ids }
                ids.append(id)
            }
        }
        return ids
    }
}
