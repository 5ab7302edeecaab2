package import AccessControl

/// In which order things are forgotten of which there are too many: first those of whoever keeps most,
/// so that nobody can take the others' place.
package enum Crowding {
    package struct Item {
        /// The lower, the older.
        let number: Int
        let owner: Subject

        /// What it takes of what there is too much of: bytes, or 1 where the number of items counts.
        let size: Int

        package init(number: Int, owner: Subject, size: Int) {
            self.number = number
            self.owner = owner
            self.size = size
        }
    }

    /// - Parameters:
    ///   - items: All that is kept.
    ///   - excess: How much of the sum of their sizes has to go.
    /// - Returns: The numbers of the items to forget: all of them if that is not enough.
    package static func forgotten(_ items: [Item], excess: Int) -> [Int] {
        var shares: [Subject: Int] = [:]
        for item in items { shares[item.owner, default: 0] += item.size }
        let inOrder = items.sorted { one, other in
            let share = (shares[one.owner] ?? 0, shares[other.owner] ?? 0)
            return share.0 == share.1 ? one.number < other.number : share.0 > share.1
        }
        var rest = excess
        return inOrder.prefix { item in
            defer { rest -= item.size }
            return rest > 0
        }.map(\.number)
    }
}
