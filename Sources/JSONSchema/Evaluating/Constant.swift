import Bytes
import JSON

/// A value that others are compared with, by value and not by spelling.
indirect enum Constant: Sendable {
    case null
    case bool(Bool)
    case number(ExactNumber)
    case string(ByteBuffer)
    case array([Constant])
    /// Members by ascending name, so that their order in the text does not count.
    case object([(name: ByteBuffer, value: Constant)])

    /// Copies one value of an indexed text.
    init(at index: Int, of values: borrowing ValueIndex, in reader: borrowing JSONReader) {
        switch values.nodes[index] {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let extent):
            let whole = 0..<extent.range.count
            self = .number(ExactNumber(whole, in: reader.bytes(in: extent.range)))
        case .string(let extent), .name(_, let extent):
            self = .string(Self.text(of: extent, in: reader))
        case .array(let elementCount, _):
            var elements: [Constant] = []
            elements.reserveCapacity(Int(elementCount))
            var element = index + 1
            for _ in 0..<elementCount {
                elements.append(Constant(at: element, of: values, in: reader))
                element = values.index(after: element)
            }
            self = .array(elements)
        case .object(let memberCount, _):
            var members: [(name: ByteBuffer, value: Constant)] = []
            var name = index + 1
            for _ in 0..<memberCount {
                if case .name(_, let extent) = values.nodes[name] {
                    let value = Constant(at: name + 1, of: values, in: reader)
                    members.append((Self.text(of: extent, in: reader), value))
                }
                name = values.index(after: name + 1)
            }
            members.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
            self = .object(members)
        }
    }

    private static func text(
        of extent: ValueIndex.Extent,
        in reader: borrowing JSONReader
    ) -> ByteBuffer {
        var text = ByteBuffer()
        reader.decode(extent.string, into: &text)
        return text
    }
}
