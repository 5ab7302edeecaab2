import Foundation
import Glibc

/// `openssl s_server` on loopback, with a certificate of its own making.
///
/// Through `popen`: Foundation's `Process` leaves something behind in the thread that starts one.
@safe
final class OpenSSLServer {
    struct NoServer: Error, CustomStringConvertible {
        let description: String
    }

    private static let command = "/usr/bin/openssl"

    static let isAvailable = FileManager.default.isExecutableFile(atPath: command)

    private let folder: URL
    private let output: UnsafeMutablePointer<FILE>
    private let processID: pid_t

    /// With a slash at the end.
    let url: String

    var certificatePath: String { folder.appendingPathComponent("certificate.pem").path }

    /// - Parameters:
    ///   - name: The certificate's subject alternative name (RFC 5280 §4.2.1.6).
    ///   - arguments: `-www` answers with a page about the connection, `-HTTP` with files.
    /// - Throws: ``NoServer`` with what the command said.
    init(name: String, arguments: String = "-www") throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The shell becomes the server, so the number that it says is the server's.
        let script = """
            cd '\(folder.path)' && exec 2>&1 </dev/null && echo "process $$" &&
            \(Self.command) req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 \
            -subj /CN=test -addext subjectAltName=\(name) -keyout key.pem -out certificate.pem &&
            exec \(Self.command) s_server -accept 127.0.0.1:0 -cert certificate.pem -key key.pem \
            \(arguments)
            """
        guard let output = unsafe popen(script, "re") else {
            throw NoServer(description: "no shell")
        }
        unsafe self.output = unsafe output
        var text = ""
        var line = [CChar](repeating: 0, count: 1_024)
        while !text.contains("ACCEPT 127.0.0.1:") {
            guard unsafe fgets(&line, CInt(line.count), output) != nil else {
                unsafe pclose(output)
                throw NoServer(description: text)
            }
            text += String(
                decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
        }
        processID = pid_t(Self.number(after: "process ", in: text)) ?? 0
        url = "https://127.0.0.1:\(Self.number(after: "ACCEPT 127.0.0.1:", in: text))/"
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    func stop() {
        // The signal that asks politely is blocked in threads of tests, and so in their children.
        if processID > 0 { kill(processID, SIGKILL) }
        unsafe pclose(output)
        // A folder that remains in the place for temporary ones fails no test.
        _ = Result { try FileManager.default.removeItem(at: folder) }
    }

    private static func number(after mark: String, in text: String) -> String {
        let rest = text.split(separator: mark, omittingEmptySubsequences: false).last ?? ""
        return String(rest.prefix { $0.isNumber })
    }
}
