public import JSON

/// A request that goes on when the client has sent it again with answers (MCP 2026-07-28,
/// *Multi Round-Trip Requests*).
public struct InputRequired: Hashable, Sendable {
    /// The questions: an object of requests by key; `nil` if there are none.
    let requests: RawJSON?

    /// What the client carries, sealed, until it comes back: earlier answers and the tool's own
    /// state; `nil` if there is nothing to remember.
    let remembered: RawJSON?
}

/// What a request that comes back brings along.
struct RoundTrip: Sendable {
    /// Answers by key: those of earlier rounds, and those of this one.
    let answers: [String: RawJSON]

    /// What the tool had the client carry.
    let state: RawJSON?

    static let none = RoundTrip(answers: [:], state: nil)

    /// Whether nothing was asked or carried before.
    var isFirst: Bool { answers.isEmpty && state == nil }
}

/// Seals what clients carry, so that it comes back as it was or not at all.
public struct StateSeal: Sendable {
    /// Seals a plaintext for a time, as text that is fit for JSON.
    ///
    /// The context must be the same when it is opened. `nil` if the cryptographic library refuses.
    let seal: @Sendable (_ plaintext: RawJSON, _ context: RawJSON) -> String?

    /// What was sealed.
    ///
    /// `nil` if the text is not of this server, was made in another context or has expired.
    let open: @Sendable (_ text: String, _ context: RawJSON) -> RawJSON?

    public init(
        seal: @escaping @Sendable (_ plaintext: RawJSON, _ context: RawJSON) -> String?,
        open: @escaping @Sendable (_ text: String, _ context: RawJSON) -> RawJSON?
    ) {
        self.seal = seal
        self.open = open
    }

    /// Seals nothing and opens nothing: for servers whose tools ask nothing.
    public static let none = StateSeal(seal: { _, _ in nil }, open: { _, _ in nil })
}
