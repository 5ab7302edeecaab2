internal import AccessControl
public import Bytes
internal import JSON

/// The last results of tools that have a ``ResultValidator``, as they are on the wire, on one loop.
///
/// An entry is compared with everything a result may depend on, so a call that merely resembles
/// another one is run. When there are too many, all are forgotten: they come back as they are asked
/// for.
public struct ResultCache: Sendable {
    /// What a result was the result of.
    private struct Key: Hashable {
        let toolIndex: Int
        let protocolVersion: ProtocolVersion
        let workspace: Workspace
        /// `nil` where everybody in the workspace gets the same.
        let subject: Subject?
        let arguments: ByteBuffer
    }

    private struct Entry {
        let version: UInt64
        /// The response from behind its id to its end.
        let tail: ByteBuffer
    }

    /// Results kept for each loop, at most.
    public static let entryCountMax = 512

    /// Bytes of a response that is kept, at most.
    public static let responseByteCountMax = 65_536

    private var entries: [Key: Entry] = [:]

    public init() {}

    /// Answers a call with what it was answered before, if that still holds.
    ///
    /// - Parameters:
    ///   - call: A call that passed every check.
    ///   - version: Its ``FeatureCall/resultVersion``, asked for just now.
    ///   - buffer: Where the response is appended.
    /// - Returns: Whether there was one.
    public func respond(
        to call: FeatureCall,
        at version: UInt64,
        into buffer: inout ByteBuffer
    ) -> Bool {
        guard let key = Self.key(of: call), let entry = entries[key], entry.version == version
        else { return false }
        ResponseWriting.begin(id: call.id, into: &buffer)
        let tail = entry.tail
        buffer.append(tail.span)
        return true
    }

    /// Keeps a response for as long as it holds.
    ///
    /// - Parameters:
    ///   - response: The whole response to `call`, whose result is no error.
    ///   - call: The call.
    ///   - version: Its ``FeatureCall/resultVersion`` from before it ran.
    public mutating func remember(
        _ response: Span<UInt8>,
        to call: FeatureCall,
        at version: UInt64
    ) {
        guard let key = Self.key(of: call), response.count <= Self.responseByteCountMax else {
            return
        }
        let tail = response.extracting(ResponseWriting.byteCountThroughID(call.id)...)
        if entries.count >= Self.entryCountMax, entries[key] == nil { entries = [:] }
        entries[key] = Entry(version: version, tail: ByteBuffer(copying: tail))
    }

    private static func key(of call: FeatureCall) -> Key? {
        // What a client was asked and what it wants to happen once are beyond comparison.
        guard case .tool(let index, let arguments) = call.feature,
            let validator = call.registry.tools[index].validator,
            call.roundTrip.isFirst, call.idempotencyKey == nil
        else { return nil }
        return Key(
            toolIndex: index,
            protocolVersion: call.protocolVersion,
            workspace: call.caller.workspace,
            subject: validator.scope == .subject ? call.caller.subject : nil,
            arguments: arguments.json.bytes
        )
    }
}

extension FeatureCall {
    /// The version of what the call would be answered, as of now.
    ///
    /// - Returns: `nil` if the feature has no ``ResultValidator`` or does not know.
    public var resultVersion: UInt64? {
        guard case .tool(let index, _) = feature else { return nil }
        return registry.tools[index].validator?.version(caller)
    }
}
