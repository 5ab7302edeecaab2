/// Where a value came from; what stands first wins.
package enum SettingOrigin: Int, CaseIterable, Sendable {
    case flag, environment, file
}

extension Setting {
    /// The setting as whoever set it there knows it.
    func name(in origin: SettingOrigin) -> String {
        switch origin {
        case .flag: "--\(rawValue)"
        case .environment: environmentName
        case .file: "\"\(rawValue)\" in the configuration file"
        }
    }
}
