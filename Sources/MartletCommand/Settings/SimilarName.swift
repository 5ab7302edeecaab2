/// Finds the name that somebody most likely meant.
enum SimilarName {
    /// - Returns: `nil` if no name is near.
    static func nearest(to name: String, among names: [String]) -> String? {
        let wanted = comparable(name)
        guard wanted.count <= 64 else { return nil }
        let nearest = names.map { ($0, distance(comparable($0), wanted)) }.min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= 2 else { return nil }
        return nearest.0
    }

    /// `bodyMax`, `body_max` and `body-max` are the same to a person.
    private static func comparable(_ name: String) -> [Character] {
        name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }
    }

    /// How many characters must be inserted, removed or replaced (Levenshtein).
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (index, character) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in second.indices {
                let replaced = diagonal + (character == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
