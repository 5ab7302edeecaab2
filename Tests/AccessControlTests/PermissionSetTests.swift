import AccessControl
import Testing

@Suite("Permission sets")
struct PermissionSetTests {
    @Test func `Every bit is its own`() {
        for index in 0..<PermissionSet.countMax {
            var set = PermissionSet()
            set.insert(index)
            #expect(set.count == 1)
            #expect((0..<PermissionSet.countMax).filter(set.contains) == [index])
        }
    }

    @Test func `Set algebra agrees with the standard library's over every word`() {
        let left: Set = [0, 1, 63, 64, 127, 128, 255]
        let right: Set = [1, 2, 64, 65, 191, 192, 255]
        #expect(indices(of: set(left).union(set(right))) == left.union(right))
        #expect(indices(of: set(left).intersection(set(right))) == left.intersection(right))
        #expect(indices(of: set(left).subtracting(set(right))) == left.subtracting(right))
        #expect(!set(left).isSubset(of: set(right)))
        #expect(set([1, 255]).isSubset(of: set(right)))
        #expect(set([]).isSubset(of: set([])))
        #expect(set([]).isEmpty && !set([200]).isEmpty)
    }

    @Test(arguments: [-1, 256, Int.max, Int.min])
    func `An index outside is in no set`(index: Int) {
        let all = set(Set(0..<256))
        #expect(!all.contains(index))
    }

    private func set(_ indices: Set<Int>) -> PermissionSet {
        var set = PermissionSet()
        for index in indices { set.insert(index) }
        return set
    }

    private func indices(of set: PermissionSet) -> Set<Int> {
        Set((0..<PermissionSet.countMax).filter(set.contains))
    }
}
