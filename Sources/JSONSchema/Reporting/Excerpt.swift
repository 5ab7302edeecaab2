/// The beginning of what a client sent, fit to be shown in a message.
///
/// A message goes to a model, a log or a terminal: an excerpt is short, and characters that steer
/// the display (control characters, direction marks, line separators) stand in it as escapes.
public struct Excerpt: Hashable, Sendable {
    /// How many Unicode scalar values are shown before "…".
    public static let scalarCountMax = 64

    public let text: String

    public init(_ text: String) {
        var excerpt = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < Self.scalarCountMax else {
                excerpt.append("…")
                break
            }
            Self.append(scalar, to: &excerpt)
            count += 1
        }
        self.text = excerpt
    }

    private static func append(_ scalar: Unicode.Scalar, to excerpt: inout String) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            excerpt.append("\\u{\(String(scalar.value, radix: 16, uppercase: true))}")
        default:
            excerpt.unicodeScalars.append(scalar)
        }
    }
}

extension Excerpt: CustomStringConvertible {
    public var description: String { text }
}
