"""Encryption of personal data and the blind index that still lets it be searched for equality.

SM4-GCM encrypts and HMAC-SM3 indexes, the national algorithms a level-3 protected system is asked for. Keys come
from settings (`FIELD_KEYS`, newest first; `INDEX_KEY`) and never live in the database. The stored text names its key,
so that older rows stay readable while `manage.py rotate_keys` moves them to the newest.
"""

import base64
import binascii
import hmac
import logging
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

NONCE_BYTES = 12
TAG_BYTES = 16


class Undecipherable(Exception):
    """The stored text was written with a key that is no longer configured, or was altered."""


def _sm3(*parts: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def _keys() -> dict[str, bytes]:
    """Key id → 16-byte SM4 key, newest first; the id is the start of the secret's own digest."""
    return {
        _sm3(b"id", secret.encode()).hex()[:8]: _sm3(b"sm4", secret.encode())[:16] for secret in settings.FIELD_KEYS
    }


def encrypt(text: str) -> str:
    """Return `key id:base64(nonce ‖ ciphertext ‖ tag)` under the newest key."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return f"{key_id}:{base64.b64encode(nonce + sealed + encryptor.tag).decode()}"


def decrypt(stored: str) -> str:
    """Return the text `encrypt` was given.

    Raises `Undecipherable` when its key is gone or the stored text was altered.
    """
    key_id, _, body = stored.partition(":")
    key = _keys().get(key_id)
    if key is None:
        raise Undecipherable(f"no key {key_id}")
    try:
        raw = base64.b64decode(body)
        nonce, sealed, tag = raw[:NONCE_BYTES], raw[NONCE_BYTES:-TAG_BYTES], raw[-TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        return (decryptor.update(sealed) + decryptor.finalize()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise Undecipherable("altered") from error


def newest_key_id() -> str:
    """Id of the key that encrypts."""
    return next(iter(_keys()))


def key_ids() -> frozenset[str]:
    """Ids of the keys at hand, as stored texts name them."""
    return frozenset(_keys())


def blind_index(text: str) -> str:
    """64 hex characters that are equal for equal texts and tell nothing without the index key."""
    mac = HMAC(_sm3(b"index", settings.INDEX_KEY.encode()), hashes.SM3())
    mac.update(text.strip().upper().encode())
    return mac.finalize().hex()


def same(a: str, b: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())


class Unreadable(str):
    """Stands for a stored text that cannot be deciphered, and says so where it is shown.

    One altered row must not hide the others of its page: it is shown as unreadable and saved as it was stored, and
    `records verify` and `manage.py rotate_keys` name it. Who needs the clear text asks `clear`.
    """

    stored: str

    def __new__(cls, stored: str) -> "Unreadable":
        text = super().__new__(cls, _("(cannot be deciphered)"))
        text.stored = stored
        return text


def clear(text: str) -> str:
    """The text of an encrypted column where something rests on it.

    Raises `Undecipherable` where it stands for what cannot be read.
    """
    if isinstance(text, Unreadable):
        raise Undecipherable("altered, or its key is gone")
    return text


class EncryptedTextField(models.TextField):
    """Text that is encrypted on its way into the database and decrypted on its way out."""

    def get_prep_value(self, value: str | None) -> str | None:
        """Encrypt; empty stays empty, and what could not be read stays as it was stored."""
        if isinstance(value, Unreadable):
            return value.stored
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str | None:
        """Decrypt; empty stays empty. What cannot be deciphered is `Unreadable`."""
        if not value:
            return value
        try:
            return decrypt(value)
        except Undecipherable as error:
            logger.error("A stored text of %s cannot be deciphered: %s", self, error)
            return Unreadable(value)
