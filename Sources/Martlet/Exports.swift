// Whoever writes tools imports `Martlet` and nothing else.
@_exported public import AccessControl
@_exported public import Bytes
@_exported public import HTTP1
@_exported public import HTTPTransport
@_exported public import JSON
@_exported public import JSONSchema
@_exported public import JWT
@_exported public import Libuv
@_exported public import MCP
@_exported public import TLS
@_exported public import Telemetry
