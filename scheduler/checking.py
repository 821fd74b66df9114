"""Checks an output folder as it lies there: rules, claimed objectives, and files against their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.read.outputs.kept import Kept, read_revision
from scheduler.read.outputs.other_policy import units_under
from scheduler.roster import Audit
from scheduler.verify import audit, false_claims
from scheduler.write.certificate import file_hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What checking an output folder found.

    Attributes
    ----------
    doubts : claims that the roster does not bear out, and files changed since they were written.
    """

    folder: Path
    units: tuple[Unit, ...]
    audits: tuple[Audit, ...]
    doubts: tuple[Bilingual, ...]

    @property
    def breaks_rules(self) -> bool:
        """Whether a rule is broken."""
        return any(found.broken for found in self.audits)

    @property
    def is_broken(self) -> bool:
        """Whether a rule is broken, or a claim or file does not stand."""
        return bool(self.doubts) or self.breaks_rules

    def as_dict(self) -> dict[str, Any]:
        """Return the check for machines."""
        return {
            "folder": self.folder.as_posix(),
            "kept": not self.is_broken,
            "doubts": [doubt.en for doubt in self.doubts],
            "units": [
                {
                    "unit": found.unit,
                    "objectives": dict(found.objectives),
                    "violations": [
                        {"rule": v.rule, "date": v.day, "people": list(v.people), "sentence": v.sentence.en}
                        for v in found.broken
                    ],
                }
                for found in self.audits
            ],
        }


def check_output(output: Path, policy: Path | None = None) -> Check:
    """Check the current revision of an output folder, against its own policy or another one.

    Raises
    ------
    InputError
        Where the folder or the policy cannot be read.
    """
    kept = read_revision(output)
    units = kept.scenario.problem.units
    if policy is not None:
        units = units_under(policy, kept)
    audits = tuple(audit(unit, kept.rosters[unit.name], kept.replaced.get(unit.name)) for unit in units)
    doubts = [*_changed_files(kept), *_untrue_summaries(kept.certificate)]
    if policy is None:
        for unit, found in zip(units, audits, strict=True):
            doubts += [
                Bilingual(id=f"{unit.name}: {claim.id}", en=f"{unit.name}: {claim.en}")
                for claim in false_claims(kept.claims[unit.name], found.objectives)
            ]
    return Check(folder=kept.folder, units=units, audits=audits, doubts=tuple(doubts))


def _changed_files(kept: Kept) -> Iterator[Bilingual]:
    """Yield each file of the revision that is not as the certificate says."""
    written = kept.certificate.get("files", {})
    present = file_hashes(kept.folder)
    for name, digest in written.items():
        if name not in present:
            yield Bilingual(id=f"{name} hilang.", en=f"{name} is missing.")
        elif present[name] != digest:
            yield Bilingual(
                id=f"{name} telah diubah sejak ditulis.", en=f"{name} has changed since it was written."
            )


def _untrue_summaries(certificate: Mapping[str, Any]) -> Iterator[Bilingual]:
    """Yield where the certificate says optimal, or within so much, and its own values and bounds say otherwise."""
    gaps: dict[str, int] = {}
    proven = not certificate.get("unfinished")
    for unit in certificate["units"]:
        unit_proven = not unit.get("interrupted")
        for stated in unit["objectives"]:
            gap = max(stated["value"] - stated["bound"], 0)
            if (stated.get("within"), stated.get("optimal")) != (gap, gap == 0):
                yield Bilingual(
                    id=f"{unit['unit']}: {stated['name']}: sertifikat menulis optimal atau jaraknya tidak menurut nilai {stated['value']} dan batas {stated['bound']}.",
                    en=f"{unit['unit']}: {stated['name']}: the certificate says optimal, or how far from it, not as its value {stated['value']} and bound {stated['bound']} do.",
                )
            if "part_of" not in stated and gap:
                unit_proven = False
                gaps[stated["name"]] = gaps.get(stated["name"], 0) + gap
        if unit.get("optimal") is not unit_proven:
            yield Bilingual(
                id=f"{unit['unit']}: sertifikat menulis optimal tidak menurut tujuan-tujuannya.",
                en=f"{unit['unit']}: the certificate says whether it is optimal not as its objectives do.",
            )
        proven = proven and unit_proven
    if certificate.get("optimal") is not proven or certificate.get("within") != gaps:
        yield Bilingual(
            id="Ringkasan sertifikat (optimal, within) tidak menurut unit-unitnya.",
            en="The certificate's summary (optimal, within) is not as its units are.",
        )
