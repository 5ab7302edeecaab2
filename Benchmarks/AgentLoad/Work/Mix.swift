/// Things with weights: how often each is to come beside the others.
///
///     list_todos=80,add_todo=20
public struct Mix<Choice: RawRepresentable & Hashable & Sendable>: Sendable
where Choice.RawValue == String {
    /// The choices and their weights, in the order they were given; every weight is above zero.
    public let parts: [(choice: Choice, weight: Int)]

    public let totalWeight: Int

    /// - Returns: `nil` if there is nothing of any weight.
    init?(_ parts: [(choice: Choice, weight: Int)]) {
        let parts = parts.filter { $0.weight > 0 }
        guard !parts.isEmpty else { return nil }
        self.parts = parts
        totalWeight = parts.reduce(0) { $0 + $1.weight }
    }

    /// Reads `name=weight,…`; a name by itself has the weight 1.
    ///
    /// - Throws: ``MixMistake``
    public init(_ text: String) throws(MixMistake) {
        var parts: [(choice: Choice, weight: Int)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(pair[0])
            guard let choice = Choice(rawValue: name) else { throw .unknownName(name) }
            guard !parts.contains(where: { $0.choice == choice }) else { throw .twice(name) }
            let weight = pair.count == 1 ? 1 : Int(pair[1]) ?? -1
            guard (0...1_000_000).contains(weight) else { throw .badWeight(name: name) }
            parts.append((choice, weight))
        }
        guard let mix = Mix(parts) else { throw .nothing }
        self = mix
    }

    /// What is left when only some choices are there; `nil` if nothing is.
    public func filter(_ isThere: (Choice) -> Bool) -> Mix? {
        Mix(parts.filter { isThere($0.choice) })
    }

    /// One choice at random.
    public func choose(using generator: inout some RandomNumberGenerator) -> Choice {
        self[Int.random(in: 0..<totalWeight, using: &generator)]
    }

    /// The choice at a place: of `totalWeight` places in turn each choice has its weight.
    public subscript(place: Int) -> Choice {
        var rest = place % totalWeight
        for part in parts {
            if rest < part.weight { return part.choice }
            rest -= part.weight
        }
        preconditionFailure("the weights add up to the total")
    }
}

extension Mix: CustomStringConvertible {
    public var description: String {
        parts.map { "\($0.choice.rawValue)=\($0.weight)" }.joined(separator: ",")
    }
}

/// Why a text is no mix.
public enum MixMistake: Error, Hashable, Sendable {
    case unknownName(String)
    case twice(String)
    case badWeight(name: String)
    case nothing
}

extension MixMistake: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownName(let name): "there is no \"\(name)\" to mix"
        case .twice(let name): "\"\(name)\" comes twice"
        case .badWeight(let name): "the weight of \"\(name)\" is not a number from 0 to 1000000"
        case .nothing: "nothing has a weight above 0"
        }
    }
}
