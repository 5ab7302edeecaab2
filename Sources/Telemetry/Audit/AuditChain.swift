internal import Bytes
internal import Crypto
internal import JSON

/// Lines of an audit log, each bound to all before it.
///
///     {"chain":"C","n":0,"time":"T","version":1, … ,"hash":"H","signature":"S"}       the header
///     {"chain":"C","n":7,"time":"T","decision":"allowed", … ,"hash":"H"}              a record
///     {"chain":"C","n":9,"time":"T","checkpoint":"periodic","hash":"H","signature":"S"}
///
/// A header has `after`, the last hash of what the chain continues, and where the disk failed
/// `unsynchronized` and `failure`: so many lines before that hash may be missing, and why.
///
/// `hash` is SHA-256 of the 32 bytes of the hash before it and of the line up to `,"hash"`; before
/// the header stand 32 zero bytes. `signature` is Ed25519 (RFC 8032) over ``signedPrefix`` and the
/// 32 bytes of the hash. Both are in base64url without padding. A checkpoint so vouches for every
/// line of its chain before it. Chains may share a file, line by line: while one process takes over
/// from another, both write.
///
/// A value without clock or file: times are parameters, and lines are returned.
struct AuditChain {
    /// What stands before the hash in what is signed: the key signs nothing else that looks so.
    static let signedPrefix = Array("martlet audit log\n".utf8)

    static let hashByteCount = 32

    /// Why a checkpoint was made.
    enum Checkpoint: String {
        case periodic
        /// The last line of the chain: the server stopped, or went on in another file.
        case end
    }

    /// A file that had to be given up, as its disk did not keep what was written to it.
    struct Loss {
        /// Lines, the last ones of the chain before, of which nobody knows whether the disk has
        /// them.
        let lineCount: Int

        /// What the system said.
        let reason: String
    }

    private let key: AuditKey
    private let id: String
    private(set) var hash: [UInt8]
    private(set) var lineCount = 0

    /// Begins a chain.
    ///
    /// - Parameters:
    ///   - key: What header and checkpoints are signed with.
    ///   - id: Tells the chain from others.
    ///   - processID: Of the process, as its logs name it.
    ///   - previous: The last hash of what this chain continues: the chain before it in the same
    ///     file, or in the file that it takes the place of.
    ///   - loss: Why it takes that place, if the disk is to blame.
    ///   - milliseconds: When, since 1970.
    ///   - lines: Where the header is appended.
    init(
        signedWith key: AuditKey,
        id: String,
        processID: Int,
        continuing previous: [UInt8]?,
        after loss: Loss?,
        atMilliseconds milliseconds: Int64,
        into lines: inout ByteBuffer
    ) {
        self.key = key
        self.id = id
        hash = [UInt8](repeating: 0, count: Self.hashByteCount)
        append(atMilliseconds: milliseconds, isSigned: true, to: &lines) { writer in
            writer.name("version")
            writer.integer(1)
            writer.name("process")
            writer.integer(processID)
            writer.name("key")
            writer.string("\(key.publicHalf)")
            if let previous {
                writer.name("after")
                writer.string(Self.text(of: previous))
            }
            if let loss {
                writer.name("unsynchronized")
                writer.integer(loss.lineCount)
                writer.name("failure")
                writer.string(loss.reason)
            }
        }
    }

    mutating func append(_ record: AuditRecord, to lines: inout ByteBuffer) {
        append(atMilliseconds: record.milliseconds, isSigned: false, to: &lines) { writer in
            record.encode(into: &writer)
        }
    }

    /// Records that so many records could not be kept.
    mutating func appendDropped(
        _ count: Int,
        atMilliseconds milliseconds: Int64,
        to lines: inout ByteBuffer
    ) {
        append(atMilliseconds: milliseconds, isSigned: false, to: &lines) { writer in
            writer.name("dropped")
            writer.integer(count)
        }
    }

    mutating func appendCheckpoint(
        _ checkpoint: Checkpoint,
        atMilliseconds milliseconds: Int64,
        to lines: inout ByteBuffer
    ) {
        append(atMilliseconds: milliseconds, isSigned: true, to: &lines) { writer in
            writer.name("checkpoint")
            writer.string(checkpoint.rawValue)
        }
    }

    private mutating func append(
        atMilliseconds milliseconds: Int64,
        isSigned: Bool,
        to lines: inout ByteBuffer,
        _ encode: (inout JSONWriter) -> Void
    ) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("chain")
        writer.string(id)
        writer.name("n")
        writer.integer(lineCount)
        writer.name("time")
        writer.string(Timestamp.text(ofMilliseconds: max(0, milliseconds)))
        encode(&writer)
        writer.endObject()
        var line = writer.finish()
        line.bytes.removeLast()
        hash = Self.hash(after: hash, of: line.bytes[...])
        line.append("\(Self.hashMember)\(Self.text(of: hash))\"")
        if isSigned {
            let signature = key.signature(for: Self.signedPrefix + hash)
            line.append("\(Self.signatureMember)\(Self.text(of: signature))\"")
        }
        line.append("}\n")
        lines.append(line)
        lineCount += 1
    }

    static let hashMember = #","hash":""#
    static let signatureMember = #","signature":""#

    static func hash(after previous: [UInt8], of text: ArraySlice<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: previous)
        hash.update(data: text)
        return Array(hash.finalize())
    }

    static func text(of bytes: [UInt8]) -> String {
        var text = ByteBuffer()
        Base64URL.encode(bytes.span, into: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
