/// Something that takes bytes from strangers.
///
/// What it does with them must end, whatever they are, and must satisfy what its file says of it; a
/// precondition that fails is what the fuzzer looks for.
struct Target: Sendable {
    let name: String
    let run: @Sendable ([UInt8]) -> Void

    static let all: [Target] = [
        .base64URL, .http, .json, .jwt, .mcp, .schema, .uriTemplate,
    ]

    /// The one that this process runs; set before the fuzzer starts, on its only thread.
    nonisolated(unsafe) static var current = base64URL
}

/// Bytes that a target takes for its decisions, from the front of the input.
struct Decisions {
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        rest = input[...]
    }

    /// The next byte; 0 when there are none left.
    mutating func next() -> UInt8 {
        rest.popFirst() ?? 0
    }
}
