import JWT

/// What keys somebody asks for.
package struct KeyRecipe: Hashable, Sendable {
    package let algorithms: [SignatureAlgorithm]

    /// `nil` for the thumbprint (RFC 7638).
    package let keyID: String?

    /// Of RSA keys.
    package let modulusBitCount: Int

    /// - Throws: ``KeyRecipeMistakes``, all of them at once.
    package init(
        algorithms names: [String],
        keyID: String?,
        modulusBitCount: Int?
    ) throws(KeyRecipeMistakes) {
        var mistakes: [KeyRecipeMistake] = []
        var algorithms: [SignatureAlgorithm] = []
        for name in names {
            guard let algorithm = SignatureAlgorithm(name: name) else {
                mistakes.append(.unknownAlgorithm(name))
                continue
            }
            if algorithms.contains(algorithm) {
                mistakes.append(.algorithmTwice(algorithm))
            } else {
                algorithms.append(algorithm)
            }
        }
        if let keyID {
            let isText = keyID.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
            }
            if !isText || !(1...KeyMaterial.keyIDByteCountMax).contains(keyID.utf8.count) {
                mistakes.append(.malformedKeyID)
            }
            if names.count > 1 { mistakes.append(.oneKeyIDForSeveral) }
        }
        let range = RSAKey.modulusBitCountMin...RSAKey.modulusBitCountMax
        if let modulusBitCount, !range.contains(modulusBitCount) {
            mistakes.append(.modulus(bitCount: modulusBitCount, range: range))
        }
        guard mistakes.isEmpty else { throw KeyRecipeMistakes(list: mistakes) }
        self.algorithms = algorithms
        self.keyID = keyID
        self.modulusBitCount = modulusBitCount ?? RSAKey.modulusBitCountMin
    }

    /// New keys, for certain algorithms if the recipe names none.
    package func make(
        insteadFor others: [SignatureAlgorithm] = []
    ) throws(KeyError) -> [SigningKey] {
        var keys: [SigningKey] = []
        for algorithm in algorithms.isEmpty ? others : algorithms {
            keys.append(
                try SigningKey.generate(
                    algorithm,
                    keyID: keyID,
                    modulusBitCount: modulusBitCount
                )
            )
        }
        return keys
    }
}

/// A flag that says what no key can be.
package enum KeyRecipeMistake: Hashable, Sendable {
    case unknownAlgorithm(String)
    case algorithmTwice(SignatureAlgorithm)
    case malformedKeyID
    case oneKeyIDForSeveral
    case modulus(bitCount: Int, range: ClosedRange<Int>)
}

/// All of them.
package struct KeyRecipeMistakes: Error, Hashable, Sendable {
    package let list: [KeyRecipeMistake]
}

extension KeyRecipeMistakes: CustomStringConvertible {
    package var description: String { list.map { "\($0)" }.joined(separator: "\n") }
}

extension KeyRecipeMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownAlgorithm(let text):
            """
            --algorithm is \(text.quoted) and must be one of \
            \(SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
            """
        case .algorithmTwice(let algorithm): "--algorithm names \(algorithm.rawValue) twice"
        case .malformedKeyID:
            "--kid must be 1 to \(KeyMaterial.keyIDByteCountMax) bytes without control characters"
        case .oneKeyIDForSeveral: "--kid names one key, and several are asked for"
        case .modulus(let bitCount, let range):
            "--bits is \(bitCount) and must be \(range.lowerBound) to \(range.upperBound)"
        }
    }
}
