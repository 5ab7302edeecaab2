import Bytes
import JSON

/// The names that a schema mentions, numbered, so that members are found by comparing integers.
///
/// Searched by halves and not by hash: nothing that a client sends can make that slow.
struct NameTable: Sendable {
    /// What a name is known by; ``unknown`` for all that the schema does not mention.
    typealias ID = UInt32

    static let unknown = ID.max

    private var ids: [ByteBuffer: ID] = [:]
    private(set) var names: [ByteBuffer] = []

    /// The numbers of the names in ascending order, shorter names first.
    private var ascending: [ID] = []

    mutating func insert(_ name: String) -> ID {
        let bytes = ByteBuffer(name)
        if let id = ids[bytes] { return id }
        let id = ID(names.count)
        ids[bytes] = id
        names.append(bytes)
        return id
    }

    /// Makes the names findable; called once, after the last has been inserted.
    mutating func sort() {
        let names = names
        ascending = (0..<ID(names.count)).sorted {
            let first = names[Int($0)]
            let second = names[Int($1)]
            return Self.precedes(first.span, second.span)
        }
        ids = [:]
    }

    func text(of id: ID) -> String {
        String(decoding: names[Int(id)].bytes, as: UTF8.self)
    }

    func id(of name: JSONString, in reader: borrowing JSONReader) -> ID {
        guard name.hasEscapes else { return id(of: reader.bytes(in: name.range)) }
        var decoded = ByteBuffer()
        reader.decode(name, into: &decoded)
        return id(of: decoded.span)
    }

    private func id(of name: borrowing Span<UInt8>) -> ID {
        var low = 0
        var high = ascending.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = names[Int(ascending[middle])]
            if Self.precedes(candidate.span, name) { low = middle + 1 } else { high = middle }
        }
        guard low < ascending.count else { return Self.unknown }
        let found = names[Int(ascending[low])]
        return found.span.equals(name) ? ascending[low] : Self.unknown
    }

    private static func precedes(
        _ first: borrowing Span<UInt8>,
        _ second: borrowing Span<UInt8>
    ) -> Bool {
        guard first.count == second.count else { return first.count < second.count }
        for index in first.indices where first[index] != second[index] {
            return first[index] < second[index]
        }
        return false
    }
}
