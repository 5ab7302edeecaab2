internal import Bytes
public import JSON

/// Something that a server asks a client for while it answers a request.
///
/// The key names the question within the request, so that its answer is found when the client sends
/// the request again.
public struct InputRequest: Sendable {
    enum Kind: Sendable {
        case form(message: String, ElicitationForm)
        case address(message: String, url: String, id: String)
        case sampling(SamplingRequest)
        case roots
    }

    public let key: String
    let kind: Kind

    /// Has the user fill in a form (MCP, *Elicitation*).
    public static func elicitation(
        _ key: String,
        message: String,
        form: ElicitationForm
    ) -> InputRequest {
        InputRequest(key: key, kind: .form(message: message, form))
    }

    /// Sends the user to an address, for what must not pass through the client (MCP,
    /// *Elicitation*, "URL Mode").
    ///
    /// The id is unique among the server's elicitations; clients before 2026-07-28 want it.
    public static func elicitation(
        _ key: String,
        message: String,
        url: String,
        id: String
    ) -> InputRequest {
        InputRequest(key: key, kind: .address(message: message, url: url, id: id))
    }

    /// Has the client's model write something (MCP, *Sampling*).
    public static func sampling(_ key: String, _ request: SamplingRequest) -> InputRequest {
        InputRequest(key: key, kind: .sampling(request))
    }

    /// Asks for the folders the client works in (MCP, *Roots*).
    public static func roots(_ key: String) -> InputRequest {
        InputRequest(key: key, kind: .roots)
    }

    /// What a client must have declared to be asked.
    public var capability: ClientCapabilities {
        switch kind {
        case .form: .elicitation
        case .address: .elicitationByURL
        case .sampling: .sampling
        case .roots: .roots
        }
    }

    /// The request's method.
    public var method: String {
        switch kind {
        case .form, .address: Self.elicitationMethod
        case .sampling: Self.samplingMethod
        case .roots: Self.rootsMethod
        }
    }

    static let elicitationMethod = "elicitation/create"
    static let samplingMethod = "sampling/createMessage"
    static let rootsMethod = "roots/list"
}

extension InputRequest {
    /// Whether a client of `version` that declares ``capability`` understands the request.
    func isKnown(in version: ProtocolVersion) -> Bool {
        if case .form(_, let form) = kind { return form.canBeShown(in: version) }
        return true
    }

    /// Appends the members `method` and `params`.
    public func encodeMembers(into writer: inout JSONWriter, for version: ProtocolVersion) {
        writer.name("method")
        writer.string(method)
        switch kind {
        case .form(let message, let form):
            writer.name("params")
            writer.beginObject()
            // There was but one mode before 2025-11-25.
            if version.describesIcons {
                writer.name("mode")
                writer.string("form")
            }
            writer.name("message")
            writer.string(message)
            writer.name("requestedSchema")
            let schema = form.json(for: version)
            writer.raw(schema.span)
            writer.endObject()
        case .address(let message, let url, let id):
            writer.name("params")
            writer.beginObject()
            writer.name("mode")
            writer.string("url")
            writer.name("message")
            writer.string(message)
            writer.name("url")
            writer.string(url)
            if version.era == .legacy {
                writer.name("elicitationId")
                writer.string(id)
            }
            writer.endObject()
        case .sampling(let request):
            writer.name("params")
            request.encode(into: &writer, for: version)
        case .roots:
            break
        }
    }

    /// Whether a result is an answer to this request at all.
    func admits(_ answer: RawJSON) -> Bool {
        do throws(JSONError) {
            switch kind {
            case .form(_, let form):
                guard let elicited = try ElicitationAnswer(answer) else { return false }
                guard elicited.action == .accept else { return true }
                return form.admits(elicited.content)
            case .address: return try ElicitationAnswer(answer) != nil
            case .sampling: return try SamplingAnswer(answer) != nil
            case .roots: return try Root.list(answer) != nil
            }
        } catch {
            return false
        }
    }
}
