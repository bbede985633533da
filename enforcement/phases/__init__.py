"""The phases of a bureau's case, each read beside its articles; `enforcement.procedure` joins them."""
