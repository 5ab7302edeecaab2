internal import COpenSSL

/// What OpenSSL says of its last failure, on the calling thread.
enum ErrorQueue {
    /// Forgets what was left by others: an error is asked for by emptying the queue.
    static func clear() {
        ERR_clear_error()
    }

    /// The oldest error, as text; the queue is empty afterwards.
    static func takeReason() -> String {
        let error = ERR_get_error()
        defer { clear() }
        guard error != 0 else { return "the peer has gone" }
        guard let text = unsafe ERR_reason_error_string(error) else { return "error \(error)" }
        return unsafe String(cString: text)
    }
}
