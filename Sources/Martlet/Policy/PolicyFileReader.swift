internal import AccessControl
internal import Bytes
internal import JSON

/// Reads a policy document and collects what is wrong with it.
struct PolicyFileReader {
    struct Mistake {
        let fault: PolicyFileFault
        let place: PolicyPlace
        let offset: Int
    }

    private(set) var document = PolicyDocument()
    private(set) var mistakes: [Mistake] = []

    private static let memberNames =
        ["roles", "implied-scopes"] + ProtectedOperation.Kind.allCases.map(\.memberName)

    mutating func report(
        _ fault: PolicyFileFault,
        at offset: Int,
        _ place: PolicyPlace = PolicyPlace()
    ) {
        mistakes.append(Mistake(fault: fault, place: place, offset: offset))
    }

    /// - Throws: ``JSONError`` if it is not JSON; whatever else is wrong is in ``mistakes``.
    mutating func read(_ json: inout JSONReader) throws(JSONError) {
        try readMembers(&json, at: PolicyPlace()) {
            (reader, json, name, place) throws(JSONError) in
            switch name {
            case "roles":
                reader.document.roles = []
                try reader.readRoles(&json, at: place)
            case "implied-scopes":
                try reader.readImpliedScopes(&json, at: place)
            default:
                let kind = ProtectedOperation.Kind.allCases.first { $0.memberName == name }
                guard let kind else { return false }
                try reader.readEntries(&json, of: kind, at: place)
            }
            return true
        } known: {
            Self.memberNames
        }
    }

    /// Where the value at `place` stands, as far as the way there can be followed.
    static func offset(of place: PolicyPlace, in content: ByteBuffer) -> Int {
        var offset = 0
        do throws(JSONError) {
            for step in place.steps {
                var json = JSONReader(content.span.extracting(offset..<content.count))
                guard let value = try json.offset(of: step) else { return offset }
                offset += value
            }
        } catch {
            // The file was read before; what follows the value is not part of it.
            return offset
        }
        return offset
    }
}

// Roles and scopes.

extension PolicyFileReader {
    private mutating func readRoles(
        _ json: inout JSONReader,
        at place: PolicyPlace
    ) throws(JSONError) {
        try readMembers(&json, at: place) { (reader, json, name, place) throws(JSONError) in
            switch try json.peek() {
            case .string:
                let start = json.position
                let text = try json.readString()
                if json.equals(text, "*") {
                    reader.document.roles.append(Role(name, .everything))
                } else {
                    reader.report(.wrongKind(.string, expected: Self.grantForm), at: start, place)
                }
            case .array:
                let permissions = try reader.readPermissions(&json, at: place)
                reader.document.roles.append(Role(name, .permissions(permissions)))
            case let kind:
                reader.report(
                    .wrongKind(kind, expected: Self.grantForm),
                    at: json.position,
                    place
                )
                try json.skipValue()
            }
            return true
        }
    }

    private static let grantForm = "\"*\" or an array of permissions"

    private mutating func readPermissions(
        _ json: inout JSONReader,
        at place: PolicyPlace
    ) throws(JSONError) -> [Permission] {
        var permissions: [Permission] = []
        try readElements(&json, at: place) { (reader, json, place) throws(JSONError) in
            let start = json.position
            guard let text = try reader.readText(&json, at: place) else { return }
            if text == "*" { reader.report(.everythingInList, at: start, place) }
            permissions.append(Permission(text))
        }
        return permissions
    }

    private mutating func readImpliedScopes(
        _ json: inout JSONReader,
        at place: PolicyPlace
    ) throws(JSONError) {
        try readMembers(&json, at: place) { (reader, json, name, place) throws(JSONError) in
            // A dictionary would take two names that Unicode calls equivalent for one.
            let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
            if !isASCII {
                reader.report(.policy(.malformedScope(name: name)), at: json.position, place)
            }
            var names: [String] = []
            try reader.readElements(&json, at: place) { (reader, json, place) throws(JSONError) in
                if let text = try reader.readText(&json, at: place) { names.append(text) }
            }
            if isASCII { reader.document.impliedScopes[name] = names }
            return true
        }
    }
}

// Rules.

