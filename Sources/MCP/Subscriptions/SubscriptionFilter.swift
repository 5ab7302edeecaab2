internal import Bytes
internal import JSON

/// Which changes a client wants to hear of (MCP 2026-07-28, `SubscriptionFilter`).
public struct SubscriptionFilter: Hashable, Sendable {
    /// How many resources one subscription may name.
    public static let resourceCountMax = 1_000

    /// How many tasks one subscription may name.
    public static let taskCountMax = 100

    public var lists: ServerFeatures.Lists
    public var resourceURIs: Set<String>

    /// Of the tasks extension.
    public var taskIDs: Set<TaskID>

    public init(
        lists: ServerFeatures.Lists = [],
        resourceURIs: Set<String> = [],
        taskIDs: Set<TaskID> = []
    ) {
        self.lists = lists
        self.resourceURIs = resourceURIs
        self.taskIDs = taskIDs
    }

    public func includes(_ change: ServerChange) -> Bool {
        switch change {
        case .toolList: lists.contains(.tools)
        case .promptList: lists.contains(.prompts)
        case .resourceList: lists.contains(.resources)
        case .resource(let uri): resourceURIs.contains(uri)
        case .task(let id): taskIDs.contains(id)
        }
    }
}

extension SubscriptionFilter {
    /// Reads the object that the reader stands at; members it does not know it skips.
    ///
    /// - Throws: ``RPCError/malformedParams(name:expected:)`` if a member is of another type, or
    ///   too many resources are named.
    init(_ reader: inout JSONReader) throws(RPCError) {
        self.init()
        do throws(JSONError) {
            try reader.beginObject()
        } catch {
            throw .notJSON(error)
        }
        while let name = try Self.next(&reader) {
            switch name {
            case "toolsListChanged": try readFlag(.tools, name, &reader)
            case "promptsListChanged": try readFlag(.prompts, name, &reader)
            case "resourcesListChanged": try readFlag(.resources, name, &reader)
            case "resourceSubscriptions":
                let uris = try Self.texts(name, "URIs", Self.resourceCountMax, &reader)
                resourceURIs.formUnion(uris)
            case "taskIds":
                let ids = try Self.texts(name, "ids", Self.taskCountMax, &reader)
                taskIDs.formUnion(ids.map { TaskID($0) })
            default:
                do throws(JSONError) {
                    try reader.skipValue()
                } catch {
                    throw .notJSON(error)
                }
            }
        }
    }

    private static func next(_ reader: inout JSONReader) throws(RPCError) -> String? {
        do throws(JSONError) {
            return try reader.nextMember().map { reader.text(of: $0) }
        } catch {
            throw .notJSON(error)
        }
    }

    private mutating func readFlag(
        _ list: ServerFeatures.Lists,
        _ name: String,
        _ reader: inout JSONReader
    ) throws(RPCError) {
        do throws(JSONError) {
            switch try reader.peek() {
            case .true, .false:
                if try reader.readBool() { lists.insert(list) }
                return
            default:
                break
            }
        } catch {
            throw .notJSON(error)
        }
        throw .malformedParams(name: "notifications.\(name)", expected: "true or false")
    }

    private static func texts(
        _ name: String,
        _ noun: String,
        _ countMax: Int,
        _ reader: inout JSONReader
    ) throws(RPCError) -> Set<String> {
        let list: Set<String>?
        do throws(JSONError) {
            list = try readList(countMax, &reader)
        } catch {
            throw .notJSON(error)
        }
        guard let list else {
            throw .malformedParams(
                name: "notifications.\(name)",
                expected: "a list of at most \(countMax) \(noun)"
            )
        }
        return list
    }

    /// - Returns: `nil` if this is no list of strings, or too long a one.
    private static func readList(
        _ countMax: Int,
        _ reader: inout JSONReader
    ) throws(JSONError) -> Set<String>? {
        guard try reader.peek() == .array else { return nil }
        var texts: Set<String> = []
        try reader.beginArray()
        while try reader.nextElement() {
            guard try reader.peek() == .string, texts.count < countMax else { return nil }
            let string = try reader.readString()
            texts.insert(reader.text(of: string))
        }
        return texts
    }

    /// Writes the filter as an acknowledgement repeats it.
    func encode(into writer: inout JSONWriter) {
        writer.beginObject()
        for (list, name) in [
            (ServerFeatures.Lists.tools, "toolsListChanged"), (.prompts, "promptsListChanged"),
            (.resources, "resourcesListChanged"),
        ] where lists.contains(list) {
            writer.name(name)
            writer.bool(true)
        }
        if !resourceURIs.isEmpty {
            writer.name("resourceSubscriptions")
            writer.strings(resourceURIs.sorted())
        }
        if !taskIDs.isEmpty {
            writer.name("taskIds")
            writer.strings(taskIDs.map(\.text).sorted())
        }
        writer.endObject()
    }
}

extension SubscriptionFilter {
    /// Every change that the filter includes.
    public var changes: [ServerChange] {
        var changes: [ServerChange] = resourceURIs.map { .resource(uri: $0) }
        changes += taskIDs.map { .task($0) }
        if lists.contains(.tools) { changes.append(.toolList) }
        if lists.contains(.prompts) { changes.append(.promptList) }
        if lists.contains(.resources) { changes.append(.resourceList) }
        return changes
    }
}
