internal import Bytes
internal import JSON

// The results of what runs.
extension ResponseWriting {
    /// How long clients may keep what they read: not at all, unless a feature says otherwise.
    private static let readLifetimeMilliseconds = 0

    static func encode(_ result: ToolResult, of call: FeatureCall, into buffer: inout ByteBuffer) {
        encodeResult(of: call, meta: result.meta, into: &buffer) { writer in
            let version = call.protocolVersion
            writer.name("content")
            writer.beginArray()
            for block in result.content { block.encode(into: &writer, for: version) }
            if result.content.isEmpty, let structured = result.structured {
                writer.beginObject()
                writer.name("type")
                writer.string("text")
                writer.name("text")
                writer.string(escaping: structured.span)
                writer.endObject()
            }
            writer.endArray()
            if let structured = result.structured, version.describesOutput {
                writer.name("structuredContent")
                writer.raw(structured.span)
            }
            if result.isError {
                writer.name("isError")
                writer.bool(true)
            }
        }
    }

    /// A result by which the model learns what to do differently.
    static func encodeToolError(
        _ message: String,
        of call: FeatureCall,
        into buffer: inout ByteBuffer
    ) {
        encode(ToolResult([.text(message)], isError: true), of: call, into: &buffer)
    }

    static func encode(
        _ contents: [ResourceContents],
        of call: FeatureCall,
        into buffer: inout ByteBuffer
    ) {
        encodeResult(of: call, into: &buffer) { writer in
            writer.name("contents")
            writer.beginArray()
            for part in contents { part.encode(into: &writer, for: call.protocolVersion) }
            writer.endArray()
            guard call.protocolVersion.era == .modern else { return }
            writer.name("ttlMs")
            writer.integer(readLifetimeMilliseconds)
            writer.name("cacheScope")
            writer.string("private")
        }
    }

    static func encode(
        _ page: ListedResources,
        of call: FeatureCall,
        into buffer: inout ByteBuffer
    ) {
        encodeResult(of: call, into: &buffer) { writer in
            writer.name("resources")
            writer.beginArray()
            for entry in page.entries { writer.raw(entry.span) }
            writer.endArray()
            writer.optional("nextCursor", page.next?.text)
            guard call.protocolVersion.era == .modern else { return }
            // What is found when it is asked for may be gone when it is asked for again.
            writer.name("ttlMs")
            writer.integer(readLifetimeMilliseconds)
            writer.name("cacheScope")
            writer.string("private")
        }
    }

    static func encode(_ result: PromptResult, of call: FeatureCall, into buffer: inout ByteBuffer)
    {
        encodeResult(of: call, into: &buffer) { writer in
            writer.optional("description", result.description)
            writer.name("messages")
            writer.beginArray()
            for message in result.messages {
                message.encode(into: &writer, for: call.protocolVersion)
            }
            writer.endArray()
        }
    }

    static func encode(
        _ completion: Completion,
        of call: FeatureCall,
        into buffer: inout ByteBuffer
    ) {
        encodeResult(of: call, into: &buffer) { writer in
            writer.name("completion")
            writer.beginObject()
            writer.name("values")
            writer.strings(completion.values)
            writer.optional("total", completion.total)
            writer.name("hasMore")
            writer.bool(completion.hasMore)
            writer.endObject()
        }
    }

    /// The questions by which a modern client comes back.
    static func encode(
        _ required: InputRequired,
        state: String?,
        of call: FeatureCall,
        into buffer: inout ByteBuffer
    ) {
        let id = call.id.json
        beginResult(id: id.span, into: &buffer)
        var writer = JSONWriter(take(&buffer))
        writer.beginObject()
        writer.name("resultType")
        writer.string("input_required")
        if let requests = required.requests {
            writer.name("inputRequests")
            writer.raw(requests.span)
        }
        writer.optional("requestState", state)
        if let meta = call.resultMeta {
            writer.name("_meta")
            writer.raw(meta.span)
        }
        writer.endObject()
        buffer = writer.finish()
        endResult(into: &buffer)
    }

    private static func encodeResult(
        of call: FeatureCall,
        meta: RawJSON? = nil,
        into buffer: inout ByteBuffer,
        _ members: (inout JSONWriter) -> Void
    ) {
        let id = call.id.json
        beginResult(id: id.span, into: &buffer)
        var writer = JSONWriter(take(&buffer))
        writer.beginObject()
        members(&writer)
        if let meta, call.protocolVersion.describesOutput {
            if call.resultMeta != nil {
                writer.name("resultType")
                writer.string("complete")
            }
            writer.name("_meta")
            writer.merged(call.resultMeta, meta)
            writer.endObject()
        } else {
            endModernResult(&writer, meta: call.resultMeta)
        }
        buffer = writer.finish()
        endResult(into: &buffer)
    }
}

extension JSONWriter {
    /// An object with the members of two; neither is checked for names of the other.
    fileprivate mutating func merged(_ first: RawJSON?, _ second: RawJSON) {
        guard let first, first.bytes.count > 2 else { return raw(second.span) }
        guard second.bytes.count > 2 else { return raw(first.span) }
        var both = ByteBuffer(copying: first.span.extracting(..<(first.bytes.count - 1)))
        both.append(ASCII.comma)
        both.append(second.span.extracting(1...))
        raw(both.span)
    }
}
