internal import Bytes
internal import HTTP1

/// The id of an event on a stream that can be resumed: which process, which loop, which stream, and
/// the event's place on it.
///
/// It opens nothing by itself: a stream is resumed by its session only.
struct EventID: Hashable, Sendable {
    /// Tells processes apart, whose streams count from 1 alike.
    let process: UInt32
    let loopIndex: Int
    let stream: Int
    let sequence: Int

    private static let byteCountMax = 80

    init(process: UInt32, loopIndex: Int, stream: Int, sequence: Int) {
        self.process = process
        self.loopIndex = loopIndex
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
            let loopIndex = Int(parts[1]), let stream = Int(parts[2]), let sequence = Int(parts[3])
        else { return nil }
        self.init(process: process, loopIndex: loopIndex, stream: stream, sequence: sequence)
    }

    var fieldValue: FieldValue? {
        FieldValue("\(String(process, radix: 16))-\(loopIndex)-\(stream)-\(sequence)")
    }
}
