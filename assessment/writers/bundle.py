"""Several files as one .zip."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def write_bundle(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Write files, each with its name, into one .zip.

    Returns:
        The bytes of the .zip; the same files give the same bytes.
    """
    stream = BytesIO()
    with ZipFile(stream, "w") as bundle:
        for name, content in files:
            bundle.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return stream.getvalue()
