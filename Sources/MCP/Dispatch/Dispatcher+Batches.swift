public import Bytes
internal import JSON

/// Several messages in one body, which only 2025-03-26 knows (JSON-RPC 2.0 §6).
extension Dispatcher {
    /// How many messages a batch may have; more are refused together.
    static let batchCountMax = 64

    /// The places of the messages.
    ///
    /// - Returns: `nil` if the array is empty or too long, which is a malformed request.
    static func batch(_ body: Span<UInt8>) -> Dispatch? {
        var places: [Range<Int>] = []
        var reader = JSONReader(body)
        do throws(JSONError) {
            try reader.beginArray()
            while try reader.nextElement() {
                guard places.count < batchCountMax else { return nil }
                places.append(try reader.skipValue())
            }
        } catch {
            preconditionFailure("the body was read before: \(error)")
        }
        return places.isEmpty ? nil : .batch(places)
    }
}

/// Why a message of a batch gets an error that alone would have been answered otherwise.
public enum BatchRefusal: Hashable, Sendable {
    /// The caller may not; alone it is a 403 (RFC 6750 §3.1).
    case forbidden

    /// "The initialize request MUST NOT be part of a JSON-RPC batch" (MCP 2025-03-26, *Lifecycle*).
    case initialize

    /// The caller has asked for too much; alone it is a 429.
    case tooMany

    /// It cannot be recorded that it is served; alone it is a 503.
    case unavailable
}

extension Dispatcher {
    /// Appends the error response to a refused message of a batch; nothing if it has no id.
    public func encode(
        _ refusal: BatchRefusal,
        of message: Span<UInt8>,
        into buffer: inout ByteBuffer
    ) {
        let envelope: Envelope
        do throws(EnvelopeFailure) {
            envelope = try Envelope(message)
        } catch {
            return
        }
        guard let id = envelope.id else { return }
        ResponseWriting.encode(
            .refusedInBatch(refusal),
            id: message.extracting(id),
            in: .legacy,
            into: &buffer
        )
    }
}
