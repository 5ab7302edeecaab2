import Bytes
import HTTP1
import HTTPTransport
import Libuv
import Synchronization
import TestSupport

/// A stream that does what the segments of a path say, one after the other.
///
/// | segment | what happens |
/// |---|---|
/// | `begin` | the stream begins |
/// | `turn` | the rest follows in a later turn of the loop |
/// | `tick` | the rest follows after the next tick |
/// | `gate` | the rest follows once the script's gate is open |
/// | `respond` | an answer with content of the moment is given |
/// | `flood` | 1 KiB again and again, whether or not anybody reads it |
/// | `fill` | `fillByteCount` bytes, waiting whenever the stream is congested |
/// | `press` | for `pressTickCount` ticks as much as keeps `pressByteCount` bytes waiting |
/// | `quiet` | the stream says nothing when it has been silent |
/// | `forever` | the stream does not end when the server drains |
/// | `theirs` | the stream ends when its client has closed its half |
/// | `end` | the stream ends |
///
/// Any other segment is sent.
final class ScriptedStream {
    static let fillByteCount = 10_000_000
    static let pressTickCount = 300
    static let pressByteCount = 2_000_000
    private static let piece = [UInt8](repeating: 0x78, count: 50_000)

    private let connection: HTTPConnection
    private let exchange: HTTPConnection.ExchangeID
    private let loop: EventLoop
    private let script: Script
    private var steps: ArraySlice<Substring>
    private var isOver = false
    private var isQuiet = false
    private var isForever = false
    private(set) var endsWithClient = false

    /// Bytes still to be sent of those that wait for the client.
    private var remainingByteCount = 0

    init(_ path: String, on connection: HTTPConnection, _ loop: EventLoop, _ script: Script) {
        self.connection = connection
        exchange = connection.currentExchange
        self.loop = loop
        self.script = script
        steps = path.split(separator: "/").dropFirst()
    }

    /// Takes the next steps, up to the first that has to wait.
    func goOn() {
        while let step = steps.popFirst() {
            switch step {
            case "begin": begin()
            case "turn":
                loop.startTask(with: self) { await $0.goOnLater() }
                return
            case "tick":
                loop.startTask(with: self) { await $0.goOnAfterTick() }
                return
            case "gate":
                loop.startTask(with: self) { await $0.goOnWhenGateOpens() }
                return
            case "respond":
                let content = ByteBuffer("answer")
                connection.respond(ResponseHead(.ok), content: content.span, to: exchange)
                script.journal.note(.answered)
            case "flood":
                loop.startTask(with: self) { await $0.flood() }
                return
            case "press":
                loop.startTask(with: self) { await $0.press() }
                return
            case "fill":
                remainingByteCount = Self.fillByteCount
                return fill()
            case "quiet": isQuiet = true
            case "forever": isForever = true
            case "theirs": endsWithClient = true
            case "end": connection.endStream(of: exchange)
            default: say(String(step))
            }
        }
    }

    private func begin() {
        let head = ResponseHead(.ok, fields: [.contentType: "text/event-stream"])
        let isWanted = connection.beginStream(head, to: exchange)
        script.journal.note(isWanted ? .begun : .unwanted)
    }

    private func say(_ text: String) {
        connection.send(ByteBuffer(text).span, to: exchange)
    }

    private func goOnLater() async {
        for _ in 1...3 { await Task.yield() }
        goOn()
    }

    private func goOnAfterTick() async {
        let tick = script.tick
        while script.tick == tick { await Task.yield() }
        goOn()
    }

    private func goOnWhenGateOpens() async {
        // Not within the call that began the stream, even if the gate is open.
        await Task.yield()
        await script.gate.pass()
        goOn()
    }

    private func flood() async {
        while !isOver {
            connection.send(Self.piece.span.extracting(first: 1_024), to: exchange)
            await Task.yield()
        }
    }

    private func press() async {
        let end = script.tick + Self.pressTickCount
        while script.tick < end, !isOver {
            while connection.queuedByteCount < Self.pressByteCount {
                connection.send(Self.piece.span, to: exchange)
            }
            script.queuedByteCount.store(connection.queuedByteCount, ordering: .relaxed)
            await Task.yield()
        }
        script.queuedByteCount.store(.max, ordering: .relaxed)
        goOn()
    }

    private func fill() {
        while remainingByteCount > 0 {
            guard !connection.isStreamCongested else {
                script.journal.note(.congested)
                return
            }
            let piece = Self.piece.span.extracting(first: remainingByteCount)
            connection.send(piece, to: exchange)
            remainingByteCount -= piece.count
            script.queuedByteCountMax.max(connection.queuedByteCount, ordering: .relaxed)
        }
        goOn()
    }

    // What happens to it.

    func didDrain() {
        if remainingByteCount > 0 { fill() }
    }

    func staysSilent() {
        if !isQuiet { say(":\n") }
    }

    func serverDrains() {
        guard !isForever else { return }
        say("bye")
        connection.endStream(of: exchange)
    }

    func abandon() {
        isOver = true
    }
}
