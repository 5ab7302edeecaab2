import Foundation

/// Base64 for URLs without padding (RFC 4648 §5), by Foundation: what makes the tokens shares no code
/// with what reads them.
func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
}
