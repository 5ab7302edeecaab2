internal import Glibc

/// A small file, read whole.
public struct FileContent: Sendable {
    /// The file as it was before its first byte was read: a later change shows.
    public let state: FileState
    public let bytes: [UInt8]

    /// Reads what `path` leads to, links followed; waits for the disk, so not on a loop.
    ///
    /// - Parameters:
    ///   - path: Which file.
    ///   - byteCountMax: The most bytes that are read.
    /// - Throws: ``FileError``
    public init(ofFileAt path: String, byteCountMax: Int) throws(FileError) {
        let descriptor: CInt
        do throws(LibuvError) {
            // Without waiting: nobody may ever write to what turns out to be a pipe.
            descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            try checkSystemCall(descriptor, "open \(path)")
        } catch {
            throw .system(error)
        }
        defer { _ = Glibc.close(descriptor) }
        do throws(LibuvError) {
            state = try FileState(of: descriptor, at: path)
        } catch {
            throw .system(error)
        }
        guard state.isRegular else { throw .notAFile(path: path) }
        guard state.byteCount <= Int64(byteCountMax) else {
            throw .tooLong(path: path, byteCountMax: byteCountMax)
        }
        do throws(LibuvError) {
            bytes = try Self.read(descriptor, path, byteCountMax: byteCountMax)
        } catch {
            throw .system(error)
        }
        guard bytes.count <= byteCountMax else {
            throw .tooLong(path: path, byteCountMax: byteCountMax)
        }
    }

    /// All there is, or one byte more than may be: a file may grow while it is read.
    private static func read(
        _ descriptor: CInt,
        _ path: String,
        byteCountMax: Int
    ) throws(LibuvError) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= byteCountMax {
            let wanted = min(block.count, byteCountMax + 1 - bytes.count)
            let count = unsafe block.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, wanted)
            }
            if count < 0, errno == EINTR { continue }
            try checkSystemCall(CInt(clamping: count), "read \(path)")
            guard count > 0 else { break }
            bytes += block[..<count]
        }
        return bytes
    }
}
