import AccessControl
import ArgumentParser
import Libuv
import Martlet

/// Makes an API key.
package struct APIKeyCreateCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key and print it, once.",
        discussion: """
            The key is the only thing on standard output. The file keeps a hash of it: a key that \
            is lost cannot be shown again.
            """
    )

    @Option(help: "Whom the key is for, such as backup-job: its subject.")
    var name: String

    @Option(help: "What its bearer may do (repeatable).")
    var role: [String]

    @Option(help: "The workspace its bearer works in (default: the one that all share).")
    var workspace: String?

    @Option(help: "Takes away what it does not list, such as \"read:todos list:tools call:tools\".")
    var permissions: String?

    @Option(help: "How long it is good, such as 12h or 90d (default: until it is revoked).")
    var expires: String?

    @OptionGroup(title: "Settings")
    var flags: APIKeysFlags

    package init() {}

    package func validate() throws {
        guard APIKeyHolder.isName(name) else {
            throw ValidationError(
                """
                --name must be 1 to \(APIKeyHolder.nameByteCountMax) letters, digits, full stops, \
                hyphens, underscores and @, the first a letter or digit
                """
            )
        }
        guard APIKeyHolder.areRoles(role) else {
            throw ValidationError(
                """
                --role must be given 1 to \(APIKeyHolder.roleCountMax) times, each time with 1 to \
                \(APIKeyHolder.rightByteCountMax) bytes without control characters
                """
            )
        }
        if let permissionNames, !APIKeyHolder.arePermissions(permissionNames) {
            throw ValidationError(
                """
                --permissions must be up to \(APIKeyHolder.permissionCountMax) names with spaces \
                between, such as read:todos
                """
            )
        }
        if let workspace, Workspace(workspace) == nil {
            throw ValidationError(
                """
                --workspace must be 1 to \(Workspace.nameByteCountMax) visible ASCII characters, \
                the first of which is no tilde
                """
            )
        }
        if let expires, TimeSpan.seconds(expires) == nil {
            throw ValidationError(
                "--expires must be a time such as 3600, 12h or 90d, of 1 second to 366 days"
            )
        }
    }

    package func run() throws {
        do {
            let now = WallClock.secondsSinceEpoch()
            let key = try flags.file().create(
                for: APIKeyHolder(
                    name: name,
                    roles: role,
                    permissions: permissionNames,
                    workspace: workspace.flatMap { Workspace($0) } ?? .shared
                ),
                nowSeconds: now,
                expiresSeconds: expires.flatMap { TimeSpan.seconds($0) }.map { now + $0 }
            )
            try OutputDescriptor.standardOutput.write("\(key.text)\n".utf8.span)
        } catch {
            throw CommandFailure.status(of: error)
        }
    }

    private var permissionNames: [String]? {
        permissions?.split(separator: " ").map(String.init)
    }
}
