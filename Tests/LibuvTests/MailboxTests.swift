import Libuv
import TestSupport
import Testing

@Suite("Mailbox")
struct MailboxTests {
    @Test func `Everything that several senders leave is received once, each one's in order`()
        async throws
    {
        try await onThreads {
            let mailbox = Mailbox<Int>(countMax: 100_000)
            let senders = try (0..<4).map { sender in
                try NativeThread(name: "sender") {
                    for number in 0..<5_000 where !mailbox.send(sender * 10_000 + number) {
                        Issue.record("message \(number) was refused")
                    }
                }
            }
            var received: [Int] = []
            while received.count < 20_000 { received += mailbox.receiveAll() ?? [] }
            for sender in senders { sender.join() }
            for sender in 0..<4 {
                let own = received.filter { $0 / 10_000 == sender }
                #expect(own == (0..<5_000).map { sender * 10_000 + $0 })
            }
        }
    }

    @Test func `A full mailbox refuses, and accepts again when it has been emptied`() {
        let mailbox = Mailbox<Int>(countMax: 2)
        #expect([1, 2, 3].map { mailbox.send($0) } == [true, true, false])
        #expect(mailbox.count == 2)
        #expect(mailbox.receiveAll() == [1, 2])
        #expect(mailbox.count == 0)
        #expect(mailbox.send(4))
        #expect(mailbox.receiveAll() == [4])
    }

    @Test func `A closed mailbox refuses, and gives out what it holds before its end`() {
        let mailbox = Mailbox<Int>(countMax: 2)
        #expect(mailbox.send(1))
        mailbox.close()
        #expect(!mailbox.send(2))
        #expect(mailbox.receiveAll() == [1])
        #expect(mailbox.receiveAll() == nil)
        #expect(mailbox.receiveAll() == nil)
    }

    @Test func `Closing wakes a consumer that waits`() async throws {
        let mailbox = Mailbox<Int>(countMax: 1)
        let consumer = try Consumer(of: mailbox)
        try await consumer.waitUntilAsleep()
        mailbox.close()
        consumer.thread.join()
        #expect(consumer.batches.events == [])
    }

    @Test func `A sender without a loop wakes the consumer at once`() async throws {
        let mailbox = Mailbox<Int>(countMax: 1)
        let consumer = try Consumer(of: mailbox)
        for number in 1...100 {
            try await consumer.waitUntilAsleep()
            #expect(mailbox.send(number))
            await consumer.batches.wait(for: [number])
        }
        mailbox.close()
        consumer.thread.join()
    }

    @Test func `A loop wakes the consumer once for all that it sends in a turn`() async throws {
        try await withLoops(1) { loops in
            let mailbox = Mailbox<Int>(countMax: 10)
            let consumer = try Consumer(of: mailbox)
            for turn in 0..<20 {
                try await consumer.waitUntilAsleep()
                let numbers = [turn * 10, turn * 10 + 1, turn * 10 + 2]
                loops[0].submit {
                    for number in numbers { #expect(mailbox.send(number)) }
                }
                await consumer.batches.wait(for: numbers)
            }
            mailbox.close()
            consumer.thread.join()
            #expect(consumer.batches.events.count == 20)
        }
    }

    @Test func `Two loops that send at the same time are both heard`() async throws {
        try await withLoops(2) { loops in
            let mailbox = Mailbox<Int>(countMax: 100_000)
            for (index, loop) in loops.enumerated() {
                for number in 0..<1_000 {
                    loop.submit { #expect(mailbox.send(index * 1_000 + number)) }
                }
            }
            let received = Journal<Int>()
            let consumer = try NativeThread(name: "consumer") {
                var count = 0
                while count < 2_000, let batch = mailbox.receiveAll() {
                    count += batch.count
                    for number in batch { received.note(number) }
                }
            }
            consumer.join()
            #expect(received.events.sorted() == Array(0..<2_000))
        }
    }
}

/// A thread that takes what is there, batch by batch, until the mailbox closes.
private struct Consumer {
    let batches = Journal<[Int]>()
    let thread: NativeThread
    private let kernelThreads = Journal<KernelThread>()

    init(of mailbox: Mailbox<Int>) throws {
        thread = try NativeThread(name: "consumer") { [batches, kernelThreads] in
            do {
                kernelThreads.note(try .current())
            } catch {
                Issue.record(error)
            }
            while let batch = mailbox.receiveAll() { batches.note(batch) }
        }
    }

    func waitUntilAsleep() async throws {
        try await eventually { kernelThreads.events.first?.isAsleep == true }
    }
}
