"""Turns a file as people send it (txt, docx, pdf) into text, or says in one Chinese sentence why it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.policy.clauses import DocumentError
from nlu.policy.printed_lines import unwrapped
from nlu.policy.radicals import without_radicals
from nlu.policy.word_files import text_of_docx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
_PDF_MAGIC_WITHIN = 1024

_MAGIC: Mapping[bytes, str] = {
    b"\xd0\xcf\x11\xe0": "这是旧版或加了密码的 Office 文件，请去掉密码，用 Word 或 WPS 另存为 .docx 再发。",
    b"\x89PNG": "这是一张图片，读不出文字，请发 Word（.docx）、txt 或者带文字的 PDF 文件。",
    b"\xff\xd8\xff": "这是一张图片，读不出文字，请发 Word（.docx）、txt 或者带文字的 PDF 文件。",
    b"{\\rtf": "RTF 文件读不了，请用 Word 或 WPS 另存为 .docx 再发。",
    b"Rar!": "这是压缩包，请解压后把里面的文件发来。",
    b"7z\xbc\xaf": "这是压缩包，请解压后把里面的文件发来。",
}


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file, and one Chinese sentence for each thing that a person should check in its reading."""

    text: str
    uncertain: tuple[str, ...] = ()


def read_file(path: Path) -> FileText:
    """The text of the file at `path`. DocumentError if it is missing or no text can be read from it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"打不开文件“{path.name}”，请检查文件名和路径。") from error
    return read_bytes(data)


def read_bytes(data: bytes) -> FileText:
    """The text of a file's content, told apart by itself, as people rename files. DocumentError as above."""
    if not data.strip():
        raise DocumentError("这份文件是空的，没有读到文字。")
    if len(data) > MAX_BYTES:
        raise DocumentError("文件太大了（超过 20 MB），请只发政策正文。")
    for magic, sentence in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(sentence)
    if data.startswith(b"PK"):
        return FileText(without_radicals(text_of_docx(data)))
    if b"%PDF-" in data[:_PDF_MAGIC_WITHIN]:
        # Its library takes 25 MB of memory, and most processes never read a pdf.
        from nlu.policy.pdf_files import read_pdf

        return FileText(*read_pdf(data))
    text = without_radicals(_decoded(data))
    if (whole := unwrapped(text)) is not None:
        return FileText(whole, ("这份文本每行末尾都断开，已按段落接上，请核对。",))
    return FileText(text)


def _decoded(data: bytes) -> str:
    """Plain text in the encodings that Windows and phones write."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise DocumentError("这份文件读出来不是文字，可能已损坏，请发 Word（.docx）、txt 或者带文字的 PDF 文件。")


def _is_text(text: str) -> bool:
    """Whether decoded bytes are text: no control characters, and hardly any characters that nobody uses."""
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        return False
    odd = sum(character > "\x7f" and not _is_common(character) for character in text)
    return odd <= 0.05 * len(text)


def _is_common(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return not "\ue000" <= character <= "\uf8ff"
