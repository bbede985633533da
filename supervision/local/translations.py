"""Whether the Chinese is complete: every marked text is in some `.po`; none is empty, fuzzy, or lacks a placeholder.

Django merges the catalogues of all apps into one, the first app winning, so a text that two of them translate
differently says the wrong word on somebody's page: it takes one word everywhere, or a context where the sense differs.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from .layout import ROOT
from .messages import NOT_OURS, po_files

# Function → positions of context, singular and plural among its arguments.
MARKERS: dict[str, tuple[int | None, int, int | None]] = {}
for _suffix in ("", "_lazy", "_noop"):
    MARKERS |= {
        f"gettext{_suffix}": (None, 0, None),
        f"ngettext{_suffix}": (None, 0, 1),
        f"pgettext{_suffix}": (0, 1, None),
        f"npgettext{_suffix}": (0, 1, 2),
    }
MARKERS["_"] = MARKERS["gettext"]

Key = tuple[str | None, str]

_STRING = r"""((?:u?"(?:[^"\\]|\\.)*")|(?:u?'(?:[^'\\]|\\.)*'))"""
_IN_TEMPLATE = re.compile(
    rf"\b(?:(?P<plain>_|gettext)\(\s*{_STRING}\s*\)"
    rf"|ngettext\(\s*{_STRING},\s*{_STRING},"
    rf"|pgettext\(\s*{_STRING},\s*{_STRING}\s*\)"
    rf"|npgettext\(\s*{_STRING},\s*{_STRING},\s*{_STRING},)"
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def problems(root: Path = ROOT) -> list[str]:
    """One sentence per shortcoming; empty when the translation is complete."""
    found: list[str] = []
    translated: set[Key] = set(_of_libraries())
    catalogs: dict[Path, Catalog] = {}
    for path in po_files(root):
        with path.open("rb") as file:
            catalog = catalogs[path.relative_to(root)] = read_po(file, abort_invalid=True)
        found += _shortcomings(path.relative_to(root), catalog)
        translated |= {(message.context, _singular(message.id)) for message in catalog if message.id}
    found += disagreements(catalogs)
    for path, line, key in _marked(root):
        if key not in translated:
            translated.add(key)
            found.append(f"{path.relative_to(root)}:{line}: no translation of {key[1]!r}")
    return found


def disagreements(catalogs: Mapping[Path, Catalog]) -> Iterator[str]:
    """Every text, alone or in the plural, that a catalogue translates otherwise than the first one that has it."""
    first: dict[Key, tuple[Path, tuple[str, ...]]] = {}
    for path, catalog in catalogs.items():
        for message in catalog:
            if not message.id or not any(texts := _texts(message)):
                continue
            key = (message.context, _singular(message.id))
            where, others = first.setdefault(key, (path, texts))
            if texts != others:
                context = f" ({message.context})" if message.context else ""
                yield (
                    f"{path}:{message.lineno}: translated differently in {where} and {path}: {key[1]!r}{context}: "
                    f"{' / '.join(others)} and {' / '.join(texts)}"
                )


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _shortcomings(path: Path, catalog: Catalog) -> Iterator[str]:
    for message in catalog:
        if not message.id:
            continue
        texts = _texts(message)
        if message.fuzzy:
            yield f"{path}:{message.lineno}: fuzzy: {_singular(message.id)!r}"
        elif not texts or not all(texts):
            yield f"{path}:{message.lineno}: empty: {_singular(message.id)!r}"
        else:
            wanted = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
            for text in texts:
                if _placeholders(text) - wanted or (len(texts) == 1 and _placeholders(text) != wanted):
                    yield f"{path}:{message.lineno}: placeholders differ: {_singular(message.id)!r}"


def _placeholders(text: str) -> set[str]:
    return {first or second for first, second in _PLACEHOLDER.findall(text)}


def _singular(message_id: str | Sequence[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _of_libraries() -> Iterator[Key]:
    """What Django and the installed libraries translate already."""
    from importlib.util import find_spec

    for package in ("django", "rest_framework", "axes", "django_otp", "django_filters", "oauth2_provider"):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        for path in Path(spec.origin).parent.glob("**/zh_Hans/LC_MESSAGES/django.po"):
            with path.open("rb") as file:
                yield from ((message.context, _singular(message.id)) for message in read_po(file) if message.id)


def _marked(root: Path) -> Iterator[tuple[Path, int, Key]]:
    """Every text the code marks for translation, with where it stands."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if NOT_OURS & set(parts) or parts[0] in {"tests", "benchmarks"} or not path.is_file():
            continue
        if path.suffix == ".py" and "migrations" not in parts:
            yield from ((path, line, key) for line, key in in_python(path.read_text(encoding="utf-8")))
        elif path.suffix in {".html", ".txt"} and "templates" in parts:
            yield from ((path, line, key) for line, key in in_template(path.read_text(encoding="utf-8"), str(path)))


def in_python(source: str) -> Iterator[tuple[int, Key]]:
    """Line and (context, text) of each call of a marker with literal arguments."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in MARKERS:
            continue
        context, singular, _ = MARKERS[name]
        texts = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
        if len(texts) > singular and isinstance(texts[singular], str):
            yield node.lineno, (None if context is None else str(texts[context]), str(texts[singular]))


def in_template(source: str, name: str) -> Iterator[tuple[int, Key]]:
    """Line and (context, text) of each translate tag, by Django's own reading of the template."""
    from django.utils.translation.template import templatize

    text = templatize(source, origin=name)
    for match in _IN_TEMPLATE.finditer(text):
        strings = [ast.literal_eval(group) for group in match.groups()[1:] if group is not None]
        has_context = match.group().startswith(("pgettext", "npgettext"))
        line = text.count("\n", 0, match.start()) + 1
        # Tags double the percent signs; catalogues of templates keep them doubled, as Django looks them up.
        yield line, ((strings[0], strings[1]) if has_context else (None, strings[0]))


if __name__ == "__main__":
    import sys

    shortcomings = problems()
    print("\n".join(shortcomings))
    sys.exit(bool(shortcomings))
