internal import AccessControl
internal import Bytes
internal import JSON

/// The last results of tools that have a ``ResultValidator``, as they are on the wire, on one loop.
///
/// An entry is compared with everything a result may depend on, so a call that merely resembles
/// another one is run. When there are too many, all are forgotten: they come back as they are asked
/// for.
public struct ResultCache: Sendable {
    private struct Entry {
        // What the result was the result of.
        let toolIndex: Int
        let protocolVersion: ProtocolVersion
        let workspace: Workspace
        /// `nil` where everybody in the workspace gets the same.
        let subject: Subject?
        let arguments: ByteBuffer

        let version: UInt64
        /// The response from behind its id to its end.
        let tail: ByteBuffer
    }

    /// Results kept for each loop, at most.
    public static let entryCountMax = 512

    /// Bytes of a response that is kept, at most.
    public static let responseByteCountMax = 65_536

    /// Bytes of the arguments whose result is kept, at most.
    public static let argumentsByteCountMax = 1_024

    /// By a hash of what they were the result of: of two that have the same the later one is kept.
    private var entries: [Int: Entry] = [:]

    public init() {}

    /// Answers a call with what the same one was answered before, if that still holds.
    ///
    /// - Parameters:
    ///   - toolIndex: Which tool is called.
    ///   - scope: Whose calls have the same results.
    ///   - arguments: As they were sent.
    ///   - protocolVersion: What is spoken.
    ///   - caller: Who may call it.
    ///   - id: Of the request.
    ///   - version: What the tool's validator says just now.
    ///   - buffer: Where the response is appended.
    /// - Returns: Whether there was one.
    func respond(
        toToolAt toolIndex: Int,
        sharedBy scope: ResultValidator.Scope,
        _ arguments: Span<UInt8>,
        _ protocolVersion: ProtocolVersion,
        _ caller: Principal,
        id: Span<UInt8>,
        at version: UInt64,
        into buffer: inout ByteBuffer
    ) -> Bool {
        guard arguments.count <= Self.argumentsByteCountMax else { return false }
        let subject = scope == .subject ? caller.subject : nil
        let hash = Self.hash(toolIndex, protocolVersion, caller.workspace, subject, arguments)
        guard let entry = entries[hash], entry.version == version,
            entry.toolIndex == toolIndex, entry.protocolVersion == protocolVersion,
            entry.workspace == caller.workspace, entry.subject == subject,
            entry.arguments.span.equals(arguments)
        else { return false }
        ResponseWriting.begin(id: id, into: &buffer)
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
        // What a client was asked and what it wants to happen once are beyond comparison.
        guard case .tool(let index, let arguments) = call.feature,
            let validator = call.registry.tools[index].validator,
            call.roundTrip.isFirst, call.idempotencyKey == nil,
            response.count <= Self.responseByteCountMax
        else { return }
        let sent = arguments.json.bytes
        guard sent.count <= Self.argumentsByteCountMax else { return }
        let subject = validator.scope == .subject ? call.caller.subject : nil
        let workspace = call.caller.workspace
        let hash = Self.hash(index, call.protocolVersion, workspace, subject, sent.span)
        if entries.count >= Self.entryCountMax, entries[hash] == nil { entries = [:] }
        let tail = response.extracting(ResponseWriting.byteCountThroughID(call.id)...)
        entries[hash] = Entry(
            toolIndex: index,
            protocolVersion: call.protocolVersion,
            workspace: workspace,
            subject: subject,
            arguments: sent,
            version: version,
            tail: ByteBuffer(copying: tail)
        )
    }

    /// Seeded differently in each process.
    ///
    /// Whoever finds two calls with the same hash all the same has found that they are run each time.
    private static func hash(
        _ toolIndex: Int,
        _ protocolVersion: ProtocolVersion,
        _ workspace: Workspace,
        _ subject: Subject?,
        _ arguments: Span<UInt8>
    ) -> Int {
        var hasher = Hasher()
        hasher.combine(toolIndex)
        hasher.combine(protocolVersion)
        hasher.combine(workspace)
        if let subject { hasher.combine(subject) }
        var index = 0
        while index < arguments.count {
            hasher.combine(arguments.wordAtEnd(index).bits)
            index += 8
        }
        return hasher.finalize()
    }
}

/// A call that is answered as the same one was before.
public struct RepeatedCall: Sendable {
    let toolIndex: Int

    /// What trace the request is part of; `nil` if its sender does not say.
    public let trace: TraceContext?

    public var operation: Operation { Operation(.toolsCall, on: .tool(toolIndex)) }
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
