/// A reference to what belongs to one loop, as other threads may hold it.
///
/// They cannot look at it; they can have something done with it on its loop.
@safe
public struct LoopBound<Value: AnyObject>: Sendable {
    public let loop: EventLoop

    // Safe: read only on the loop's thread, in `run(_:)`; elsewhere it is only retained and released,
    // which any thread may do.
    nonisolated(unsafe) private let value: Value

    /// - Precondition: `value` is used on the thread of `loop` only.
    public init(_ value: Value, on loop: EventLoop) {
        self.loop = loop
        unsafe self.value = value
    }

    /// Does something with the value on its loop: at once if called there, otherwise in a turn of
    /// its own, in the order of the calls.
    public func run(_ body: @escaping @Sendable (Value) -> Void) {
        if loop.isIsolatingCurrentContext() == true {
            unsafe body(value)
        } else {
            runLater(body)
        }
    }

    /// Does something with the value on its loop, in a turn of its own wherever it is called.
    ///
    /// For what must not happen within the work of somebody else on the same loop.
    public func runLater(_ body: @escaping @Sendable (Value) -> Void) {
        loop.submit { unsafe body(value) }
    }
}
