internal import CLibuv

/// A libuv call that failed, with the operation that was attempted.
///
/// The same status means different things on different calls; the operation is what makes the
/// message useful, so it is a required part of the error.
public struct LibuvError: Error, Hashable, Sendable {
    /// What the caller was doing, as it reads in a sentence: "bind 127.0.0.1:8080".
    public let operation: String

    /// The negative status libuv returned (`UV_EADDRINUSE`, …).
    public let status: CInt

    init(_ operation: String, status: CInt) {
        precondition(status < 0, "\(operation) succeeded with status \(status)")
        self.operation = operation
        self.status = status
    }

    /// libuv's symbolic name for the status: "EADDRINUSE".
    public var name: String {
        guard let name = unsafe uv_err_name(status) else { return "unknown" }
        return unsafe String(cString: name)
    }
}

extension LibuvError: CustomStringConvertible {
    public var description: String {
        guard let reason = unsafe uv_strerror(status) else { return "cannot \(operation)" }
        return unsafe "cannot \(operation): \(String(cString: reason)) (\(name))"
    }
}

/// Turns a negative libuv status into an error that says what was being done.
@inline(always)
func check(_ status: CInt, _ operation: @autoclosure () -> String) throws(LibuvError) {
    if status < 0 { throw LibuvError(operation(), status: status) }
}
