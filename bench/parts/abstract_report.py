"""How well abstracts are read: what the rules find, compared with a reader's labels.

Run python bench/parts/abstract_report.py LABELS.tsv TEXTS.jsonl. The labels are in
tests/fixtures/abstracts. The texts are not ours to publish: one JSON object a line, with "digest"
and "abstract".
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from oograph.graph.vocabulary import load_vocabulary
from oograph.graph.vocabulary.abstracts import load_abstract_reader

#: Digest -> (kind, concept) -> the matched words.
Labels = Mapping[str, Mapping[tuple[str, str], str]]

_KINDS = {
    "platform": "platforms",
    "country": "countries",
    "method": "methods",
    "topic": "topics",
    "work-type": "work-types",
    "sector": "sectors",
}
#: A label's concept -> the concept added since, or the nearest wider one.
_NOW = {
    "analytical-model": "formal-model",
    "developing-countries": "global-south",
    "latent-class-analysis": "quantitative-research",
    "matching-methods": "econometric-analysis",
    "mediation-analysis": "quantitative-research",
    "participatory-design": "co-design",
    "propensity-score-matching": "econometric-analysis",
    "quasi-experiment": "natural-experiment",
    "survival-analysis": "econometric-analysis",
}
#: A method -> narrower methods for which it counts as right.
_WIDER = {
    "econometric-analysis": {"difference-in-differences"},
    "qualitative-research": {
        *("document-analysis", "discourse-analysis", "thematic-analysis", "open-coding"),
        "walkthrough-method",
    },
    "quantitative-research": {
        *("structural-equation-modelling", "network-analysis", "text-mining"),
        "machine-learning",
    },
}


def read_labels(path: Path) -> Labels:
    """The labels in a file, with the present names of new concepts."""
    labels: dict[str, dict[tuple[str, str], str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            of_abstract = labels.setdefault(row["digest"], {})
            concept = row["concept"].removeprefix("new:")
            if kind := _KINDS.get(row["kind"]):
                of_abstract[kind, _NOW.get(concept, concept)] = row["matched_words"]
    return labels


def measure(labels: Labels, texts: Mapping[str, str]) -> Mapping[tuple[str, str], Counter[str]]:
    """Count readings by kind and rule as "right" or "wrong", and labels by kind and "" as "missed".

    Kinds without labels are left out.
    """
    reader = load_abstract_reader()
    kinds = {kind for expected in labels.values() for kind, _ in expected}
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for digest, expected in labels.items():
        read = reader.read(texts[digest])
        every = read.readings if read else ()
        readings = {(r.scheme, r.concept): r for r in every if r.scheme in kinds}
        for (kind, concept), reading in readings.items():
            is_right = _is_right(kind, concept, expected)
            counts[kind, reading.rule]["right" if is_right else "wrong"] += 1
        for kind, _ in expected.keys() - readings.keys():
            counts[kind, ""]["missed"] += 1
    return counts


def _is_right(kind: str, concept: str, expected: Mapping[tuple[str, str], str]) -> bool:
    """Whether the labels have the concept, by name or matched words, or a narrower one."""
    vocabulary = load_vocabulary()
    labelled = {c for k, c in expected if k == kind}
    words = {w for (k, _), w in expected.items() if k == kind and w}
    named = {(vocabulary.concept(kind, w) or "").rpartition("/")[2] for w in words}
    return concept in labelled | named or bool(_WIDER.get(concept, set()) & labelled)


def markdown(counts: Mapping[tuple[str, str], Counter[str]]) -> str:
    """The figures as two Markdown tables, by kind and by rule."""
    return "\n".join((*_by_kind(counts), "", *_by_rule(counts)))


def _by_kind(counts: Mapping[tuple[str, str], Counter[str]]) -> Iterator[str]:
    yield "| kind | right | wrong | missed | precision | recall |"
    yield "|---|---:|---:|---:|---:|---:|"
    for kind in dict.fromkeys(kind for kind, _ in counts):
        c: Counter[str] = sum((n for (k, _), n in counts.items() if k == kind), Counter())
        precision = _share(c["right"], c["right"] + c["wrong"])
        recall = _share(c["right"], c["right"] + c["missed"])
        yield f"| {kind} | {c['right']} | {c['wrong']} | {c['missed']} | {precision} | {recall} |"


def _by_rule(counts: Mapping[tuple[str, str], Counter[str]]) -> Iterator[str]:
    yield "| rule | right | cases |"
    yield "|---|---:|---:|"
    for (_, rule), c in sorted(counts.items()):
        if rule:
            yield f"| `{rule}` | {c['right']} | {c['right'] + c['wrong']} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else ""


if __name__ == "__main__":
    every = map(json.loads, Path(sys.argv[2]).read_text(encoding="utf-8").splitlines())
    texts = {item["digest"]: item["abstract"] for item in every}
    print(markdown(measure(read_labels(Path(sys.argv[1])), texts)))
