"""Senses: what an ambiguous label means where it stands, as a table.

The rows of a label are tried in their order, then those of its scheme ("*"), and the first that
fits decides; where none fits, the label means its concept. A label that no vocabulary has, with
a row that says NOTHING, is a phrase that hides the shorter labels inside it ("New Mexico").

In the patterns ``{platform}`` and ``{country}`` stand for any name of one that is not ambiguous
itself, ``{people}`` for the people and bodies that surveys ask.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ITSELF",
    "NOTHING",
    "SENSES",
    "Sense",
]


ITSELF = "itself"
NOTHING = "nothing"

_LANGUAGES = (
    "Arabic|Bulgarian|Chinese|Czech|Danish|Dutch|Finnish|French|German|Greek|Hungarian|Icelandic|"
    "Indonesian|Irish|Italian|Japanese|Korean|Latvian|Lithuanian|Malagasy|Mongolian|Nepali|"
    "Norwegian|Polish|Portuguese|Romanian|Russian|Slovak|Slovenian|Somali|Spanish|Swedish|Thai|"
    "Turkish|Ukrainian|Uzbek|Vietnamese|Welsh|deutsch"
)
_SHARED_NAMES = "AMT|Appen|Applause|Freelancer|Guru|Malt|Prolific|Sama|Toptal"
_TO_ITS_PLACE = r"\b(?i:across|from|in|of|to|within|for) (?:the )?"


@dataclass(frozen=True, slots=True)
class Sense:
    """One row: what labels mean in a context."""

    scheme: str
    #: As written, "|" between; "*" stands for every label of the scheme.
    labels: str
    #: ITSELF, NOTHING, or the slug of another concept of the scheme.
    means: str
    why: str
    #: A pattern that must end where the label begins.
    before: str = ""
    #: A pattern that must begin where the label ends.
    after: str = ""
    #: A pattern that must occur not far from the label.
    around: str = ""
    #: The name of the rule in the evidence, where it is not the one of the kind of label.
    rule: str = ""


SENSES: tuple[Sense, ...] = (
    # Platforms
    Sense(
        "platforms",
        "Uber",
        NOTHING,
        "a prefix: Uber-capitalism, the German preposition without its dots",
        after=r"[-‐](?!(?i:drivers?|fahrer\w*|riders?|taxis?)\b)| (?:alles|das|den|die|eine?n?)\b",
    ),
    Sense(
        "platforms",
        "Mechanical Turk",
        NOTHING,
        "the chess automaton of 1770",
        around=r"(?i:\bchess\b|\bautomaton\b|\bKempelen\b)",
    ),
    Sense(
        "platforms",
        "AMT",
        ITSELF,
        "stands for Amazon Mechanical Turk only among words of crowd work",
        around=r"(?i:crowd|turk|\bmicro-?(?:task|work)|requester|\bHITs?\b|annotat|\bparticipant)",
    ),
    Sense(
        "platforms",
        "Microworkers|Clickworker",
        ITSELF,
        "also a word for the people: the platform where one works or looks on it",
        before=r"\b(?i:on|via|through|platforms?) ",
    ),
    Sense(
        "platforms",
        "Microworkers|Clickworker|" + _SHARED_NAMES,
        ITSELF,
        "in one breath with another platform",
        before=r"\b{platform}(?:,| and| or| &|, and| vs\.?| versus|/|, or) ?",
    ),
    Sense(
        "platforms",
        "Microworkers|Clickworker|" + _SHARED_NAMES,
        ITSELF,
        "in one breath with another platform",
        after=r"(?:,| and| or| &|, and| vs\.?| versus|/|, or) ?{platform}\b",
    ),
    Sense(
        "platforms",
        _SHARED_NAMES,
        ITSELF,
        "called a platform",
        before=r"\b(?i:platforms?|platforms? (?:such as|like|called|named)) ",
    ),
    Sense(
        "platforms",
        "Appen|Applause|Guru|Malt|Prolific|Sama|Toptal",
        ITSELF,
        "called a platform",
        after=r"(?:'s)? (?i:platform|marketplace|crowd ?workers?|participants?|panel)\b",
    ),
    Sense(
        "platforms",
        "Prolific",
        ITSELF,
        "the place where a study was done, not the adjective before a noun",
        before=r"\b(?i:on|via|through|using|from) ",
        after=r"(?=\s*(?:$|[.:;?!)–—]| - ))",
    ),
    Sense(
        "platforms",
        "Microworkers|Clickworker|" + _SHARED_NAMES.replace("|Toptal", ""),
        NOTHING,
        "an everyday word, a family name or another abbreviation",
    ),
    Sense(
        "platforms",
        "Figure Eight|People Per Hour|Task Rabbit",
        NOTHING,
        "in lower case a phrase",
        after=r"(?<= [a-z]{4})|(?<= [a-z]{5})|(?<= [a-z]{6})",
    ),
    # Countries
    Sense("countries", "Other", NOTHING, "a value of the record pages, not a place"),
    Sense(
        "countries",
        "Turkey",
        NOTHING,
        "the bird",
        after=r" (?i:breed|farm|fl[oe]ck|hatch|hen|hunt|meat|poult|produc|vulture)\w*",
    ),
    Sense("countries", "Turkey", ITSELF, "the place of something", before=_TO_ITS_PLACE),
    Sense(
        "countries",
        "Turkey",
        ITSELF,
        "beside another country",
        before=r"\b{country}(?:,|,? and| or|,? &) ",
    ),
    Sense(
        "countries",
        "Turkey",
        ITSELF,
        "beside another country, or its owner",
        after=r"(?:(?:,|,? and| or|,? &) (?:the )?{country}\b|'s\b)",
    ),
    Sense(
        "countries",
        "Georgia|Géorgie|Geórgia",
        ITSELF,
        "the country, not the state: beside a neighbour",
        before=r"\b(?:Armenia|Azerbaijan|Caucasus|Moldova|Russia|Tbilisi|Ukraine|T[uü]rki?[ey]+e?y?)"
        r"(?:,|:|,? and|,? &) ",
    ),
    Sense(
        "countries",
        "Georgia|Géorgie|Geórgia",
        ITSELF,
        "the country, not the state: beside a neighbour",
        after=r"(?:,|,? and|,? &) (?:Armenia|Azerbaijan|Moldova|Russia|Turkey|Türkiye|Ukraine)\b",
    ),
    Sense("countries", "Georgia|Géorgie|Geórgia", NOTHING, "a state of the USA, a given name"),
    Sense(
        "countries",
        "Georgian",
        NOTHING,
        "the reigns of four Georges",
        after=r" (?i:architecture|Britain|England|era|house|London|period)\b",
    ),
    Sense(
        "countries",
        "Chad|Grenada|Israel|Jersey|Jordan|Kenya|Mali|Montserrat|Togo",
        NOTHING,
        "a name: of somebody with a year after it, or who owns",
        after=r"(?:'s\b| et al\b| \(\d{4}\)|, [A-Z]\.)",
    ),
    Sense(
        "countries",
        "Chad|Grenada|Jersey|Jordan|Mali|Montserrat|Niue|Réunion|Togo",
        ITSELF,
        "the place of something",
        before=_TO_ITS_PLACE,
    ),
    Sense(
        "countries",
        "Chad|Grenada|Jersey|Jordan|Mali|Montserrat|Réunion|Togo",
        ITSELF,
        "beside another country",
        before=r"\b{country}(?:,|,? and| or|,? &) ",
    ),
    Sense(
        "countries",
        "Chad|Grenada|Jersey|Jordan|Mali|Montserrat|Réunion|Togo",
        ITSELF,
        "beside another country",
        after=r"(?:,|,? and| or|,? &) (?:the )?{country}\b",
    ),
    Sense(
        "countries",
        "Chad|Grenada|Jersey|Jordan|Mali|Montserrat|Réunion|Togo",
        NOTHING,
        "a given or family name, a garment, a meeting",
    ),
    Sense(
        "countries",
        "US",
        ITSELF,
        "also the pronoun, where all is in capitals",
        before=r"\b(?i:across|from|in|the) ",
    ),
    Sense("countries", "US", NOTHING, "the pronoun in capitals", around=r"\A[^a-zß-ÿ]+\Z"),
    Sense(
        "countries",
        "United States",
        NOTHING,
        "a play on the name",
        after=r" of (?!America\b)",
    ),
    Sense(
        "countries",
        "Polish",
        NOTHING,
        "the verb",
        after=r" (?i:off|the|their|up|your)\b",
    ),
    Sense(
        "countries",
        _LANGUAGES,
        NOTHING,
        "the language",
        after=r"[- ](?i:as a|corp\w+|dialects?|grammars?|languages?|lexic\w+|named entit\w+|"
        r"natural language|OCR|sentences?|sentiment|speak\w*|speech|syntax|texts?|transcri\w+|"
        r"translat\w+|treebanks?|tweets?|verbs?|vocabular\w+|wikipedia|words?|wordnet|als)\b",
    ),
    Sense(
        "countries",
        _LANGUAGES,
        NOTHING,
        "the language, as a noun",
        before=r"\b(?i:and|auf|between|from|in|into|learn\w*|of|speak\w*|to|translat\w+) ",
        after=r"(?=\s*(?:$|[.,:;?!)–—]|-\s|(?:and|or|to|into|using|via|with)\b))",
    ),
    Sense(
        "countries",
        "*",
        NOTHING,
        "part of the name of a body, a sea or a journal",
        after=r" (?:Academy of|Economic Review|Institute of|Journal|Library|Museum|Ocean|Sea|"
        r"(?:Association|Society) (?:for|of)|(?:Medical|Psychological|Sociological) \w+)\b",
    ),
    Sense(
        "countries",
        "*",
        NOTHING,
        "the language",
        after=r"[-‐](?i:language|speaking|sprachig\w*)\b",
    ),
    Sense(
        "countries",
        "England|Northern Ireland|Scotland|Scottish|Wales|Welsh",
        ITSELF,
        "a part of the country stands for it",
        rule="country-part",
    ),
    Sense(
        "countries",
        "America|Aotearoa|Britain|Hongkong|Korea|Latin America|Mainland China|North America|"
        "Republic of Georgia|South East Asia|Subsaharan Africa|Uk|Usa|Lateinamerika|"
        "Amérique latine|América Latina|Latinoamérica",
        ITSELF,
        "a name in use that is not the exact one",
        rule="country-name",
    ),
    Sense(
        "countries",
        "African American|American English|American Indian|American Sign Language|Asian American|"
        "Bank of America|Bank of England|Brazil nut|British Columbia|British English|"
        "Central America|Central American|Chinese American|Chinese restaurant process|"
        "Chinese room|Chinese wall|Chinese whispers|Deutsche Bahn|Deutsche Bank|Deutsche Post|"
        "Deutsche Telekom|Dutch auction|Dutch disease|Dutch oven|European Commission|"
        "European Court of Justice|European Parliament|European Union|Europäische Kommission|"
        "Europäische Union|Europäischen Kommission|Europäischen Union|German shepherd|"
        "German tank problem|Greek letter|Guinea fowl|Guinea pig|Guinea worm|India ink|"
        "Jordan curve|Mexican American|Mexican hat|Mexican wave|Native American|New England|"
        "New Guinea|New Jersey|New Mexico|New South Wales|Niger Delta|Niger River|Panama Papers|"
        "Russian doll|Russian roulette|South America|South American|Spanish flu|"
        "Swiss army knife|Swiss cheese|Turkish delight|União Europeia|Union européenne|"
        "Unión Europea|University of Georgia|West Indian",
        NOTHING,
        "the name of something else, with that of a country in it",
    ),
    # Methods
    Sense(
        "methods",
        "survey|survey research|questionnaire",
        NOTHING,
        "surveys as what is studied",
        after=r" (?i:completion|designs?|errors?|fatigue|instruments?|items?|methodolog\w+|"
        r"methods?|panels?|participation|platforms?|quality|questions?|research(?:er|ers)?|respon[ds]\w+|"
        r"software|takers?|taking|tools?)\b",
    ),
    Sense(
        "methods",
        "survey research",
        NOTHING,
        "surveys as what is studied",
        before=r"\b(?i:for|in|of|on) (?:[\w-]+ ){0,6}",
    ),
    Sense(
        "methods",
        "survey|surveying",
        ITSELF,
        "it asks people",
        after=r"(?i: (?:of|among|amongst|on|with))? (?:[\w'’-]+ ){0,6}?(?i:{people})\b",
    ),
    Sense(
        "methods",
        "survey",
        ITSELF,
        "what the work draws on",
        before=r"\b(?i:and|by|from|in|of|through|using|via|with) (?i:an?|our|the|three|two) "
        r"(?:[\w-]+ ){0,3}",
    ),
    Sense(
        "methods",
        "survey",
        ITSELF,
        "a kind of survey that asks people",
        before=r"\b(?i:cross-sectional|employees?|employers?|field|household|internet|"
        r"labou?r force|large-scale|mail|national|nationwide|online|panel|questionnaire|"
        r"representative|user|vignette|web|web-based|workers?|working conditions) ",
    ),
    Sense(
        "methods",
        "survey",
        ITSELF,
        "what the work draws on",
        after=r"[- ](?i:analysis|based|evidence|experiments?|findings|results|study)\b",
    ),
    Sense(
        "methods",
        "survey",
        "literature-review",
        "A Survey and Taxonomy, A Survey of Approaches: of what others wrote",
        before=r"(?:^|[:.?!–—] ?| [-–—] |, )(?i:an?|the) (?:[\w-]+ ){0,2}",
        after=r"(?: (?i:and|of|on)\b|\s*(?:$|[.:;,(–—]))",
    ),
    Sense("methods", "survey|surveying", NOTHING, "surveys of an unknown kind, or of land"),
    Sense(
        "methods",
        "review",
        NOTHING,
        "of goods, persons or manuscripts, or a journal",
        before=r"\b(?i:blind|book|business|code|customer|economic|fake|film|harvard|judicial|law|"
        r"online|peer|performance|periodic|policy|product|under|user) ",
    ),
    Sense(
        "methods",
        "review",
        NOTHING,
        "of goods, persons or manuscripts, or a journal",
        after=r"[- ](?i:board|helpfulness|manipulation|platforms?|process\w*|ratings?|scores?|"
        r"sites?|spam|systems?|texts?)\b",
    ),
    Sense(
        "methods",
        "review",
        ITSELF,
        "the work calls itself a review",
        before=r"(?:^|[:.?!–—] ?| [-–—] |, )(?i:an?) (?:[\w-]+ ){0,3}",
        after=r"(?: (?i:and|of|on)\b|\s*(?:$|[.:;,(–—]))",
    ),
    Sense(
        "methods",
        "review",
        ITSELF,
        "of what others wrote",
        after=r" of (?:[\w-]+ ){0,4}(?i:evidence|literature|publications|research|studies)\b",
    ),
    Sense("methods", "review", NOTHING, "a review of an unknown kind"),
    Sense(
        "methods",
        "experiment",
        NOTHING,
        "experiments as what is taught or studied",
        before=r"\b(?i:conduct\w*|deploy\w*|design\w*|perform\w*|run|running|for) "
        r"(?:[\w-]+ ){0,4}",
    ),
    Sense(
        "methods",
        "experiment",
        NOTHING,
        "nothing was changed by the researcher",
        before=r"\b(?i:natural|quasi|thought)[- ]",
    ),
    Sense(
        "methods",
        "literature review|systematic literature review|systematic review",
        NOTHING,
        "in the plural: reviews as what is studied",
        after=r"(?<=[Rr]eviews)",
    ),
    Sense(
        "methods",
        "interviews",
        NOTHING,
        "in the singular: a talk in a magazine",
        after=r"(?<=[Ii]nterview)",
    ),
    Sense(
        "methods",
        "interviews",
        NOTHING,
        "of applicants",
        before=r"\b(?i:ai|employment|hiring|job|recruit\w+|video) ",
    ),
    Sense(
        "methods",
        "online experiment",
        ITSELF,
        "some that were done",
        before=r"\b(?i:four|from|three|two|using|with) ",
    ),
    Sense(
        "methods",
        "online experiment",
        NOTHING,
        "in the plural: experiments as what is studied",
        after=r"(?<=[Ee]xperiments)",
    ),
    Sense(
        "methods",
        "structural model",
        NOTHING,
        "of equations, from psychometrics",
        before=r"\b(?i:equations?) ",
    ),
    Sense(
        "methods",
        "the case of|el caso de|le cas de|o caso da|o caso de|o caso do|am Beispiel",
        ITSELF,
        "a case with a name",
        after=r" (?i:the |der |des |von |d')?(?:{platform}|{country})\b",
    ),
    Sense(
        "methods",
        "the case of|el caso de|le cas de|o caso da|o caso de|o caso do|am Beispiel",
        NOTHING,
        "an example",
    ),
    # Topics
    Sense("topics", "challenges", NOTHING, "classifies a record page, says nothing in a title"),
    Sense(
        "topics",
        "livelihood",
        ITSELF,
        "of people in poor countries",
        around=r"(?i:\bdevelop(?:ment|ing)\b|\bglobal south\b|\bpoverty\b|\brural\b)",
    ),
    Sense("topics", "livelihood", NOTHING, "what somebody lives on, anywhere"),
    Sense("topics", "income", NOTHING, "a class", before=r"\b(?i:high|low|middle)[-‐ ]"),
    Sense("topics", "cleaning", NOTHING, "of data", before=r"\b(?i:data|record|text) "),
    Sense("topics", "pay", NOTHING, "the verb", after=r" (?i:as|attention|for|off|to|with)\b"),
    Sense("topics", "pay", NOTHING, "the verb", before=r"\b(?i:to|who|willing to) "),
    Sense(
        "topics",
        "matching",
        NOTHING,
        "of data",
        before=r"\b(?i:entity|graph|image|ontology|pattern|record|schema|string|template) ",
    ),
    Sense(
        "topics",
        "gig|gigs",
        NOTHING,
        "a concert",
        around=r"(?i:\bconcerts?\b|\bmusic\w*\b|\bbands?\b)",
    ),
    Sense("*", "*", NOTHING, "said of its opposite", before=r"(?i:\bnon[-‐ ])"),
)
