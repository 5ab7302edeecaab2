import Foundation

/// What the program was started with.
enum Environment {
    static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }
}

/// The program was started in another way than this.
struct Usage: Error, CustomStringConvertible {
    let description = "usage: GREETER_SECRET=… Greeter ADDRESS:PORT"
}
