"""Atom feeds (RFC 4287), well-formed whatever characters the texts contain."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from ...graph.characters import UNREADABLE
from ...graph.dataset import Dataset
from ...graph.formats import HTML, Format

ATOM = Format("atom", "Atom", "application/atom+xml")


def new_feed(id: str, title: str, updated: str, address: str, page: str, about: Dataset) -> Element:
    """A feed without entries, served at ``address``; ``page`` is the HTML version.

    Its author stands for entries that name none, which RFC 4287 (4.1.1) requires.
    """
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    child(feed, "id", id)
    child(feed, "title", title)
    child(feed, "updated", updated)
    child(feed, "link", rel="self", type=ATOM.media_type, href=address)
    child(feed, "link", rel="alternate", type=HTML.media_type, href=page)
    child(feed, "rights", f"Licence: {about.licence.iri}")
    child(child(feed, "author"), "name", about.creator)
    return feed


def child(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element to a parent, without characters that XML does not allow."""
    clean = {key: UNREADABLE.sub("", value) for key, value in attributes.items()}
    element = SubElement(parent, name, clean)
    element.text = UNREADABLE.sub("", text) or None
    return element


def written(feed: Element) -> bytes:
    """The feed as a document."""
    text: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return text
