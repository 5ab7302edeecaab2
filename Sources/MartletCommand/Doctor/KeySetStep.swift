import JWT

/// The keys of an authorization server (RFC 7517 §5).
package enum KeySetStep {
    private static let step = Finding.Step.keySet

    /// - Parameters:
    ///   - answer: The answer to a request for the key set.
    ///   - source: Where it came from.
    /// - Returns: What was found, and the document if keys of it can be used.
    package static func findings(
        _ answer: Answer,
        from source: String
    ) -> (findings: [Finding], document: [UInt8]?) {
        let remedy = "check jwks_uri in the metadata of the authorization server"
        guard answer.statusCode == 200 else {
            return (
                [.wrong(step, "status \(answer.statusCode) at \(source)", remedy: remedy)], nil
            )
        }
        let set: JWKSet
        do throws(JWKSetError) {
            set = try JWKSet(reading: answer.body.span)
        } catch {
            return ([.wrong(step, "\(source): \(error)", remedy: remedy)], nil)
        }
        guard set.privateKeyIndices.isEmpty else {
            return (
                [
                    .wrong(
                        step,
                        "\(source) shows a private key to everybody: anybody can make tokens",
                        remedy: "replace that key at once, and publish the public halves alone"
                    )
                ], nil
            )
        }
        let skipped = set.skipped.map { "\($0)" }.joined(separator: "; ")
        guard !set.keys.isEmpty else {
            return (
                [
                    .wrong(
                        step,
                        "no usable key at \(source)\(skipped.isEmpty ? "" : " (\(skipped))")",
                        remedy: "have the authorization server publish the keys it signs with"
                    )
                ], nil
            )
        }
        var findings: [Finding] = []
        if !skipped.isEmpty {
            findings.append(.doubtful(step, "skipped at \(source): \(skipped)"))
        }
        if set.keys.count > 1, set.keys.contains(where: { $0.keyID == nil }) {
            findings.append(.doubtful(step, "a key without kid, which is tried for every token"))
        }
        let names = Set(set.keys.map(\.algorithm.rawValue)).sorted().joined(separator: ", ")
        let count = set.keys.count == 1 ? "1 usable key" : "\(set.keys.count) usable keys"
        findings.append(.good(step, "\(count) for \(names) at \(source)"))
        return (findings, answer.body)
    }
}
