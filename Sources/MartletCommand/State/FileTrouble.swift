import Foundation

/// What kept a file from being read or written, in a few words.
struct FileTrouble {
    let reason: String

    init(_ error: any Error) {
        guard case let error as CocoaError = error else {
            reason = "\(error)"
            return
        }
        reason =
            switch error.code {
            case .fileNoSuchFile, .fileReadNoSuchFile: "no such file or directory"
            case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
            case .fileWriteOutOfSpace: "no space left on the device"
            case .fileWriteVolumeReadOnly: "the file system is read-only"
            case .fileWriteFileExists: "a file of this name exists"
            case .fileReadTooLarge: "it is too large"
            default: error.localizedDescription
            }
    }
}
