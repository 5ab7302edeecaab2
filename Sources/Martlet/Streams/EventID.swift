internal import Bytes
internal import HTTP1

/// The id of an event on a stream that can be resumed: which process, which loop, which stream, and
/// the event's place on it.
///
/// It opens nothing by itself: a stream is resumed by its session only.
package struct EventID: Hashable, Sendable {
    /// What a stream belongs to.
    enum Kind: String, Sendable {
        case request = "r"
        /// GET: the stream of a session.
        case session = "s"
    }

    /// Tells processes apart, whose streams count from 1 alike.
    let process: UInt32
    let loopIndex: Int
    let kind: Kind
    let stream: Int
    let sequence: Int

    private static let byteCountMax = 80

    init(process: UInt32, loopIndex: Int, kind: Kind, stream: Int, sequence: Int) {
        self.process = process
        self.loopIndex = loopIndex
        self.kind = kind
        self.stream = stream
        self.sequence = sequence
    }

    /// - Returns: `nil` if this is no id that this server makes.
    init?(_ text: Span<UInt8>) {
        guard text.count <= Self.byteCountMax, let text = String(validating: text) else {
            return nil
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, let process = UInt32(parts[0], radix: 16),
            let loopIndex = Int(parts[1]), let kind = Kind(rawValue: String(parts[2].prefix(1))),
            let stream = Int(parts[2].dropFirst()), let sequence = Int(parts[3])
        else { return nil }
        self.init(
            process: process,
            loopIndex: loopIndex,
            kind: kind,
            stream: stream,
            sequence: sequence
        )
    }

    var text: String {
        "\(String(process, radix: 16))-\(loopIndex)-\(kind.rawValue)\(stream)-\(sequence)"
    }

    var fieldValue: FieldValue? { FieldValue(text) }

    /// The id of another event on the same stream.
    func with(sequence: Int) -> EventID {
        EventID(
            process: process,
            loopIndex: loopIndex,
            kind: kind,
            stream: stream,
            sequence: sequence
        )
    }
}
