"""The misses of a set at a glance: per fault type, how many, what was lacking and who was named instead."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bench.accuracy.evidence import NO_SYMPTOM
from bench.accuracy.misses import Miss
from bench.accuracy.scorer import Row

UNREAD_SHOWN = 25


def summary_lines(rows: Sequence[Row], misses: Sequence[Miss]) -> Iterator[str]:
    """The table, then the kinds of event that no signal reads."""
    totals = Counter(row.label.fault_type for row in rows)
    typed_wrong = Counter(row.label.fault_type for row in rows if row.rank == 1 and row.fault_rank != 1)
    by_type: dict[str | None, list[Miss]] = defaultdict(list)
    for miss in misses:
        by_type[miss.row.label.fault_type].append(miss)
    for fault_type, total in sorted(totals.items(), key=lambda item: (-len(by_type[item[0]]), item[0] or "")):
        wrong = by_type[fault_type]
        yield f"{fault_type}: {len(wrong)} of {total} wrong, {typed_wrong[fault_type]} right ones of another type"
        yield from _counted("lacking", Counter(miss.lacking() for miss in wrong))
        yield from _counted("named instead", Counter(_named(miss) for miss in wrong))
        yield from _counted("rank", Counter(str(miss.row.rank or "none") for miss in wrong))
    yield "kinds of event that are no info and have no class, over these cases:"
    unread: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for miss in misses:
        for said in miss.evidence.about.values():
            for each, count in said.items():
                if each.symptom_class == NO_SYMPTOM and each.severity != "info":
                    unread[each.kind] += count
                    examples.setdefault(each.kind, each.example)
    for kind, count in unread.most_common(UNREAD_SHOWN):
        yield f"  {count:5d} × {kind}, such as: {examples[kind]}"


def _named(miss: Miss) -> str:
    winner = miss.winner
    return f"{miss.outcome.named[0]} [{winner.cause.symptom_class}, {winner.pattern or 'no pattern'}]" if winner is not None else "nobody"


def _counted(title: str, counts: Counter[str]) -> Iterator[str]:
    if counts:
        yield f"    {title}: " + "; ".join(f"{text} × {count}" for text, count in counts.most_common(8))
