"""Photos: nothing but the picture is kept, under the hash of it, and nothing that is no photo."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot import photos
from bot.photos import PhotoRefusedError, PhotoStore, media_type

if TYPE_CHECKING:
    from pathlib import Path

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    written = io.BytesIO()
    image = Image.new("RGB", size, (10, 120, 40))
    image.putpixel((0, 0), (255, 255, 255))
    image.save(written, kind, **options)
    return written.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[MAKER] = "某某手机"
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (30.0, 0.0, 12.0)
    return picture(exif=exif)


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_photo_is_kept_under_the_hash_of_what_is_left(store: PhotoStore, kind: str, ending: str) -> None:
    name = store.keep(picture(kind))
    path = store.find(name)
    assert path is not None
    assert name == f"{path.stem[:2]}/{path.stem}.{ending}"
    assert media_type(path) == f"image/{'jpeg' if ending == 'jpg' else ending}"
    assert store.keep(picture(kind)) == name
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_where_and_with_what_it_was_taken_is_not_kept(store: PhotoStore) -> None:
    original = with_exif()
    assert GPS in Image.open(io.BytesIO(original)).getexif()
    path = store.find(store.keep(original))
    assert path is not None
    kept = Image.open(io.BytesIO(path.read_bytes()))
    assert not kept.getexif()
    assert "exif" not in kept.info
    assert "某某手机".encode() not in path.read_bytes()
    # It was held upright, and is.
    assert kept.size == (20, 40)


def test_words_hidden_in_a_png_are_not_kept(store: PhotoStore) -> None:
    info = PngInfo()
    info.add_text("Comment", "3-2-501")
    path = store.find(store.keep(picture("PNG", pnginfo=info)))
    assert path is not None
    assert b"3-2-501" not in path.read_bytes()


def test_a_large_photo_is_made_smaller(store: PhotoStore) -> None:
    path = store.find(store.keep(picture(size=(5000, 100))))
    assert path is not None
    assert max(Image.open(io.BytesIO(path.read_bytes())).size) == photos.LONGEST_SIDE


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"%PDF-1.4", picture("GIF"), picture("BMP"), picture()[:100], b"<svg/>", picture("TIFF")],
    ids=["empty", "text", "pdf", "gif", "bmp", "cut", "svg", "tiff"],
)
def test_what_is_no_photo_is_refused(store: PhotoStore, data: bytes) -> None:
    with pytest.raises(PhotoRefusedError, match="照片"):
        store.keep(data)


def test_what_is_too_big_is_refused(store: PhotoStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PhotoRefusedError, match="10MB"):
        store.keep(b"\xff" * (photos.LARGEST + 1))
    monkeypatch.setattr(photos, "MOST_PIXELS", 100)
    with pytest.raises(PhotoRefusedError, match="尺寸"):
        store.keep(picture())


@pytest.mark.parametrize(
    "name", ["../gridbot.db", "ab/../../x.jpg", "photo-2", "", "ab/" + "a" * 64 + ".jpg", "/etc/passwd"]
)
def test_only_names_of_ours_are_looked_for(store: PhotoStore, name: str) -> None:
    assert store.find(name) is None
