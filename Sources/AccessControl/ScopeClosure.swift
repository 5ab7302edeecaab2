/// What each scope permits once everything it implies is counted, at any distance.
struct ScopeClosure {
    struct Mistake: Hashable {
        let reason: AccessPolicyError

        /// The scope whose definition has to change.
        let scope: String
    }

    private(set) var mistakes: [Mistake] = []

    private let indexByPermission: [ExactText: Int]
    private let implied: [ExactText: [String]]
    private var grantByScope: [ExactText: PermissionSet] = [:]

    init(indexByPermission: [ExactText: Int], implied: [String: [String]]) {
        self.indexByPermission = indexByPermission
        self.implied = Dictionary(
            uniqueKeysWithValues: implied.map { (ExactText($0.key), $0.value) }
        )
    }

    /// The grants of all scopes but those in ``mistakes``.
    mutating func grants() -> [ExactText: PermissionSet] {
        // Sorted, so that several mistakes are reported in the same order every time.
        let names = (Array(indexByPermission.keys) + implied.keys).map(\.text).sorted()
        for name in names {
            guard name.isScopeToken else {
                mistakes.append(Mistake(reason: .malformedScope(name: name), scope: name))
                continue
            }
            do throws(AccessPolicyError) {
                _ = try grant(of: name, reachedBy: [])
            } catch {
                note(error)
            }
        }
        return grantByScope
    }

    /// A mistake is met again from every scope that leads to it, and a circle from each in it.
    private mutating func note(_ error: AccessPolicyError) {
        let mistake: Mistake
        switch error {
        case .unknownScope(_, let implier):
            mistake = Mistake(reason: error, scope: implier)
        case .cyclicScopes(let path):
            let isKnown = mistakes.contains {
                guard case .cyclicScopes(let known) = $0.reason else { return false }
                return Set(known) == Set(path)
            }
            guard !isKnown else { return }
            mistake = Mistake(reason: error, scope: path[0])
        default:
            preconditionFailure("scopes have no other mistake: \(error)")
        }
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
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
