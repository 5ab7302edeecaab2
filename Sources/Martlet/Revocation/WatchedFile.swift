internal import Libuv

/// A file that is read anew when it changes.
///
/// What it means is whatever the last version that made sense means: a file that has gone, cannot
/// be read or is malformed changes nothing but a report.
///
/// A change takes effect with the look that finds it, joined to what was before; alone it counts
/// once a later look finds the file unchanged and its time of writing past. So an editor that
/// empties the file and writes it again, or two changes within one tick of the file system's clock,
/// lose nothing on the way.
package struct WatchedFile<Value: Equatable & Sendable>: Sendable {
    /// How often a failure that lasts is reported.
    package static var reportIntervalSeconds: Int64 { 60 }

    /// No file system in use keeps coarser times.
    static var timeGranularitySeconds: Int64 { 2 }

    /// What the file means now.
    package private(set) var value: Value

    private let kind: AccessFileError.Kind
    private let path: String
    private let byteCountMax: Int
    private let compile: @Sendable (FileContent) throws(AccessFileError) -> Value
    private let join: @Sendable (_ old: Value, _ new: Value) -> Value

    /// The file as of the last attempt to read it; `nil` if there was none to be read.
    private var state: FileState?

    /// Whether ``value`` is the file's alone, and can no longer change unseen.
    private var isSettled = false

    private var failure: AccessFileError?
    private var nextReportSeconds: Int64 = 0

    /// Reads the file for the first time.
    ///
    /// - Parameters:
    ///   - kind: What the file is, for messages.
    ///   - path: Which file.
    ///   - byteCountMax: The most bytes it may have.
    ///   - join: What is in force while a change may not be complete.
    ///   - compile: What the content means.
    /// - Throws: ``AccessFileError``
    package init(
        _ kind: AccessFileError.Kind,
        path: String,
        byteCountMax: Int,
        join: @escaping @Sendable (_ old: Value, _ new: Value) -> Value,
        compile: @escaping @Sendable (FileContent) throws(AccessFileError) -> Value
    ) throws(AccessFileError) {
        self.kind = kind
        self.path = path
        self.byteCountMax = byteCountMax
        self.join = join
        self.compile = compile
        let content = try Self.read(kind, path, byteCountMax: byteCountMax)
        value = try compile(content)
        state = content.state
    }

    /// Looks whether the file has changed, and reads it if so.
    ///
    /// - Parameter nowSeconds: The time of day, as files have it.
    /// - Returns: Whether ``value`` has changed, and what to report.
    package mutating func look(nowSeconds: Int64) -> (isChanged: Bool, report: WatchedFileReport?) {
        let old = value
        do throws(AccessFileError) {
            let wasRead = try lookOrThrow(nowSeconds: nowSeconds)
            // Not touched since, it is as unusable as it was.
            if !wasRead, let failure { throw failure }
            let hadFailed = failure != nil
            failure = nil
            return (wasRead && value != old, hadFailed ? .recovered(kind) : nil)
        } catch {
            // It may be this process that lacks a descriptor: tried again, touched or not.
            if case .unreadable = error.reason { state = nil }
            let isDue = failure != error || nowSeconds >= nextReportSeconds
            failure = error
            guard isDue else { return (false, nil) }
            nextReportSeconds = nowSeconds + Self.reportIntervalSeconds
            return (false, .failing(error))
        }
    }

    /// - Returns: Whether the file was read.
    private mutating func lookOrThrow(nowSeconds: Int64) throws(AccessFileError) -> Bool {
        let found: FileState
        do throws(LibuvError) {
            found = try FileState(ofFileAt: path)
        } catch {
            throw AccessFileError(kind, path: path, .unreadable(.system(error)))
        }
        if found == state {
            guard !isSettled else { return false }
            isSettled = !isRecent(found, nowSeconds)
        } else {
            isSettled = false
        }
        state = found
        let content = try Self.read(kind, path, byteCountMax: byteCountMax)
        if content.state != found { isSettled = false }
        state = content.state
        let new = try compile(content)
        value = isSettled ? new : join(value, new)
        return true
    }

    /// Whether a write just now could leave the file's time as it is.
    private func isRecent(_ state: FileState, _ nowSeconds: Int64) -> Bool {
        let age = nowSeconds &- state.modifiedNanoseconds / 1_000_000_000
        return (-Self.timeGranularitySeconds...Self.timeGranularitySeconds).contains(age)
    }

    private static func read(
        _ kind: AccessFileError.Kind,
        _ path: String,
        byteCountMax: Int
    ) throws(AccessFileError) -> FileContent {
        do throws(FileError) {
            return try FileContent(ofFileAt: path, byteCountMax: byteCountMax)
        } catch {
            throw AccessFileError(kind, path: path, .unreadable(error))
        }
    }
}
