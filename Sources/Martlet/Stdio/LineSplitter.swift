package import Bytes

/// Cuts input into lines, however it arrives (MCP, *Transports*, "stdio": "Messages are delimited
/// by newlines").
///
///     input = *( line LF ) [ line ]
///
/// Of a line that is too long nothing is kept, and what is left of it is skipped.
package struct LineSplitter {
    package enum Piece: Hashable {
        /// Without its line feed, and not blank.
        case line(ByteBuffer)
        /// Told as soon as it is known, once for each such line.
        case tooLong
    }

    private enum State {
        case line(ByteBuffer)
        case skipping
    }

    /// The number of the line that the last piece is, counted from 1, blank lines included.
    package private(set) var lineNumber = 0

    private let byteCountMax: Int
    private var state = State.line(ByteBuffer())
    private var feedCount = 0

    /// - Parameter byteCountMax: Bytes of a line, its line feed not counted.
    package init(byteCountMax: Int) {
        self.byteCountMax = byteCountMax
    }

    /// Consumes input from `position` until there is a piece.
    ///
    /// - Returns: `nil` when all input is consumed.
    package mutating func next(_ input: Span<UInt8>, at position: inout Int) -> Piece? {
        while position < input.count {
            let feed = input.firstIndex(of: ASCII.lineFeed, from: position)
            let part = input.extracting(position..<(feed ?? input.count))
            position = feed.map { $0 + 1 } ?? input.count
            lineNumber = feedCount + 1
            if feed != nil { feedCount += 1 }
            switch state {
            case .skipping:
                if feed != nil { state = .line(ByteBuffer()) }
            case .line(var line):
                guard line.count + part.count <= byteCountMax else {
                    state = feed == nil ? .skipping : .line(ByteBuffer())
                    return .tooLong
                }
                // Let go of first: there is one reference to the storage then, and no copy.
                state = .skipping
                line.append(part)
                state = .line(feed == nil ? line : ByteBuffer())
                if feed != nil, !Self.isBlank(line.span) { return .line(line) }
            }
        }
        return nil
    }

    /// What stands behind the last line feed, when no more input comes.
    package mutating func finish() -> Piece? {
        guard case .line(let line) = state, !Self.isBlank(line.span) else { return nil }
        state = .skipping
        lineNumber = feedCount + 1
        return .line(line)
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        for index in line.indices {
            switch line[index] {
            case ASCII.space, ASCII.horizontalTab, ASCII.carriageReturn: continue
            default: return false
            }
        }
        return true
    }
}
