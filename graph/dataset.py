"""The dataset: how a release describes itself, and its licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence for data."""

    iri: str
    #: Its usual name.
    name: str


#: The licences that a dataset may have, by SPDX identifier (https://spdx.org/licenses/).
LICENCES: Mapping[str, Licence] = MappingProxyType(
    {
        "CC0-1.0": Licence("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        "CC-BY-4.0": Licence("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        "CC-BY-SA-4.0": Licence("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        "CC-BY-NC-4.0": Licence("https://creativecommons.org/licenses/by-nc/4.0/", "CC BY-NC 4.0"),
        "CC-BY-NC-SA-4.0": Licence(
            "https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC BY-NC-SA 4.0"
        ),
        "ODC-By-1.0": Licence("https://opendatacommons.org/licenses/by/1-0/", "ODC-By 1.0"),
        "ODbL-1.0": Licence("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL 1.0"),
        "PDDL-1.0": Licence("https://opendatacommons.org/licenses/pddl/1-0/", "PDDL 1.0"),
    }
)
#: The EU's data themes, which DCAT-AP requires, with their names
#: (http://publications.europa.eu/resource/authority/data-theme).
THEMES: Mapping[str, str] = MappingProxyType(
    {
        "AGRI": "Agriculture, fisheries, forestry and food",
        "ECON": "Economy and finance",
        "EDUC": "Education, culture and sport",
        "ENER": "Energy",
        "ENVI": "Environment",
        "GOVE": "Government and public sector",
        "HEAL": "Health",
        "INTR": "International issues",
        "JUST": "Justice, legal system and public safety",
        "OP_DATPRO": "Provisional data",
        "REGI": "Regions and cities",
        "SOCI": "Population and society",
        "TECH": "Science and technology",
        "TRAN": "Transport",
    }
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The description of a dataset, in English."""

    #: One or two words, shown on every page.
    name: str
    #: The subject of its works: "online outsourcing".
    subject: str
    #: A sentence or two.
    description: str
    #: Who publishes it, as in a citation.
    creator: str
    #: The key of one of ``LICENCES``.
    licence_id: str
    keywords: tuple[str, ...] = ()
    #: One of ``THEMES``, or "".
    theme: str = ""

    @property
    def title(self) -> str:
        """The title, as given in every description of the dataset."""
        return f"{self.name}: research on {self.subject} as linked data"

    @property
    def licence(self) -> Licence:
        """The licence of the dataset."""
        return LICENCES[self.licence_id]


#: The dataset that comes with oograph; also used if a catalogue has no description of its own.
OOGRAPH = Dataset(
    name="oograph",
    subject="online outsourcing",
    description="Publications on paid work done over online platforms, with the platforms, "
    "countries, topics and methods they study, their authors and venues, and the source of each "
    "record.",
    creator="The oograph contributors",
    licence_id="CC-BY-4.0",
    keywords=(
        "online outsourcing",
        "platform work",
        "crowd work",
        "gig economy",
        "bibliography",
        "linked data",
    ),
    theme="SOCI",
)