extension PolicyFileReader {
    private mutating func readEntries(
        _ json: inout JSONReader,
        of kind: ProtectedOperation.Kind,
        at place: PolicyPlace
    ) throws(JSONError) {
        try readMembers(&json, at: place) { (reader, json, name, place) throws(JSONError) in
            var rules: [AccessRule] = []
            try reader.readElements(&json, at: place) { (reader, json, place) throws(JSONError) in
                if let rule = try reader.readRule(&json, at: place) { rules.append(rule) }
            }
            let operation = ProtectedOperation(kind, name)
            reader.document.entries.append(.init(operation, rules))
            return true
        }
    }

    private mutating func readRule(
        _ json: inout JSONReader,
        at place: PolicyPlace
    ) throws(JSONError) -> AccessRule? {
        let kind = try json.peek()
        let start = json.position
        var permissions: [Permission]?
        var conditions: [AccessCondition] = []
        try readMembers(&json, at: place) { (reader, json, name, place) throws(JSONError) in
            switch name {
            case "permissions":
                permissions = try reader.readPermissions(&json, at: place)
            case "when":
                try reader.readElements(&json, at: place) {
                    (reader, json, place) throws(JSONError) in
                    var conditionReader = PolicyConditionReader()
                    let condition = try conditionReader.read(&json, &reader, at: place)
                    if let condition { conditions.append(condition) }
                }
            default:
                return false
            }
            return true
        } known: {
            ["permissions", "when"]
        }
        guard kind == .object else { return nil }
        guard let permissions else {
            report(.missingMember(name: "permissions"), at: start, place)
            return nil
        }
        return AccessRule(permissions, when: conditions)
    }
}

// JSON.

extension PolicyFileReader {
    /// Reads an object; members that `body` does not take and repeated ones are reported.
    mutating func readMembers(
        _ json: inout JSONReader,
        at place: PolicyPlace,
        _ body: (
            inout PolicyFileReader, inout JSONReader, String, PolicyPlace
        ) throws(JSONError) -> Bool,
        known: () -> [String] = { [] }
    ) throws(JSONError) {
        guard try expect(.object, &json, at: place) else { return }
        var names = MemberNames()
        try json.beginObject()
        while let member = try json.nextMember() {
            let name = json.text(of: member)
            _ = try json.peek()
            let start = json.position
            guard names.insert(member, in: json) else {
                report(.repeatedMember(name: name), at: start, place)
                try json.skipValue()
                continue
            }
            if try !body(&self, &json, name, place.member(name)) {
                let similar = Similarity.nearest(to: name, in: known())
                report(.unknownMember(name: name, similar: similar), at: start, place)
                try json.skipValue()
            }
        }
    }

    mutating func readElements(
        _ json: inout JSONReader,
        at place: PolicyPlace,
        _ body: (
            inout PolicyFileReader, inout JSONReader, PolicyPlace
        ) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try expect(.array, &json, at: place) else { return }
        try json.beginArray()
        var index = 0
        while try json.nextElement() {
            _ = try json.peek()
            try body(&self, &json, place.element(index))
            index += 1
        }
    }

    mutating func readText(
        _ json: inout JSONReader,
        at place: PolicyPlace
    ) throws(JSONError) -> String? {
        guard try expect(.string, &json, at: place) else { return nil }
        let string = try json.readString()
        return json.text(of: string)
    }

    /// Skips and reports a value of another kind.
    private mutating func expect(
        _ expected: JSONKind,
        _ json: inout JSONReader,
        at place: PolicyPlace
    ) throws(JSONError) -> Bool {
        let found = try json.peek()
        if found == expected { return true }
        report(.wrongKind(found, expected: "\(expected)"), at: json.position, place)
        try json.skipValue()
        return false
    }
}

extension JSONReader {
    /// Where the value that `step` leads to begins; `nil` if there is none.
    fileprivate mutating func offset(of step: PolicyPlace.Step) throws(JSONError) -> Int? {
        switch step {
        case .member(let name):
            guard try peek() == .object else { return nil }
            try beginObject()
            while let member = try nextMember() {
                let isWanted = equals(member, name)
                _ = try peek()
                if isWanted { return position }
                try skipValue()
            }
        case .element(let wanted):
            guard try peek() == .array else { return nil }
            try beginArray()
            var index = 0
            while try nextElement() {
                _ = try peek()
                if index == wanted { return position }
                try skipValue()
                index += 1
            }
        }
        return nil
    }
}
