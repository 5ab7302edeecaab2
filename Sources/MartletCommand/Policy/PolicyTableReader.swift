import AccessControl
import JSON
import JWT

/// Reads a table of expected decisions and collects what is wrong with it.
struct PolicyTableReader {
    private(set) var cases: [PolicyTable.Case] = []
    private(set) var mistakes: [PolicyTableMistake] = []

    private let path: String
    private var caseNumber: Int?

    init(path: String) {
        self.path = path
    }

    mutating func report(_ reason: PolicyTableMistake.Reason) {
        mistakes.append(PolicyTableMistake(path: path, caseNumber: caseNumber, reason))
    }

    /// - Throws: ``JSONError`` if it is not JSON; whatever else is wrong is in ``mistakes``.
    mutating func read(_ json: inout JSONReader) throws(JSONError) {
        guard try expect(.object, of: "the table", &json) else { return }
        var names = MemberNames()
        var isComplete = false
        try json.beginObject()
        while let member = try json.nextMember() {
            let name = json.text(of: member)
            if !names.insert(member, in: json) {
                report(.repeatedMember(name))
                try json.skipValue()
            } else if name == "cases" {
                isComplete = true
                try readCases(&json)
            } else {
                let similar = Similarity.nearest(to: name, in: ["cases"])
                report(.unknownMember(name, similar: similar))
                try json.skipValue()
            }
        }
        if !isComplete { report(.missingMember("cases")) }
    }

    private mutating func readCases(_ json: inout JSONReader) throws(JSONError) {
        guard try expect(.array, of: "cases", &json) else { return }
        var number = 0
        defer { caseNumber = nil }
        try json.beginArray()
        while try json.nextElement() {
            number += 1
            caseNumber = number
            if number == PolicyTable.caseCountMax + 1 {
                caseNumber = nil
                report(.tooManyCases(countMax: PolicyTable.caseCountMax))
            }
            guard number <= PolicyTable.caseCountMax else {
                try json.skipValue()
                continue
            }
            if let found = try readCase(&json, number: number) { cases.append(found) }
        }
    }

    private mutating func readCase(
        _ json: inout JSONReader,
        number: Int
    ) throws(JSONError) -> PolicyTable.Case? {
        guard try expect(.object, of: "a case", &json) else { return nil }
        let mistakeCount = mistakes.count
        var row = Row()
        var names = MemberNames()
        try json.beginObject()
        while let member = try json.nextMember() {
            let name = json.text(of: member)
            if !names.insert(member, in: json) {
                report(.repeatedMember(name))
                try json.skipValue()
            } else if let known = Row.Member(rawValue: name) {
                try read(known, into: &row, &json)
            } else {
                let members = Row.Member.allCases.map(\.rawValue)
                let similar = Similarity.nearest(to: name, in: members)
                report(.unknownMember(name, similar: similar))
                try json.skipValue()
            }
        }
        let operation: ProtectedOperation?
        switch (row.tool, row.method) {
        case (.some(let tool), nil): operation = .tool(tool)
        case (nil, .some(let method)): operation = .method(method)
        default:
            operation = nil
            if mistakes.count == mistakeCount { report(.toolAndMethod) }
        }
        let expected = expectation(row)
        guard mistakes.count == mistakeCount, let operation, let expected else { return nil }
        return PolicyTable.Case(
            name: row.name.map { "case \(number) \($0.quoted)" } ?? "case \(number)",
            claims: row.builder,
            operation: operation,
            arguments: row.arguments ?? Self.noArguments,
            expected: expected
        )
    }

    private static let noArguments = RawJSON { writer in
        writer.beginObject()
        writer.endObject()
    }

    private mutating func expectation(_ row: Row) -> PolicyTable.Expectation? {
        guard let text = row.expect else {
            report(.missingMember(Row.Member.expect.rawValue))
            return nil
        }
        let needs = row.needs.map { Set($0.split(separator: " ").map(String.init)) }
        switch text {
        case "insufficient_scope": return .insufficientScope(needs)
        case "allowed", "forbidden":
            if needs != nil { report(.scopeNotExpected) }
            return text == "allowed" ? .allowed : .forbidden
        default:
            report(.notAnExpectation(text))
            return nil
        }
    }
}

/// The members of one case as they came.
private struct Row {
    enum Member: String, CaseIterable {
        case name, claims, role, scope, permissions, tool, method, arguments, expect, needs
    }

    var name: String?
    var tool: String?
    var method: String?
    var expect: String?
    var needs: String?
    var arguments: RawJSON?
    var builder = ClaimsSetBuilder()
    var claimNames: Set<String> = []
}

extension PolicyTableReader {
    private mutating func read(
        _ member: Row.Member,
        into row: inout Row,
        _ json: inout JSONReader
    ) throws(JSONError) {
        switch member {
        case .name: row.name = try readText(member, &json)
        case .tool: row.tool = try readText(member, &json)
        case .method: row.method = try readText(member, &json)
        case .expect: row.expect = try readText(member, &json)
        case .needs: row.needs = try readText(member, &json)
        case .arguments:
            guard try expect(.object, of: member.rawValue, &json) else { return }
            row.arguments = try readRaw(&json)
        case .claims:
            guard try expect(.object, of: member.rawValue, &json) else { return }
            try json.beginObject()
            while let claim = try json.nextMember() {
                let name = json.text(of: claim)
                try readClaim(name, into: &row, &json)
            }
        case .role, .scope, .permissions:
            // What tokens call it in the ordinary case.
            try readClaim(member.rawValue, into: &row, &json)
        }
    }

    private mutating func readClaim(
        _ name: String,
        into row: inout Row,
        _ json: inout JSONReader
    ) throws(JSONError) {
        if !row.claimNames.insert(name).inserted { report(.claimTwice(name)) }
        row.builder.set(ClaimName(name), to: .json(try readRaw(&json)))
    }

    private mutating func readRaw(_ json: inout JSONReader) throws(JSONError) -> RawJSON {
        let range = try json.skipValue()
        return try RawJSON(parsing: json.bytes(in: range))
    }

    private mutating func readText(
        _ member: Row.Member,
        _ json: inout JSONReader
    ) throws(JSONError) -> String? {
        guard try expect(.string, of: member.rawValue, &json) else { return nil }
        let string = try json.readString()
        return json.text(of: string)
    }

    /// Skips and reports a value of another kind.
    private mutating func expect(
        _ expected: JSONKind,
        of member: String,
        _ json: inout JSONReader
    ) throws(JSONError) -> Bool {
        let found = try json.peek()
        if found == expected { return true }
        report(.wrongKind(member: member, found, expected: "\(expected)"))
        try json.skipValue()
        return false
    }
}
