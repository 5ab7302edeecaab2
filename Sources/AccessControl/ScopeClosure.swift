/// What each scope permits once everything it implies is counted, at any distance.
struct ScopeClosure {
    private let indexByPermission: [ExactText: Int]
    private let implied: [ExactText: [String]]
    private var grantByScope: [ExactText: PermissionSet] = [:]

    init(indexByPermission: [ExactText: Int], implied: [String: [String]]) {
        self.indexByPermission = indexByPermission
        self.implied = Dictionary(
            uniqueKeysWithValues: implied.map { (ExactText($0.key), $0.value) }
        )
    }

    /// - Throws: ``AccessPolicyError/malformedScope(name:)``,
    ///   ``AccessPolicyError/unknownScope(name:impliedBy:)`` or
    ///   ``AccessPolicyError/cyclicScopes(path:)``.
    mutating func grants() throws(AccessPolicyError) -> [ExactText: PermissionSet] {
        // Sorted, so that of several mistakes the same one is reported every time.
        let names = (Array(indexByPermission.keys) + implied.keys).map(\.text).sorted()
        for name in names {
            guard name.isScopeToken else { throw .malformedScope(name: name) }
            _ = try grant(of: name, reachedBy: [])
        }
        return grantByScope
    }

    /// Depth first; `path` holds the scopes from the one begun with to the one that implies `name`.
    private mutating func grant(
        of name: String,
        reachedBy path: [String]
    ) throws(AccessPolicyError) -> PermissionSet {
        let key = ExactText(name)
        if let known = grantByScope[key] { return known }
        if let start = path.firstIndex(where: { ExactText($0) == key }) {
            throw .cyclicScopes(path: path[start...] + [name])
        }
        var set = PermissionSet()
        if let index = indexByPermission[key] { set.insert(index) }
        for next in implied[key] ?? [] {
            let nextKey = ExactText(next)
            guard indexByPermission[nextKey] != nil || implied[nextKey] != nil else {
                throw .unknownScope(name: next, impliedBy: name)
            }
            set.formUnion(try grant(of: next, reachedBy: path + [name]))
        }
        grantByScope[key] = set
        return set
    }
}
