internal import AccessControl
internal import Bytes
internal import JSON

/// What a sealed state is good for: one caller, one thing asked for, with the same arguments.
enum SealContext {
    static func encode(
        _ feature: FeatureCall.Feature,
        of registry: FeatureRegistry,
        by caller: Principal
    ) -> RawJSON {
        RawJSON { writer in
            writer.beginArray()
            writer.string(caller.subject.issuer)
            writer.string(caller.subject.name)
            writer.string(caller.workspace.name)
            switch feature {
            case .tool(let index, let arguments):
                writer.string(Method.toolsCall.rawValue)
                writer.string(registry.tools[index].name)
                writer.canonical(arguments.json)
            case .prompt(let index, let arguments):
                writer.string(Method.promptsGet.rawValue)
                writer.string(registry.features.prompts[index].name)
                writer.canonical(arguments.json)
            case .resource(_, let uri):
                writer.string(Method.resourcesRead.rawValue)
                writer.string(uri)
            case .resourceList:
                writer.string(Method.resourcesList.rawValue)
            case .completion:
                writer.string(Method.completionComplete.rawValue)
            }
            writer.endArray()
        }
    }
}

extension JSONWriter {
    /// A value without white space, its strings spelt in one way and members sorted by their names,
    /// so that a client which parses and writes it again changes nothing.
    fileprivate mutating func canonical(_ json: RawJSON) {
        var reader = JSONReader(json.span)
        do throws(JSONError) {
            try canonical(&reader)
        } catch {
            preconditionFailure("arguments were validated before: \(error)")
        }
    }

    private mutating func canonical(_ reader: inout JSONReader) throws(JSONError) {
        switch try reader.peek() {
        case .object:
            var members: [(name: String, value: RawJSON)] = []
            try reader.beginObject()
            while let name = try reader.nextMember() {
                let range = try reader.skipValue()
                let value = ByteBuffer(copying: reader.bytes(in: range))
                members.append((reader.text(of: name), RawJSON(unchecked: value)))
            }
            members.sort { $0.name < $1.name }
            beginObject()
            for member in members {
                name(member.name)
                canonical(member.value)
            }
            endObject()
        case .array:
            try reader.beginArray()
            beginArray()
            while try reader.nextElement() { try canonical(&reader) }
            endArray()
        case .string:
            let string = try reader.readString()
            self.string(reader.text(of: string))
        case .number:
            let number = try reader.readNumber()
            if let integer = reader.integer(of: number) {
                self.integer(integer)
            } else {
                raw(reader.bytes(in: number.range))
            }
        case .true, .false, .null:
            let range = try reader.skipValue()
            raw(reader.bytes(in: range))
        }
    }
}
