/// What a response says before its content: the status and the program's fields.
public struct ResponseHead: Hashable, Sendable {
    public var status: HTTPStatus
    public var fields: FieldBlock

    public init(_ status: HTTPStatus, fields: FieldBlock = FieldBlock()) {
        self.status = status
        self.fields = fields
    }
}
