import Foundation

/// What the program was started with, and what it says.
enum Terminal {
    static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }

    /// Writes a line at once: `print` would keep it while standard output is a pipe.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}

/// The program was started in another way than this.
struct Usage: Error, CustomStringConvertible {
    let description = "usage: GREETER_SECRET=… Greeter ADDRESS:PORT"
}
