import AccessControl
import JSON
import Martlet
import ProtocolTestSupport
import Testing

@Suite("The set of API keys")
struct APIKeySetTests {
    @Test func `A set reads back as it was written`() throws {
        var set = APIKeySet()
        try set.insert(record(1, "ci"))
        try set.insert(
            record(2, "back-up@night", roles: ["admin", "a \"b\""], permissions: [], expires: 9)
        )
        try set.insert(record(3, "R2.d2_", permissions: ["read:todos"], workspace: "team"))
        #expect(try APIKeySetReader.read(set.encode().span) == set)
        #expect(try APIKeySetReader.read(APIKeySet().encode().span) == APIKeySet())
    }

    @Test func `What is written holds the hash and not the secret`() throws {
        var generator = SeededGenerator(seed: 3)
        let key = APIKey.random(using: &generator)
        var set = APIKeySet()
        try set.insert(record(of: key, "ci"))
        let text = String(decoding: set.encode().bytes, as: UTF8.self)
        #expect(text.contains("\(key.id)"))
        #expect(!text.contains(key.text.dropFirst(21).prefix(40)))
    }

    @Test func `A name or id that is taken cannot be given again until its key is gone`() throws {
        var set = APIKeySet()
        let first = record(1, "ci")
        try set.insert(first)
        #expect(throws: APIKeySetError.nameTaken("ci")) { try set.insert(record(2, "ci")) }
        #expect(throws: APIKeySetError.idTaken("\(first.id)")) { try set.insert(record(1, "cd")) }
        // `revoke` takes either, so no name is another key's id.
        #expect(throws: APIKeySetError.nameTaken("\(first.id)")) {
            try set.insert(record(2, "\(first.id)"))
        }
        set.remove(first.id)
        #expect(set[first.id] == nil)
        try set.insert(record(2, "ci"))
        #expect(set.record(called: "ci")?.id == record(2, "ci").id)
        #expect(set.record(called: "\(record(2, "ci").id)")?.holder.name == "ci")
        #expect(set.record(called: "cd") == nil)
    }

    @Test func `There can be so many keys, and not one more`() throws {
        var set = APIKeySet()
        for number in 0..<APIKeySet.countMax {
            try set.insert(record(UInt64(number), "k\(number)"))
        }
        let full = set
        #expect(throws: APIKeySetError.tooMany(countMax: APIKeySet.countMax)) {
            try set.insert(record(.max, "more"))
        }
        #expect(try APIKeySetReader.read(full.encode().span) == full)
        #expect(full.encode().count < APIKeySetReader.byteCountMax)
    }

    @Test(
        arguments: [
            ("a", true), (String(repeating: "n", count: 64), true), ("0-x_y.z@h", true),
            ("", false), (String(repeating: "n", count: 65), false), ("-x", false), (".x", false),
            ("a b", false), ("a\n", false), ("\u{E9}", false), ("a/b", false),
        ]
    )
    func `A name is a word that a shell and a log leave alone`(name: String, isValid: Bool) {
        #expect(APIKeyHolder.isName(name) == isValid)
    }

    @Test func `Roles and permissions are bounded in number and length`() {
        let role = String(repeating: "r", count: APIKeyHolder.rightByteCountMax)
        #expect(APIKeyHolder.areRoles(Array(repeating: role, count: APIKeyHolder.roleCountMax)))
        #expect(
            !APIKeyHolder.areRoles(Array(repeating: role, count: APIKeyHolder.roleCountMax + 1))
        )
        #expect(!APIKeyHolder.areRoles([role + "r"]))
        #expect(!APIKeyHolder.areRoles([]))
        #expect(!APIKeyHolder.areRoles([""]))
        #expect(!APIKeyHolder.areRoles(["a\u{1B}"]))
        let permissions = Array(repeating: role, count: APIKeyHolder.permissionCountMax)
        #expect(APIKeyHolder.arePermissions(permissions))
        #expect(APIKeyHolder.arePermissions([]))
        #expect(!APIKeyHolder.arePermissions(permissions + ["x"]))
    }

    private static let salt = "AAAAAAAAAAAAAAAAAAAAAA"
    private static let hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    private static func key(_ change: (inout [String: String]) -> Void = { _ in }) -> String {
        var members = [
            "id": "\"aaaaaaaaaaaa\"", "name": "\"ci\"", "roles": "[\"user\"]",
            "workspace": "\"default\"", "created": "1", "salt": "\"\(salt)\"",
            "hash": "\"\(hash)\"",
        ]
        change(&members)
        return "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",") + "}"
    }

    @Test(
        arguments: [
            ("id", "\"AAAAAAAAAAAA\"", .id), ("name", "\"a b\"", .name), ("roles", "[]", .roles),
            ("roles", "[\"\"]", .roles), ("workspace", "\"~own\"", .workspace),
            ("created", "-1", .created), ("created", "1.5", .created), ("expires", "-1", .expires),
            ("salt", "\"AAAA\"", .salt), ("salt", "\"\(salt)==\"", .salt),
            ("hash", "\"\(salt)\"", .hash), ("hash", "\"*\"", .hash),
            ("permissions", "[\"\\u0000\"]", .permissions),
        ] as [(String, String, APIKeySetError.Member)]
    )
    func `A member that is not what it must be makes the file unusable`(
        name: String,
        value: String,
        member: APIKeySetError.Member
    ) {
        let text = "{\"keys\": [\(Self.key { $0[name] = value })]}"
        #expect(error(of: text) == .malformedMember(member, key: 1))
    }

    @Test(arguments: ["id", "name", "roles", "workspace", "created", "salt", "hash"])
    func `A member that is missing makes the file unusable`(name: String) throws {
        let text = "{\"keys\": [\(Self.key { $0[name] = nil })]}"
        let member = try #require(APIKeySetError.Member(rawValue: name))
        #expect(error(of: text) == .missingMember(member, key: 1))
    }

    @Test func `Whatever else is not as it is written makes the file unusable`() {
        let key = Self.key()
        #expect(error(of: "{\"keys\": [\(key)]}") == nil)
        #expect(error(of: "{}") == .otherMember)
        #expect(error(of: "{\"key\": []}") == .otherMember)
        #expect(error(of: "{\"keys\": [], \"more\": 1}") == .otherMember)
        let noted = Self.key { $0["note"] = "1" }
        #expect(error(of: "{\"keys\": [\(noted)]}") == .unknownMember(key: 1))
        #expect(
            error(of: "{\"keys\": [\(key.dropLast()), \"n\\u0061me\": \"cd\"}]}")
                == .repeatedMember(key: 1)
        )
        #expect(error(of: "{\"keys\": [\(key), \(key)]}") == .nameTaken("ci"))
        for text in ["", "[]", "{\"keys\": {}}", "{\"keys\": [1]}", "{\"keys\": []} x"] {
            guard case .notJSON = error(of: text) else {
                Issue.record("accepted \(text)")
                continue
            }
        }
    }

    @Test func `A file that is cut off anywhere is refused`() throws {
        var set = APIKeySet()
        try set.insert(record(1, "ci", permissions: ["read:todos"], expires: 12))
        let bytes = set.encode().bytes
        // All but the line feed at the end.
        for count in 0..<(bytes.count - 1) {
            #expect(throws: APIKeySetError.self) {
                try APIKeySetReader.read(Array(bytes[..<count]).span)
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `Bytes that were changed at random never trap`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var set = APIKeySet()
        try set.insert(record(1, "ci", permissions: ["read:todos"], expires: 12))
        try set.insert(record(2, "cd"))
        let sound = set.encode().bytes
        var refusedCount = 0
        for _ in 0..<300 {
            var bytes = sound
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes.randomElement(using: &generator) ?? 0, at: index)
                }
            }
            do throws(APIKeySetError) {
                #expect(try APIKeySetReader.read(bytes.span).records.count <= 2, "seed \(seed)")
            } catch {
                refusedCount += 1
                #expect(!"\(error)".isEmpty)
            }
        }
        #expect(refusedCount > 0, "seed \(seed)")
    }

    private func error(of text: String) -> APIKeySetError? {
        do throws(APIKeySetError) {
            _ = try APIKeySetReader.read(text.utf8.span)
            return nil
        } catch {
            return error
        }
    }

    private func record(
        _ seed: UInt64,
        _ name: String,
        roles: [String] = ["user"],
        permissions: [String]? = nil,
        workspace: String = "default",
        expires: Int64? = nil
    ) -> APIKeyRecord {
        var generator = SeededGenerator(seed: seed)
        return record(
            of: APIKey.random(using: &generator),
            name,
            roles: roles,
            permissions: permissions,
            workspace: workspace,
            expires: expires
        )
    }

    private func record(
        of key: APIKey,
        _ name: String,
        roles: [String] = ["user"],
        permissions: [String]? = nil,
        workspace: String = "default",
        expires: Int64? = nil
    ) -> APIKeyRecord {
        APIKeyRecord(
            id: key.id,
            holder: APIKeyHolder(
                name: name,
                roles: roles,
                permissions: permissions,
                workspace: Workspace(workspace) ?? .shared
            ),
            hash: APIKeyHash(
                of: key,
                salt: Array(repeating: 1, count: APIKeyHash.saltByteCount)
            ),
            createdSeconds: 1_700_000_000,
            expiresSeconds: expires
        )
    }
}
