/// Why a file cannot be read whole, or replaced.
public enum FileError: Error, Hashable, Sendable {
    case system(LibuvError)
    /// A directory, a pipe, a device.
    case notAFile(path: String)
    case tooLong(path: String, byteCountMax: Int)
    /// A directory, a pipe, a device, which a new file would take the name of.
    case notReplaceable(path: String)
}

extension FileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .notAFile(let path): "cannot read \(path): it is not a regular file"
        case .tooLong(let path, let byteCountMax):
            "cannot read \(path): it has more than \(byteCountMax) bytes"
        case .notReplaceable(let path):
            "cannot replace \(path): it is not a regular file"
        }
    }
}
