"""Where a reader reports a mistake in a record, with the record already named."""

from __future__ import annotations

from urllib.parse import urlencode

from ...graph.model import Record

#: The most source records that are named: an address has its limits.
_SOURCES = 5


def report_address(contact: str, record: Record, iri: str) -> str:
    """The operator's mailbox or issue form with the record, its sources and lines filled in.

    "" where the operator has named neither.
    """
    if not contact:
        return ""
    sources = "\n".join(
        f"Source: {source.file}" + (f", line {source.position}" if source.position else "")
        for source in record.sources[:_SOURCES]
    )
    title = f"Mistake in {record.id}"
    body = f"Record: {iri}\nTitle: {record.title}\n{sources}\n\nField:\nIs:\nShould be:\n"
    # an issue form and a mail differ in what they call the title
    name = "subject" if contact.startswith("mailto:") else "title"
    mark = "&" if "?" in contact else "?"
    filled = urlencode({name: title, "body": body}).replace("+", "%20")
    return f"{contact}{mark}{filled}"
