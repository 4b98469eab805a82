"""Photos: taken in from any channel, cleaned of everything but the picture, and kept by the hash of what is left."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 10 * 1024 * 1024
"""Bytes of one photo as it arrives."""

MOST_PIXELS = 50_000_000
"""A picture of more pixels is no photo of a phone; it would take the memory of a whole server."""

LONGEST_SIDE = 4096
"""Pixels to which a larger photo is made smaller."""

_KINDS: Mapping[str, str] = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_MEDIA_TYPES: Mapping[str, str] = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_NAME = re.compile(r"(?P<folder>[0-9a-f]{2})/(?P<hash>(?P=folder)[0-9a-f]{62})\.(?P<kind>jpg|png|webp)")


class PhotoRefusedError(Exception):
    """What is not taken as a photo; the text is what its sender reads."""


class PhotoStore:
    """The folder of photos: `ab/abcdef….jpg`, named by the SHA-256 of the cleaned file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Keep a photo and return its name; raises PhotoRefusedError for what is too big or no JPEG, PNG or WebP.

        What it is shows in its content, whatever it is called. Where it was taken, when and with what (EXIF, XMP,
        comments) is not kept: the picture alone is written anew. The same photo has the same name.
        """
        cleaned, kind = _cleaned(data)
        digest = hashlib.sha256(cleaned).hexdigest()
        name = f"{digest[:2]}/{digest}.{kind}"
        path = self._folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, cleaned)
        return name

    def find(self, name: str) -> Path | None:
        """The file of this name, or None where there is none, or where it is no name of ours."""
        path = self._folder / name if _NAME.fullmatch(name) else None
        return path if path is not None and path.is_file() else None


def is_photo_name(name: object) -> bool:
    """Whether something is the name of a kept photo."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def media_type(path: Path) -> str:
    """The media type of a kept photo."""
    return _MEDIA_TYPES[path.suffix.removeprefix(".")]


def _cleaned(data: bytes) -> tuple[bytes, str]:
    if len(data) > LARGEST:
        raise PhotoRefusedError(f"照片太大了，一张最多{LARGEST // 1024 // 1024}MB。换一张小点的，或者截个图再发。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(_KINDS)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PhotoRefusedError("照片的尺寸太大了，换一张小点的，或者截个图再发。")
                return _saved(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefusedError("照片的尺寸太大了，换一张小点的，或者截个图再发。") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PhotoRefusedError("这个不是能看的照片。请发 JPG、PNG 或者 WebP 格式的照片。") from error


def _saved(opened: Image.Image) -> tuple[bytes, str]:
    format_name = opened.format or "JPEG"
    # How the phone was held stands in the EXIF, which goes: the picture is turned instead.
    turned = ImageOps.exif_transpose(opened)
    mode = "RGB" if format_name == "JPEG" or turned.mode not in ("RGBA", "LA", "P", "PA") else "RGBA"
    picture = Image.new(mode, turned.size)
    picture.paste(turned.convert(mode))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    options = {"quality": 88} if format_name != "PNG" else {"optimize": True}
    picture.save(written, format_name, **options)
    return written.getvalue(), _KINDS[format_name]


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing: it has its name only once it is on the disk."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
