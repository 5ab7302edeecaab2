import AccessControl
import ArgumentParser
import Foundation
import JSON
import JWT
import Libuv
import Martlet

/// Says what the server would answer to a token, and each rule that leads to it.
package struct PolicyExplainCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Print a decision and each rule that leads to it.",
        discussion: """
            The token is verified as the server would, without asking anybody for keys, and is \
            never sent anywhere. Ends with 1 if the request would be refused, else with 0.
            """
    )

    /// A token is shorter, and a file that is longer holds something else.
    private static let tokenFileByteCountMax = 65_536

    @Option(help: ArgumentHelp("File with the token, or - for standard input.", valueName: "file"))
    var tokenFile: String

    @Option(help: "The tool that is called.")
    var tool: String?

    @Option(help: "The method that is requested, such as tools/list.")
    var method: String?

    @Option(help: ArgumentHelp("The arguments of the call.", valueName: "json"))
    var arguments: String?

    @OptionGroup(title: "Policy")
    var policy: PolicyFlags

    @OptionGroup(title: "Settings")
    var place: PlaceFlags

    package init() {}

    package func validate() throws {
        if (tool == nil) == (method == nil) {
            throw ValidationError("give either --tool or --method")
        }
        if let arguments {
            guard tool != nil else { throw ValidationError("--arguments are those of a --tool") }
            guard Self.object(arguments) != nil else {
                throw ValidationError("--arguments must be a JSON object such as '{\"id\":1}'")
            }
        }
    }

    package func run() throws {
        do {
            try explain()
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private func explain() throws {
        var settings = place.reader(and: policy.given)
        let trial = try TodoTrial.make(&settings, isTokenNeeded: true)
        let operation = tool.map { ProtectedOperation.tool($0) } ?? .method(method ?? "")
        guard trial.policy.requirement(of: operation) != nil else {
            throw PolicyCommandError.unknownOperation(
                operation,
                known: trial.policy.operations(of: operation.kind)
            )
        }
        let token = try readToken()
        let verdict = trial.verdict(
            on: token.utf8.span,
            nowSeconds: WallClock.secondsSinceEpoch()
        )
        let explanation = ExplanationText(
            verdict,
            of: trial,
            operation,
            arguments: arguments.flatMap(Self.object)
        )
        try OutputDescriptor.standardOutput.write(explanation.text.utf8.span)
        if explanation.isRefusal { throw ExitCode.failure }
    }

    /// The token, without the white space around it.
    private func readToken() throws(PolicyFileUnreadable) -> String {
        let path = tokenFile == "-" ? "/dev/stdin" : tokenFile
        let byteCountMax = Self.tokenFileByteCountMax
        let bytes = try PolicyFileUnreadable.read(path, byteCountMax: byteCountMax)
        guard bytes.count <= byteCountMax, let text = String(validating: bytes, as: UTF8.self)
        else { throw PolicyFileUnreadable(path: tokenFile, reason: "it does not hold a token") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func object(_ text: String) -> RawJSON? {
        do throws(JSONError) {
            let json = try RawJSON(parsing: text)
            var reader = JSONReader(json.span)
            return try reader.peek() == .object ? json : nil
        } catch {
            return nil
        }
    }
}

/// What the policy commands cannot do.
enum PolicyCommandError: Error, Hashable {
    case unknownOperation(ProtectedOperation, known: [String])
}

extension PolicyCommandError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownOperation(let operation, let known):
            """
            the server has no \(operation.kind.rawValue) \(operation.name.quoted); it has \
            \(known.joined(separator: ", "))
            """
        }
    }
}
