internal import CPostgres

/// Texts as C takes a list of them, some of which may be none.
///
/// A zero byte ends a text early.
@safe
struct TextList: ~Copyable {
    // Safe: owned from `init` to `deinit`; lent in `withPointers` only.
    private let texts: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>

    /// - Parameters:
    ///   - texts: What is copied.
    ///   - isTerminated: Whether a null pointer ends the list.
    init(_ texts: [String?], isTerminated: Bool = false) {
        let count = texts.count + (isTerminated ? 1 : 0)
        unsafe self.texts = .allocate(capacity: count)
        unsafe self.texts.initialize(repeating: nil)
        for (index, text) in texts.enumerated() {
            if let text { unsafe self.texts[index] = unsafe UnsafePointer(strdup(text)) }
        }
    }

    deinit {
        for index in unsafe texts.indices {
            unsafe free(UnsafeMutablePointer(mutating: texts[index]))
        }
        unsafe texts.deallocate()
    }

    /// Lends the list.
    func withPointers<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        unsafe body(UnsafePointer(texts.baseAddress))
    }
}
