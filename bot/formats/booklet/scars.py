"""What the way from word processor to text left in titles and abstracts, and how much of it can be taken away."""

import re

# The converter wrote the marks of a formula as the Greek letter between dollars: $\xi d + 1\xi$ was $d + 1$. A formula
# that is really about xi does not go on with a letter right after it and end on it too.
_WRAPPED = re.compile(r"\$\\xi\s*(?=[\\A-Za-z0-9])([^$]*?[^$\s+\-*/=<>^_,(])\s*\\xi\s*\$")
_COMMAND = re.compile(r"\\(?:texttt|textbf|textit|emph)\{([^{}$]*)\}")
_LINK = re.compile(r"\[[^\[\]]*\]\((https?://[^\s()]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_REFERENCE = re.compile(r"\\text\{(?:eq)?ref\{[^{}]*\}\}|\\(?:eqref|ref|cite)\{[^{}]*\}")
_URL = re.compile(r"<(https?://[^\s<>]+)>")
_LEADING = re.compile(r"^[。，、；：,.;:*=\s]+")
_TRAILING = re.compile(r"[\s=*_#|~\\]+$")


def unwrapped(text: str) -> tuple[str, str]:
    """A title with its formulas mended, and the characters that went, "" where none did."""
    mended = _WRAPPED.sub(r"$\1$", text)
    return mended, r"\xi" if mended != text else ""


def without_markup(text: str) -> tuple[str, tuple[str, ...]]:
    """An abstract without the marks of Markdown and TeX around words, and what was taken away."""
    gone: list[str] = []
    text = _URL.sub(r"\1", text)
    for scar, what, instead in (
        (_WRAPPED, r"\xi", r"$\1$"),
        (_COMMAND, r"\texttt{}", r"\1"),
        (_LINK, "[]()", r"\1"),
        (_CODE, "``", r"\1"),
    ):
        mended = scar.sub(instead, text)
        if mended != text:
            gone.append(what)
        text = mended
    if leading := _LEADING.match(text):
        text = text[leading.end() :]
        if leading[0].strip():
            gone.append(leading[0].strip())
    return text, tuple(gone)


def left(text: str) -> str:
    """The first reference to a formula that stayed in the author's file, "" where there is none."""
    found = _REFERENCE.search(text)
    return found[0] if found else ""


def without_tail(title: str) -> tuple[str, str]:
    """A title without signs that no title ends with, and those signs."""
    tail = _TRAILING.search(title)
    return (title[: tail.start()], tail[0].strip()) if tail else (title, "")
