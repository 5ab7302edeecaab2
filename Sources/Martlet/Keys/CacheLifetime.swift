/// For how long an answer is fresh, by its own account (RFC 9111 §4.2.1).
package enum CacheLifetime {
    /// The seconds that are left of `max-age`, or 0 if the answer is not to be kept.
    ///
    /// Other directives say nothing to a cache of one's own: `s-maxage` is for shared ones. An
    /// argument that is no number counts as 0: "encouraged to consider responses that have invalid
    /// freshness information … to be stale" (RFC 9111 §4.2.1).
    ///
    /// - Parameters:
    ///   - cacheControl: The value of `Cache-Control`, its lines joined with commas.
    ///   - age: The value of `Age`: what the answer has spent in other caches.
    /// - Returns: `nil` if the answer does not say.
    package static func seconds(cacheControl: String?, age: String?) -> Int? {
        guard let cacheControl else { return nil }
        var lifetime: Int?
        for directive in cacheControl.split(separator: ",") {
            let parts = directive.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            switch trimmed(parts[0]).lowercased() {
            case "no-store", "no-cache":
                return 0
            case "max-age":
                let argument = parts.count > 1 ? trimmed(parts[1], alsoQuotes: true) : ""
                // The first of several counts (RFC 9111 §4.2.1).
                lifetime = lifetime ?? number(argument) ?? 0
            default:
                continue
            }
        }
        guard let lifetime else { return nil }
        return max(0, lifetime - (age.flatMap { number(trimmed($0[...])) } ?? 0))
    }

    /// A number of seconds; more than ten digits are "greater than the greatest integer" and count
    /// as the greatest (RFC 9111 §1.2.2).
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return text.utf8.count > 10 ? Int(Int32.max) : Int(text)
    }

    private static func trimmed(_ text: Substring, alsoQuotes: Bool = false) -> Substring {
        func isEdge(_ character: Character) -> Bool {
            character == " " || character == "\t" || (alsoQuotes && character == "\"")
        }
        var text = text.drop(while: isEdge)
        while let last = text.last, isEdge(last) { text.removeLast() }
        return text
    }
}
