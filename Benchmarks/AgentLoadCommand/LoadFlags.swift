import AgentLoad
import ArgumentParser
import Bytes
import Foundation
import JSON
import JWT
import Libuv

/// Who loads which server with what.
struct LoadFlags: ParsableArguments {
    @Argument(help: "The server, such as http://127.0.0.1:3000/mcp.")
    var url: String

    @Option(help: "How many agents there are.")
    var agents = 100

    @Option(help: "What they call, by weight (see above).")
    var mix = "list_todos"

    @Option(help: "Their roles, by weight: admin, user, readonly.")
    var roles = "admin"

    @Option(help: "The protocols they speak, by weight: modern, legacy.")
    var eras = "modern"

    @Option(help: "To-dos that list_todos asks for.")
    var listLimit = 10

    @Option(help: "Requests after which an agent makes a new connection; 0 is never.")
    var requestsPerConnection = 0

    @Option(help: "Loopback addresses that connections come from; 0 leaves it to the system.")
    var sourceAddresses = 0

    @Option(help: "Threads of this program, each with a loop and its share of the agents.")
    var threads = 1

    @Option(help: "After so long a call has failed.")
    var timeout = TimeSpan(nanoseconds: 30_000_000_000)

    @Option(
        help: ArgumentHelp(
            "What is worth another attempt and is no failure: 503, 429, connect, lost.",
            valueName: "kinds"
        )
    )
    var retry = ""

    @Option(help: "How long a call is attempted again before it counts as refused.")
    var patience = TimeSpan(nanoseconds: 30_000_000_000)

    @Option(help: "Of random choices: the same seed makes the same ones.")
    var seed: UInt64 = 1

    @OptionGroup(title: "Tokens")
    var tokens: TokenFlags

    @Option(
        help: ArgumentHelp("A process of the server, whose use is measured.", valueName: "pid")
    )
    var serverPid: [Int32] = []

    @Option(help: "What the run is called in reports.")
    var label = ""

    static let mixDiscussion = """
        The mix names tools/list, ping (legacy agents), list_todos, add_todo, complete_todo, \
        update_todo_text and delete_todo; an agent changes to-dos that it has added, and adds one \
        when it has none. forbidden calls a tool that the role may not call, and wants 403; \
        forged has a token with a wrong signature, and wants 401. An agent makes the calls of \
        the mix that its role and era allow.
        """

    func plan() throws -> LoadPlan {
        let target = try ServerTarget(url)
        guard (1...1_000_000).contains(agents) else {
            throw ValidationError("--agents is 1 to 1000000")
        }
        guard (1...256).contains(threads), threads <= agents else {
            throw ValidationError("--threads is 1 to 256, and no more than there are agents")
        }
        guard (0...10_000).contains(sourceAddresses),
            (0...1_000_000_000).contains(requestsPerConnection)
        else {
            throw ValidationError("--source-addresses or --requests-per-connection is too large")
        }
        guard (1...1_000).contains(listLimit) else {
            throw ValidationError("--list-limit is 1 to 1000")
        }
        var plan = LoadPlan(
            address: target.address,
            host: target.host,
            path: target.path,
            agentCount: agents,
            operations: try parsed(mix, "--mix"),
            roles: try parsed(roles, "--roles"),
            eras: try parsed(eras, "--eras"),
            mint: try tokens.mint()
        )
        plan.threadCount = threads
        plan.renewal = tokens.renewTokens
        plan.listLimit = listLimit
        plan.requestsPerConnection = requestsPerConnection
        plan.timeoutNanoseconds = timeout.nanoseconds
        plan.patienceNanoseconds = patience.nanoseconds
        plan.retriable = try retriable()
        plan.sourceAddressCount = sourceAddresses
        plan.seed = seed
        if let (role, era) = plan.idleProfile {
            throw ValidationError(
                "nothing in --mix is there for an agent with role \(role.rawValue) of the \(era.rawValue) era"
            )
        }
        for process in serverPid where !ProcessSample.exists(process) {
            throw ValidationError("there is no process \(process)")
        }
        return plan
    }

    private func parsed<Choice>(_ text: String, _ name: String) throws -> Mix<Choice> {
        do throws(MixMistake) {
            return try Mix(text)
        } catch {
            throw ValidationError("\(name): \(error)")
        }
    }

    private func retriable() throws -> Set<FailureKind.Retriable> {
        var kinds: Set<FailureKind.Retriable> = []
        for name in retry.split(separator: ",") {
            guard let kind = FailureKind.Retriable(rawValue: String(name)) else {
                throw ValidationError("--retry: there is no kind \"\(name)\"")
            }
            kinds.insert(kind)
        }
        return kinds
    }
}

/// Where a URL leads to.
private struct ServerTarget {
    let address: SocketAddress
    let host: String
    let path: String

