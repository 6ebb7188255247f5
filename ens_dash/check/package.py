"""ZIP files and XML from anywhere, within bounds: no bomb unpacks, no entity is expanded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from ens_dash.check.said import MOST_MEMBER, MOST_MEMBERS, MOST_UNPACKED, NotOurs

# the only things in a document type that can do harm; an encoding in which they could hide is refused too
DECLARED = re.compile(rb"<!\s*(ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)


class Members:
    """The members of a ZIP file, each read once asked for.

    Raises:
        NotOurs: too many members, or too large ones when unpacked.
    """

    def __init__(self, file: zipfile.ZipFile) -> None:
        entries = file.infolist()
        sizes = [entry.file_size for entry in entries]
        if len(entries) > MOST_MEMBERS or sum(sizes) > MOST_UNPACKED or max(sizes, default=0) > MOST_MEMBER:
            raise NotOurs("too_large")
        self._file = file
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        """A member's bytes; its checksum is compared.

        Raises:
            NotOurs: there is none of that name, or it is damaged.
        """
        try:
            # never more than the size that was looked at above
            return self._file.read(name)
        except Exception as error:
            raise NotOurs("damaged") from error

    def xml(self, name: str) -> ElementTree.Element:
        return safe_xml(self.read(name))

    def matching(self, pattern: str) -> list[str]:
        """The names that match, 2 before 10."""
        found = [name for name in self.names if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: (len(name), name))


def safe_xml(content: bytes) -> ElementTree.Element:
    """An XML document without declarations of its own.

    Raises:
        NotOurs: it is not well formed, or declares entities.
    """
    if b"\0" in content[:64] or DECLARED.search(content):
        raise NotOurs("damaged")
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise NotOurs("damaged") from error


def local(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def inside(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """All elements of a name below another, in any namespace."""
    return (found for found in element.iter() if local(found) == name)
