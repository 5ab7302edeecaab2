/// Why a configuration cannot be served, and how to put it right.
///
/// All that can be found are found before anything is opened or made, and reported together.
package enum SettingMistake: Error, Hashable, Sendable {
    case value(ValueMistake)
    case address(AddressMistake)
    case secret(SecretMistake)
    case file(FileMistake)
    case accessList(AccessListMistake)
    case database(DatabaseMistake)
    case section(SectionMistake)
    case policy(PolicySettingMistake)
    case caller(CallerMistake)
    case tls(TLSMistake)
}

extension SettingMistake: CustomStringConvertible {
    package var description: String {
        switch self {
        case .value(let mistake): "\(mistake)"
        case .address(let mistake): "\(mistake)"
        case .secret(let mistake): "\(mistake)"
        case .file(let mistake): "\(mistake)"
        case .accessList(let mistake): "\(mistake)"
        case .database(let mistake): "\(mistake)"
        case .section(let mistake): "\(mistake)"
        case .policy(let mistake): "\(mistake)"
        case .caller(let mistake): "\(mistake)"
        case .tls(let mistake): "\(mistake)"
        }
    }
}
