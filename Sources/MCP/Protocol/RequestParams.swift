internal import Bytes
internal import JSON

/// The members of `params` that the methods served here use.
struct RequestParams {
    /// A member as it stands in the body, whatever its type.
    struct Member {
        let kind: JSONKind
        let range: Range<Int>
    }

    var meta = RequestMeta()
    var hasMalformedMeta = false

    /// The first member that occurs twice, which two readers could read differently.
    private(set) var repeatedName: String?

    var name: Member?
    var arguments: Member?
    var cursor: Member?
    var protocolVersion: Member?
    var capabilities: Member?
    var clientInfo: Member?
    var uri: Member?
    var reference: Member?
    var argument: Member?
    var completionContext: Member?
    var level: Member?
    var notifications: Member?
    var requestID: Member?
    var taskID: Member?
    var inputResponses: Member?
    var requestState: Member?

    /// A request without `params` has none of them.
    init() {}

    /// Reads `params`, which an ``Envelope`` has already validated.
    init(_ body: Span<UInt8>, at range: Range<Int>) throws(JSONError) {
        var reader = JSONReader(body.extracting(range))
        var names = MemberNames()
        try reader.beginObject()
        while let name = try reader.nextMember() {
            if !names.insert(name, in: reader) { repeatedName = reader.text(of: name) }
            let kind = try reader.peek()
            if reader.equals(name, "_meta") {
                if kind == .object {
                    meta = try RequestMeta(&reader)
                    if meta.hasRepeatedMember { repeatedName = "a member of _meta" }
                } else {
                    hasMalformedMeta = true
                    _ = try reader.skipValue()
                }
                continue
            }
            // The reader counts from the beginning of `params`, the members from that of the body.
            let value = try reader.skipValue()
            let member = Member(
                kind: kind,
                range: (value.lowerBound + range.lowerBound)..<(value.upperBound + range.lowerBound)
            )
            if reader.equals(name, "name") {
                self.name = member
            } else if reader.equals(name, "arguments") {
                arguments = member
            } else {
                keepRare(member, named: name, in: reader)
            }
        }
    }

    /// Members of methods that are called less often than tools.
    private mutating func keepRare(
        _ member: Member,
        named name: JSONString,
        in reader: borrowing JSONReader
    ) {
        if reader.equals(name, "uri") {
            uri = member
        } else if reader.equals(name, "cursor") {
            cursor = member
        } else if reader.equals(name, "inputResponses") {
            inputResponses = member
        } else if reader.equals(name, "requestState") {
            requestState = member
        } else if reader.equals(name, "ref") {
            reference = member
        } else if reader.equals(name, "argument") {
            argument = member
        } else if reader.equals(name, "context") {
            completionContext = member
        } else if reader.equals(name, "level") {
            level = member
        } else if reader.equals(name, "notifications") {
            notifications = member
        } else if reader.equals(name, "requestId") {
            requestID = member
        } else if reader.equals(name, "taskId") {
            taskID = member
        } else if reader.equals(name, "protocolVersion") {
            protocolVersion = member
        } else if reader.equals(name, "capabilities") {
            capabilities = member
        } else if reader.equals(name, "clientInfo") {
            clientInfo = member
        }
    }
}
