"""What a single machine needs to run the system: embedded servers, generated keys, one process that keeps the rest.

Used by `make run`, `make test` and `make manage`; production does not come through here (docs/operations.md).
It needs little beyond the standard library, so that it can tell what is wrong when the rest does not start.
"""
