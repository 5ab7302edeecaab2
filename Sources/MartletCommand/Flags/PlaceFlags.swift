import ArgumentParser
import Foundation

/// Flags that serving and signing have in common: where the server is and how its tokens look.
struct PlaceFlags: ParsableArguments {
    /// The variable that names the configuration file, for those who cannot add a flag.
    static let configVariable = "MARTLET_CONFIG"

    @Option(help: ArgumentHelp("JSON file with settings.", valueName: "file"))
    var config: String?

    @Option(.stateDirectory, "Where keys and the database are (default: .martlet)", "directory")
    var stateDirectory: String?

    @Option(.listen, "127.0.0.1:PORT, [::1]:PORT or unix:PATH", "address")
    var listen: [String] = []

    @Option(.port, "Short for --listen 127.0.0.1:PORT; 0 takes any that is free")
    var port: String?

    @Option(.publicURL, "The URL of the endpoint as clients know it", "url")
    var publicURL: String?

    @Option(.endpointPath, "Where the endpoint is on this server (default: /mcp)", "path")
    var endpointPath: String?

    @Option(.jwtSecretFile, "File with the secret of tokens; JWT_SECRET holds it itself", "file")
    var jwtSecretFile: String?

    @Option(.jwtAlgorithm, "HS256, HS384 or HS512 (default: HS256)", "name")
    var jwtAlgorithm: String?

    @Option(.jwtIssuer, "Who signs the tokens", "name")
    var jwtIssuer: String?

    @Option(.jwtAudience, "Whom tokens are for (default: the URL of the endpoint)", "uri")
    var jwtAudience: [String] = []

    @Option(.jwtExpiry, "How long a token is good: 3600, 90m, 24h, 7d (default: 24h)", "time")
    var jwtExpiry: String?

    var given: [Setting: [String]] {
        var flags: [Setting: [String]] = [:]
        flags.add(.stateDirectory, stateDirectory)
        flags.add(.listen, listen)
        flags.add(.port, port)
        flags.add(.publicURL, publicURL)
        flags.add(.endpointPath, endpointPath)
        flags.add(.jwtSecretFile, jwtSecretFile)
        flags.add(.jwtAlgorithm, jwtAlgorithm)
        flags.add(.jwtIssuer, jwtIssuer)
        flags.add(.jwtAudience, jwtAudience)
        flags.add(.jwtExpiry, jwtExpiry)
        return flags
    }

    /// All settings, with these flags and `more` before environment and file.
    func reader(and more: [Setting: [String]] = [:]) -> SettingsReader {
        let environment = ProcessInfo.processInfo.environment
        let variable = environment[Self.configVariable].flatMap { $0.isEmpty ? nil : $0 }
        let path = config ?? variable
        return SettingsReader(
            flags: given.merging(more) { _, new in new },
            environment: environment,
            file: path.map { SettingsFile(path: $0) }
        )
    }
}
