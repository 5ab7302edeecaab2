import AccessControl
import Martlet
import Testing

@Suite("What is forgotten where there is too much")
struct CrowdingTests {
    private let ada = Subject(issuer: "https://a", name: "ada")
    private let eve = Subject(issuer: "https://a", name: "eve")

    private func items(_ sizes: [(owner: Subject, size: Int)]) -> [Crowding.Item] {
        sizes.enumerated().map {
            Crowding.Item(number: $0.offset, owner: $0.element.owner, size: $0.element.size)
        }
    }

    @Test func `Whoever has most loses the oldest, and the others nothing`() {
        let kept = items([(ada, 1), (eve, 1), (ada, 1), (eve, 1), (eve, 1), (eve, 1)])
        #expect(Crowding.forgotten(kept, excess: 2) == [1, 3])
    }

    @Test func `Size counts, not number`() {
        let kept = items([(ada, 1), (ada, 1), (ada, 1), (eve, 10), (eve, 10)])
        #expect(Crowding.forgotten(kept, excess: 5) == [3])
        #expect(Crowding.forgotten(kept, excess: 11) == [3, 4])
    }

    @Test func `Among equals the oldest goes first, and no more than there is`() {
        let kept = items([(ada, 1), (eve, 1)])
        #expect(Crowding.forgotten(kept, excess: 1) == [0])
        #expect(Crowding.forgotten(kept, excess: 9) == [0, 1])
        #expect(Crowding.forgotten(kept, excess: 0).isEmpty)
        #expect(Crowding.forgotten([], excess: 9).isEmpty)
    }
}
