import Foundation
import Glibc
import Libuv
import TestSupport
import Testing

@Suite("What a service manager gives and is told")
struct ServiceManagerTests {
    @Test func `It hears what is sent to the path or the abstract name that it gives`() throws {
        let number = UInt32.random(in: .min ... .max)
        let path = "\(NSTemporaryDirectory())/martlet-\(number)"
        for name in [path, "@martlet-\(number)"] {
            let manager = try NotificationReceiver(name)
            let socket = try #require(NotifySocket(name))
            try socket.send("READY=1\nSTATUS=serving")
            try socket.send("STOPPING=1")
            #expect(manager.receive() == "READY=1\nSTATUS=serving")
            #expect(manager.receive() == "STOPPING=1")
        }
        _ = unsafe unlink(path)
        let error = #expect(throws: LibuvError.self) {
            try NotifySocket(path)?.send("READY=1")
        }
        #expect(error?.name == "ENOENT")
    }

    @Test(arguments: ["", "/", "@", "relative", "vsock:2:1", String(repeating: "/", count: 108)])
    func `What is no such name is none`(text: String) {
        #expect(NotifySocket(text) == nil)
    }

    @Test func `Heartbeats stop while a loop does not turn`() async throws {
        try await withLoops(2) { loops in
            let group = try EventLoopGroup(count: 2)
            defer { group.stop() }
            let journal = Journal<String>()
            LoopHeartbeat(of: group, everyMilliseconds: 5) { journal.note("beat") }.start()
            await journal.wait(for: "beat", count: 3)

            let stuck = Gate()
            let ticks = Journal<String>()
            let semaphore = DispatchSemaphore(value: 0)
            group.loops[1].submit {
                stuck.open()
                semaphore.wait()
            }
            await stuck.pass()
            // One more may have been earned before.
            group.loops[0].submit { [loop = group.loops[0]] in
                _ = Ticker(on: loop, everyMilliseconds: 5) { ticks.note("tick") }
            }
            await ticks.wait(for: "tick", count: 3)
            let count = journal.count(of: "beat")
            await ticks.wait(for: "tick", count: 13)
            #expect(journal.count(of: "beat") == count)
            semaphore.signal()
            await journal.wait(for: "beat", count: count + 2)
            #expect(loops.count == 2)
        }
    }

    @Test(arguments: [
        SocketAddress.ipv4(host: "127.0.0.1", port: 0), .ipv6(host: "::1", port: 0),
    ])
    func `A passed socket is served where it is bound, by every loop`(
        address: SocketAddress
    ) async throws {
        let bound = try ListeningSocket.bind(to: address, count: 1)[0]
        #expect(listen(bound.descriptor, 16) == 0)
        let passed = try ListeningSocket(passed: bound.descriptor)
        #expect(passed.address == bound.address)
        #expect(passed.isShared)
        let spread = try ListeningSocket.spread([passed], overLoops: 3)
        #expect(spread.map(\.count) == [3])
        #expect(Set(spread.joined().map(\.descriptor)).count == 3)
        #expect(spread.joined().allSatisfy { $0.address == bound.address && $0.isShared })
        for socket in spread.joined() { socket.close() }
    }

    @Test func `Of several sockets at one address each is served by a loop`() throws {
        let sockets = try ListeningSocket.bind(to: .ipv4(host: "127.0.0.1", port: 0), count: 5)
        for (loopCount, batchCount) in [(5, 1), (2, 3), (8, 1), (1, 5)] {
            let copies = try sockets.map { socket in
                #expect(listen(socket.descriptor, 16) == 0)
                return try ListeningSocket(passed: dup(socket.descriptor))
            }
            let batches = try ListeningSocket.spread(copies, overLoops: loopCount)
            #expect(batches.count == batchCount)
            #expect(batches.allSatisfy { $0.count == loopCount })
            let served = Set(batches.joined().map(\.descriptor))
            #expect(served.isSuperset(of: copies.map(\.descriptor)))
            for socket in batches.joined() { socket.close() }
        }
        for socket in sockets { socket.close() }
    }

    @Test func `What is no socket that listens is refused with its number`() throws {
        let bound = try ListeningSocket.bind(to: .ipv4(host: "127.0.0.1", port: 0), count: 1)[0]
        defer { bound.close() }
        let datagram = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        defer { close(datagram) }
        for descriptor in [bound.descriptor, datagram, STDERR_FILENO, 9_999] {
            let error = #expect(throws: LibuvError.self) {
                try ListeningSocket(passed: descriptor)
            }
            #expect(error?.operation.contains("\(descriptor)") == true)
            #expect(error?.operation.contains("which was passed") == true)
        }
    }
}

/// A socket that a service manager reads.
private final class NotificationReceiver {
    private let descriptor: CInt

    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            for (index, byte) in bytes.enumerated() { unsafe path[index] = byte }
            if bytes.first == 0x40 { unsafe path[0] = 0 }
        }
        let isAbstract = bytes.first == 0x40
        let size = socklen_t(2 + bytes.count + (isAbstract ? 0 : 1))
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size)
            }
        }
        #expect(status == 0)
    }

    deinit {
        close(descriptor)
    }

    func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
