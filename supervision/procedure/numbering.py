"""Numbers without gaps, per authority, word and year: 河医保立〔2026〕12号."""

from django.db import connection

from supervision.parties.models import Authority

from .models import Counter


def next_number(authority: Authority, word: str, year: int) -> tuple[int, str]:
    """Take the next number; must run in the transaction that uses it, so that a rollback gives it back.

    The counter's row stays locked until that transaction ends: parallel takers queue, and no number is skipped.
    Returns the bare number and the whole text.
    """
    with connection.cursor() as cursor:
        if not connection.in_atomic_block:
            raise RuntimeError("a number is taken inside the transaction that uses it")
        cursor.execute(
            f"INSERT INTO {Counter._meta.db_table} AS c (authority_id, word, year, last) VALUES (%s, %s, %s, 1)"  # noqa: S608
            " ON CONFLICT (authority_id, word, year) DO UPDATE SET last = c.last + 1 RETURNING last",
            [authority.pk, word, year],
        )
        (last,) = cursor.fetchone()
    return last, f"{authority.word}{word}〔{year}〕{last}号"
