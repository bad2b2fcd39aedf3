"""`template`: the beginnings of a connection to one's own system, made from the canonical entities."""

from data_access.template.write import KINDS, write

__all__ = ["KINDS", "write"]
