import Glibc
import Libuv
import TestSupport
import Testing

@Suite("Descriptor watcher")
struct DescriptorWatcherTests {
    @Test func `A descriptor is told of when it is ready for what is waited for`() async throws {
        try await withPair { loop, near, far in
            let journal = Journal<String>()
            loop.submit {
                watch(near, on: loop, journal, for: .writable, then: .readable)
            }
            await journal.wait(for: "writable")
            #expect(journal.events == ["watching", "writable"])
            #expect(send(to: far, "x"))
            await journal.wait(for: "readable")
            #expect(journal.events == ["watching", "writable", "readable"])
        }
    }

    @Test func `An end of the other side is told of as something to read`() async throws {
        try await withPair { loop, near, far in
            let journal = Journal<String>()
            loop.submit { watch(near, on: loop, journal, for: .readable, then: []) }
            await journal.wait(for: "watching")
            #expect(shutdown(far, CInt(SHUT_WR)) == 0)
            await journal.wait(for: "readable")
            #expect(journal.events == ["watching", "readable"])
        }
    }

    @Test func `A descriptor that is none is an error`() async throws {
        try await withLoops(1) { loops in
            let journal = Journal<String>()
            loops[0].submit { [loop = loops[0]] in
                do throws(LibuvError) {
                    _ = try DescriptorWatcher(-1, on: loop) { _ in }
                    journal.note("watching")
                } catch {
                    journal.note(error.name)
                }
            }
            try await eventually { !journal.events.isEmpty }
            #expect(journal.events == ["EBADF"])
        }
    }
}

/// Watches until it has told of both, or of the first if there is no second, then closes.
private func watch(
    _ descriptor: CInt,
    on loop: EventLoop,
    _ journal: Journal<String>,
    for first: DescriptorWatcher.Readiness,
    then second: DescriptorWatcher.Readiness
) {
    let box = WatcherBox()
    do throws(LibuvError) {
        box.watcher = try DescriptorWatcher(descriptor, on: loop) { readiness in
            journal.note(readiness == .writable ? "writable" : "readable")
            let isLast = second.isEmpty || readiness == second
            do throws(LibuvError) {
                if !isLast { try box.watcher?.watch(for: second) }
            } catch {
                journal.note("\(error)")
            }
            if isLast {
                box.watcher?.close()
                box.watcher = nil
            }
        }
        try box.watcher?.watch(for: first)
        journal.note("watching")
    } catch {
        journal.note("\(error)")
    }
}

private final class WatcherBox {
    var watcher: DescriptorWatcher?
}

private func send(to descriptor: CInt, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, 0) == $0.count
    }
}

/// Runs `body` with two connected sockets and a loop.
private func withPair(
    _ body: (_ loop: EventLoop, _ near: CInt, _ far: CInt) async throws -> Void
) async throws {
    var pair: [CInt] = [-1, -1]
    try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
    let (near, far) = (pair[0], pair[1])
    try await withLoops(1) { loops in try await body(loops[0], near, far) }
    for descriptor in [near, far] { close(descriptor) }
}
