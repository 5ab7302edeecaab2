import Martlet

/// The files that say who is let in: the deny list and the API keys.
package struct AccessListSettings: Hashable, Sendable {
    package let denyListPath: String?
    package let apiKeysPath: String?

    /// Reads both files, so that what is wrong with them is told with all other mistakes.
    package init(_ settings: inout SettingsReader) {
        denyListPath = settings.text(.denyListFile)?.text
        apiKeysPath = settings.text(.apiKeysFile)?.text
        for (denyList, apiKeys) in [(denyListPath, nil), (nil, apiKeysPath)] {
            do throws(AccessFileError) {
                _ = try AccessLists(denyListPath: denyList, apiKeysPath: apiKeys)
            } catch {
                settings.report(.accessList(.file(error)))
            }
        }
    }

    package func apply(to configuration: inout ServerConfiguration) {
        configuration.denyListPath = denyListPath
        configuration.apiKeysPath = apiKeysPath
    }
}
