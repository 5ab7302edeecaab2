import Bytes
import MCP
import Martlet
import Testing

@Suite("What another process sends of a stream")
struct RemoteStreamTests {
    /// A stream, and what was heard of it.
    private final class Hearing {
        var heard: [StreamPart.Content] = []
        let stream: RemoteStream

        init() {
            var hear: (StreamPart.Content) -> Void = { _ in }
            stream = RemoteStream { hear($0) }
            hear = { [unowned self] in heard.append($0) }
        }

        func receive(_ parts: [StreamPart.Content], at indices: [Int]) {
            for index in indices { stream.receive(StreamPart(index: index, content: parts[index])) }
        }
    }

    private let parts: [StreamPart.Content] =
        [.found] + (1...4).map { .message(sequence: $0, ByteBuffer("\($0)")) } + [.end]

    @Test(arguments: [
        [0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2], [1, 1, 0, 0, 2, 1, 3, 5, 4],
    ])
    func `It is told once and in its order, whichever way it arrives`(indices: [Int]) {
        let hearing = Hearing()
        hearing.receive(parts, at: indices)
        #expect(hearing.heard == parts)
        #expect(hearing.stream.isOver)
        // Nothing comes after the end.
        hearing.receive(parts, at: indices)
        for _ in 0...RemoteStream.silentSecondsMax { hearing.stream.tick() }
        #expect(hearing.heard == parts)
    }

    @Test func `Nothing is told before its turn, and too much is not kept for it`() {
        let hearing = Hearing()
        hearing.stream.receive(StreamPart(index: RemoteStream.earlyCountMax, content: .end))
        for index in 1..<RemoteStream.earlyCountMax {
            hearing.stream.receive(StreamPart(index: index, content: .change(.toolList)))
        }
        #expect(hearing.heard.isEmpty)
        hearing.stream.receive(StreamPart(index: 0, content: .found))
        #expect(hearing.heard.count == RemoteStream.earlyCountMax)
        #expect(!hearing.stream.isOver)
    }

    @Test func `A process that does not answer has no such stream`() {
        let hearing = Hearing()
        for _ in 0..<RemoteStream.answerSecondsMax { hearing.stream.tick() }
        #expect(hearing.heard.isEmpty)
        hearing.stream.tick()
        #expect(hearing.heard == [.missing])
        hearing.receive(parts, at: [0, 1])
        #expect(hearing.heard == [.missing])
    }

    @Test func `A stream that falls silent ends, for its client to ask again`() {
        let hearing = Hearing()
        hearing.receive(parts, at: [0])
        for _ in 0..<RemoteStream.silentSecondsMax { hearing.stream.tick() }
        hearing.receive(parts, at: [1])
        for _ in 0..<RemoteStream.silentSecondsMax { hearing.stream.tick() }
        #expect(hearing.heard == Array(parts[...1]))
        hearing.stream.tick()
        #expect(hearing.heard == parts[...1] + [.end])
    }

    @Test func `A client that has left is told nothing`() {
        let hearing = Hearing()
        hearing.stream.close()
        hearing.receive(parts, at: [0, 1])
        for _ in 0...RemoteStream.silentSecondsMax { hearing.stream.tick() }
        #expect(hearing.heard.isEmpty)
    }
}
