"""An authorization server for the tests, on Authlib.

RFC 6749, 7591, 7636, 8414, 8707, 9068 and 9207.
"""

from .keys import KeyRing, SigningKey
from .owner import ResourceOwner
from .server import AuthorizationServer

__all__ = ["AuthorizationServer", "KeyRing", "ResourceOwner", "SigningKey"]
