"""Tokens by the thousand, and what others' libraries say of each."""
