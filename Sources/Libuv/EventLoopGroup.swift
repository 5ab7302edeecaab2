/// The loops of a process, each on a thread of its own as a rule.
public struct EventLoopGroup: Sendable {
    public let loops: [EventLoop]
    private let threads: [NativeThread]

    /// Starts `count` loops.
    ///
    /// - Throws: ``LibuvError`` when the process is out of memory, threads or descriptors.
    public init(count: Int) throws(LibuvError) {
        precondition(count > 0, "a group has at least one loop")
        var loops: [EventLoop] = []
        var threads: [NativeThread] = []
        do throws(LibuvError) {
            for index in 0..<count {
                let loop = try EventLoop()
                threads.append(try NativeThread(name: "loop-\(index)") { loop.run() })
                loops.append(loop)
            }
        } catch {
            for loop in loops { loop.stop() }
            for thread in threads { thread.join() }
            throw error
        }
        self.loops = loops
        self.threads = threads
    }

    /// Loops that whoever made them turns, so that stopping waits for nobody.
    package init(turned loops: [EventLoop]) {
        precondition(!loops.isEmpty, "a group has at least one loop")
        self.loops = loops
        threads = []
    }

    /// Stops every loop and waits for its thread.
    ///
    /// - Precondition: Not called on a loop of the group.
    public func stop() {
        for loop in loops { loop.stop() }
        for thread in threads { thread.join() }
    }
}
