"""How Chinese names sort and are searched: the database knows no pinyin, so a key is stored beside the name."""


def sort_key(name: str) -> str:
    """Full pinyin and its initials, as `Party.sort_key` keeps them."""
    # Its dictionary takes half a second to load, which no page that only reads should wait for.
    from pypinyin import Style, lazy_pinyin

    full = lazy_pinyin(name, errors="ignore")
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))
    return f"{''.join(full)} {initials}"[:400]
