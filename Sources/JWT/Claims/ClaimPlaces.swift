internal import Bytes
internal import JSON

/// Where the members of a payload stand, so that looking for a claim does not read all of it again.
struct ClaimPlaces: Hashable, Sendable {
    private struct Place: Hashable, Sendable {
        let name: JSONString
        let value: Range<Int>
    }

    private var places: [Place] = []

    /// - Precondition: The payload is a JSON object that was read before, each name once.
    init(of payload: Span<UInt8>) {
        var reader = JSONReader(payload)
        places.reserveCapacity(16)
        do {
            try reader.beginObject()
            while let name = try reader.nextMember() {
                places.append(Place(name: name, value: try reader.skipValue()))
            }
        } catch {
            preconditionFailure("a payload that was verified is not a JSON object: \(error)")
        }
    }

    /// Where the claim stands in `payload`, which the places were found in; `nil` if it has none.
    func value(of name: String, in payload: Span<UInt8>) -> Range<Int>? {
        let reader = JSONReader(payload)
        for place in places where reader.equals(place.name, name) { return place.value }
        return nil
    }
}
