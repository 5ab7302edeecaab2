import Bytes
import JSON

/// The findings of an examination for a program.
package struct ExaminationReport: Hashable, Sendable {
    package let url: String
    package var findings: [Finding] = []

    package init(url: String) {
        self.url = url
    }

    /// One JSON object.
    package var json: String {
        let json = RawJSON { writer in
            writer.beginObject()
            writer.name("url")
            writer.string(url)
            writer.name("ok")
            writer.bool(!findings.contains(where: \.isWrong))
            writer.name("findings")
            writer.beginArray()
            for finding in findings { finding.encode(into: &writer) }
            writer.endArray()
            writer.endObject()
        }
        return String(decoding: json.bytes.bytes, as: UTF8.self)
    }
}

extension Finding {
    fileprivate func encode(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("step")
        writer.string(step.rawValue)
        writer.name("grade")
        switch grade {
        case .good: writer.string("ok")
        case .doubtful: writer.string("warn")
        case .wrong: writer.string("fail")
        }
        writer.name("text")
        writer.string(text)
        if case .wrong(let remedy) = grade {
            writer.name("remedy")
            writer.string(remedy)
        }
        writer.endObject()
    }
}
