/// What somebody most likely meant who wrote a name that does not exist.
package enum Similarity {
    /// Names that differ in more letters are different names.
    private static let distanceMax = 2

    /// A name that is longer is not compared: the work grows with the square.
    private static let characterCountMax = 64

    /// - Returns: The nearest of `candidates`, the first of several; `nil` if none is near.
    package static func nearest(to name: String, in candidates: [String]) -> String? {
        let wanted = comparable(name)
        guard !wanted.isEmpty, wanted.count <= characterCountMax else { return nil }
        // Of a short name, two letters are most of it.
        var nearest: (name: String, distance: Int)?
        for candidate in candidates {
            let letters = comparable(candidate)
            guard letters.count <= characterCountMax else { continue }
            let distance = distance(letters, wanted)
            guard distance <= min(distanceMax, max(letters.count - 1, 0)) else { continue }
            if nearest.map({ distance < $0.distance }) ?? true { nearest = (candidate, distance) }
        }
        return nearest?.name
    }

    /// `deleteTodo`, `delete-todo` and `delete_todo` are the same to a person.
    private static func comparable(_ name: String) -> [Character] {
        name.lowercased().filter { !"-_.:/ ".contains($0) }
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
