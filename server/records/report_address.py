"""The address for reporting a mistake in a record, with its details filled in."""

from __future__ import annotations

from urllib.parse import urlencode

from ...graph.model import Record

#: The most source records to name, because addresses are limited in length.
_SOURCES = 5


def report_address(contact: str, record: Record, iri: str) -> str:
    """The operator's mailbox or issue form, with the record, its sources and lines filled in.

    "" if the operator has set neither.
    """
    if not contact:
        return ""
    sources = "\n".join(
        f"Source: {source.file}" + (f", line {source.position}" if source.position else "")
        for source in record.sources[:_SOURCES]
    )
    title = f"Mistake in {record.id}"
    body = f"Record: {iri}\nTitle: {record.title}\n{sources}\n\nField:\nIs:\nShould be:\n"
    # a mail has a subject, an issue form a title
    name = "subject" if contact.startswith("mailto:") else "title"
    mark = "&" if "?" in contact else "?"
    filled = urlencode({name: title, "body": body}).replace("+", "%20")
    return f"{contact}{mark}{filled}"