    init(_ url: String) throws {
        let scheme = "http://"
        guard url.hasPrefix(scheme) else {
            throw ValidationError("\"\(url)\" is no http URL; TLS is for the balancer in front")
        }
        let rest = url.dropFirst(scheme.count)
        let authority = String(rest.prefix { $0 != "/" })
        let path = String(rest.dropFirst(authority.count))
        let isWithPort = authority.last != "]" && authority.contains(":")
        guard let address = SocketAddress(isWithPort ? authority : "\(authority):80") else {
            throw ValidationError(
                "\"\(authority)\" is no IP address and port; names are not resolved"
            )
        }
        self.address = address
        host = authority
        self.path = path.isEmpty ? "/" : path
    }
}

/// Where tokens come from.
struct TokenFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File with the secret that tokens are signed with, HS256 (default: JWT_SECRET).",
            valueName: "file"
        )
    )
    var secretFile: String?

    @Option(
        help: ArgumentHelp(
            "File with a private key to sign with: a JWK, a JWK Set or PEM.",
            valueName: "file"
        )
    )
    var keyFile: String?

    @Option(
        help: ArgumentHelp("File with a token a line, which agents share.", valueName: "file")
    )
    var tokenFile: String?

    @Option(help: "What iss says (default: JWT_ISSUER).")
    var issuer: String?

    @Option(help: "What aud says (default: the first of JWT_AUDIENCE).")
    var audience: String?

    @Option(help: "How long a token is good.")
    var tokenLifetime = TimeSpan(nanoseconds: 3_600_000_000_000)

    @Option(
        help: """
            When an agent gets a new token: early (before the old one expires), late (after a 401, \
            and then calls again) or always (for every request).
            """
    )
    var renewTokens = TokenRenewal.early

    @Option(help: "Workspaces that agents are spread over, named in their tokens; 0 names none.")
    var workspaces = 0

    func mint() throws -> TokenMint {
        let environment = ProcessInfo.processInfo.environment
        if let tokenFile {
            let tokens = try text(of: tokenFile).split(whereSeparator: \.isNewline)
            guard !tokens.isEmpty else { throw ValidationError("\(tokenFile) holds no token") }
            return .given(tokens.map { ByteBuffer(String($0)) })
        }
        guard let issuer = issuer ?? environment["JWT_ISSUER"] else {
            throw ValidationError("--issuer or JWT_ISSUER says who signs the tokens")
        }
        let audiences = environment["JWT_AUDIENCE"]?.split(separator: ",").map(String.init)
        guard let audience = audience ?? audiences?.first else {
            throw ValidationError("--audience or JWT_AUDIENCE says whom the tokens are for")
        }
        let lifetime = Int64(tokenLifetime.seconds)
        guard lifetime >= 1 else { throw ValidationError("--token-lifetime is a second or more") }
        guard (0...1_000_000).contains(workspaces) else {
            throw ValidationError("--workspaces is 0 to 1000000")
        }
        return .signing(
            TokenMint.Signing(
                signer: try signer(secret: environment["JWT_SECRET"]),
                issuer: issuer,
                audience: audience,
                lifetimeSeconds: lifetime,
                workspaceCount: workspaces
            )
        )
    }

    private func signer(secret: String?) throws -> TokenSigner {
        if let keyFile {
            let text = try text(of: keyFile)
            do throws(KeyError) {
                guard text.drop(while: \.isWhitespace).first == "{" else {
                    return TokenSigner(key: try SigningKey(pem: text))
                }
                // A set, as `martlet keys generate` makes it, signs with its first key.
                return TokenSigner(key: try SigningKey(jwk: firstKey(in: text).utf8.span))
            } catch {
                throw ValidationError("\(keyFile): \(error)")
            }
        }
        guard let secret = try secretFile.map(trimmedText) ?? secret else {
            throw ValidationError(
                "tokens need --secret-file, --key-file, --token-file or JWT_SECRET"
            )
        }
        do throws(KeyError) {
            return TokenSigner(key: try HMACKey(.hs256, secret: secret.utf8.span))
        } catch {
            throw ValidationError("the secret: \(error)")
        }
    }

    /// The first member of `keys`, or the text itself if there is no such member.
    private func firstKey(in text: String) -> String {
        var reader = JSONReader(text.utf8.span)
        do throws(JSONError) {
            try reader.beginObject()
            while let name = try reader.nextMember() {
                guard reader.equals(name, "keys") else { continue }
                try reader.beginArray()
                guard try reader.nextElement() else { return text }
                let range = try reader.skipValue()
                return String(decoding: Array(text.utf8)[range], as: UTF8.self)
            }
        } catch {
            // What is no JSON is no key either, which the key's own reader says better.
        }
        return text
    }

    private func trimmedText(of path: String) throws -> String {
        try text(of: path).trimmingCharacters(in: .newlines)
    }

    private func text(of path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("cannot read \(path)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension TimeSpan: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }

    public var defaultValueDescription: String {
        nanoseconds >= 1_000_000_000
            ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1_000_000)ms"
    }
}

extension TokenRenewal: ExpressibleByArgument {}
extension ArrivalSchedule.Spacing: ExpressibleByArgument {}
