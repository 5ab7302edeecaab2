internal import Bytes

/// What a client names a task by.
///
/// "Servers MUST generate them with sufficient entropy that a third party cannot enumerate or guess
/// them" (ext-tasks, *Security Considerations*): 128 random bits in base64url, in no sequence.
public struct TaskID: Hashable, Sendable {
    public let text: String

    /// The id that a client sent or a store kept; whether there is such a task is another question.
    public init(_ text: String) {
        self.text = text
    }

    /// A new id.
    public init(random generator: inout some RandomNumberGenerator) {
        let bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        var text = ByteBuffer()
        Base64URL.encode(bytes.span, into: &text)
        self.text = String(decoding: text.bytes, as: UTF8.self)
    }
}
