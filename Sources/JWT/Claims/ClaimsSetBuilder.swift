public import JSON

/// Claims on their way into a token, in the order in which they were first set.
public struct ClaimsSetBuilder: Sendable {
    public enum Value: Hashable, Sendable {
        case string(String)
        case strings([String])
        case date(NumericDate)
        case json(RawJSON)
    }

    private var claims: [(name: ClaimName, value: Value)] = []

    public init() {}

    /// Sets a claim, in the place of an earlier one of the same name.
    public mutating func set(_ name: ClaimName, to value: Value) {
        if let index = claims.firstIndex(where: { $0.name == name }) {
            claims[index].value = value
        } else {
            claims.append((name, value))
        }
    }

    /// The claims set as JSON.
    public func encoded() -> RawJSON {
        RawJSON { writer in
            writer.beginObject()
            for claim in claims {
                writer.name(claim.name.text)
                claim.value.encode(into: &writer)
            }
            writer.endObject()
        }
    }
}

extension ClaimsSetBuilder.Value {
    fileprivate func encode(into writer: inout JSONWriter) {
        switch self {
        case .string(let text):
            writer.string(text)
        case .strings(let texts):
            writer.beginArray()
            for text in texts { writer.string(text) }
            writer.endArray()
        case .date(let date):
            writer.integer(Int(date.seconds))
        case .json(let json):
            writer.raw(json.span)
        }
    }
}
