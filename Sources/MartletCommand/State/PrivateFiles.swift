import Glibc

/// Creation of files that nobody else may read.
enum PrivateFiles {
    /// Has what `body` creates be readable by its owner only.
    ///
    /// The file mode creation mask belongs to the process: to be used at start-up, while one thread
    /// creates files.
    static func create<Result, Failure>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let mask = umask(0o077)
        defer { _ = umask(mask) }
        return try body()
    }
}
