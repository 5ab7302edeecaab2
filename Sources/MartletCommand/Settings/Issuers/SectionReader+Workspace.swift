import AccessControl
import JSON

// Which workspace the tokens of an issuer lead to.
extension SectionReader {
    /// Reads the rule.
    ///
    /// Nothing in it is assumed but that a token without the claim is refused: what names an issuer
    /// may use is to be said, since one that may use any reaches every workspace there is.
    mutating func workspaceRule(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> WorkspaceRule? {
        guard try begins(.object, as: .object, at: place, &reader) else { return nil }
        var claim: [String]?
        var names: WorkspaceRule.Names?
        var absence: WorkspaceRule.Absence?
        var seen = Set<WorkspaceMember>()
        var memberNames = MemberNames()
        try reader.beginObject()
        while let member: WorkspaceMember = try nextMember(&memberNames, at: place, &reader) {
            seen.insert(member)
            let place = "\(place).\(member.rawValue)"
            switch member {
            case .claim: claim = try self.claim(at: place, &reader)
            case .names: names = try workspaceNames(at: place, &reader)
            case .absent: absence = try workspaceAbsence(at: place, &reader)
            }
        }
        if seen.contains(.claim), !seen.contains(.names) {
            report(.missing(.workspaceNames), at: "\(place).names")
        }
        if !seen.contains(.claim), seen.contains(.names) {
            report(.missing(.claim), at: "\(place).claim")
        }
        let isRefused = !seen.contains(.absent) || absence == .refuse
        if !seen.contains(.claim), !seen.contains(.names), isRefused {
            report(.noWorkspace, at: place)
        }
        return WorkspaceRule(
            claimPath: claim,
            names: names ?? .list([]),
            absence: absence ?? .refuse
        )
    }

    private enum PrefixMember: String, CaseIterable {
        case prefix
    }

    private enum NameMember: String, CaseIterable {
        case name
    }

    private mutating func workspaceNames(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> WorkspaceRule.Names? {
        let found = try reader.peek()
        switch found {
        case .string:
            return try choice(["any": WorkspaceRule.Names.any], at: place, &reader)
        case .array:
            let names = try texts(at: place, &reader)
            for name in names where Workspace(name) == nil {
                report(.malformedWorkspace(text: name), at: place)
            }
            return .list(names)
        case .object:
            var prefix: String?
            var memberNames = MemberNames()
            try reader.beginObject()
            while let _: PrefixMember = try nextMember(&memberNames, at: place, &reader) {
                prefix = try text(at: "\(place).prefix", &reader)
                // A prefix is the beginning of a name and as such a name.
                if let prefix, Workspace(prefix) == nil {
                    report(.malformedWorkspace(text: prefix), at: "\(place).prefix")
                }
            }
            guard let prefix else {
                report(.missing(.text), at: "\(place).prefix")
                return nil
            }
            return .prefix(prefix)
        default:
            try skip(found, as: .workspaceNames, at: place, &reader)
            return nil
        }
    }

    private mutating func workspaceAbsence(
        at place: String,
        _ reader: inout JSONReader
    ) throws(JSONError) -> WorkspaceRule.Absence? {
        let found = try reader.peek()
        switch found {
        case .string:
            return try choice(
                ["refuse": WorkspaceRule.Absence.refuse, "own": .ownOfSubject],
                at: place,
                &reader
            )
        case .object:
            var workspace: Workspace?
            var isNamed = false
            var memberNames = MemberNames()
            try reader.beginObject()
            while let _: NameMember = try nextMember(&memberNames, at: place, &reader) {
                isNamed = true
                guard let name = try text(at: "\(place).name", &reader) else { continue }
                workspace = Workspace(name)
                if workspace == nil {
                    report(.malformedWorkspace(text: name), at: "\(place).name")
                }
            }
            if !isNamed { report(.missing(.text), at: "\(place).name") }
            return workspace.map { .fixed($0) }
        default:
            try skip(found, as: .workspaceAbsence, at: place, &reader)
            return nil
        }
    }
}
