"""Writes docs/checkins.md, its tables from the settings themselves: python docs/make_checkins.py."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_origin

sys.path.insert(0, str(Path(__file__).parent))

from make_reference import _model_in, _rows, _table

from scheduler.checkins.flags import FLAGS
from scheduler.checkins.settings import CheckinSettings
from scheduler.checkins.verdicts import GRADES, MEANINGS, REASONS, VERDICTS

TARGET = Path(__file__).parent / "checkins.md"
HEAD = """<!-- Dibuat oleh docs/make_checkins.py; jangan disunting. Made by docs/make_checkins.py; do not edit. -->

# Presensi · Check-ins

**Ringkas.** Tabel `[checkins]` di `policy.toml` menulis apa yang diminta surat edaran dari yang bekerja dari rumah:
kirim lokasi pada jam tertentu, bagikan lokasi langsung, dapat dihubungi, catat kegiatan. `giliran checkins KELUARAN
BUKTI...` membandingkan bukti dengan jadwal: `--database` menambahkan yang masuk lewat halaman ponsel dan bot Telegram.
Putusan tidak pernah menghukum; tanda (flag) hanya mengajak melihat sekali lagi.

The `[checkins]` tables of a policy say what is asked of people on which days, and what counts as an answer.
`giliran checkins OUTPUT EVIDENCE...` holds the evidence against the roster; `--database URL` adds what came in on the
phone's page and by the Telegram bot (see [operations.md](operations.md)). Every setting can be changed for one run by
`--set checkins.KIND[NAME].FIELD=VALUE`.

```toml
[[checkins.point]]                      # send your location at these times
at = ["08:00", "11:00", "14:00", "16:00"]
before_minutes = 15
after_minutes = 30
within_metres = 500                     # of home, where the staff list has one
channel = ["whatsapp", "app"]

[[checkins.interval]]                   # share a live location for eight hours
start = "07:30"
length_minutes = 480
channel = "telegram"
least_grade = "track"

[[checkins.reachability]]               # answer a call within a quarter of an hour
within_minutes = 15

[[checkins.activity]]                   # one entry of work a day, against a target
at_least = 1

[checkins.privacy]
coordinates = "drop"
retention_days = 30
```

## What comes from where

| evidence | how it comes | channel | grade |
|---|---|---|---|
| location, or a reason without one, on the phone's page | `--database` | `app` | `app` |
| work entered on the page | `--database` | `activities` or `app` | `app` |
| an answer to `giliran call`: a tap on the page, a message to the bot | `--database` | `calls` or `app` | `app` |
| live location seen by the bot | `--database`, or its updates as JSON lines | `bot`, `telegram` | `track` |
| a place sent to the bot | the same | `bot`, `telegram` | `export` |
| Telegram Desktop's `result.json` | file | `telegram` | `export` |
| WhatsApp's export | file | `whatsapp` | `self_declared` |
| an attendance app's table; what a Google Form says of the time | file | `app` | `app` |
| a place written into an answer of a Google Form | file | `app` | `self_declared` |
| a call log, an activity log; the scenario's table `activities`, unasked | file | `calls`, `activities` | `self_declared` |

The phone's page tells, of each check-in, the phone's clock when pressed and when sent and the server's when received;
what counts is the server's less the time for which the phone held it back. A request for leave is no evidence until it
is accepted: an absence then takes effect by `giliran replan`, leave to go out in the next `giliran checkins`.

**Pengirim.** Nama kontak tidak pernah ditebak. Siapa yang belum dikenal ada di `checkins/aliases.xlsx`: pilih orangnya dari
daftar saran (`-` bila bukan pegawai), simpan, tutup, ulangi; `aliases.csv` sama isinya, untuk program. Contact names are
never guessed: choose who they are from the list in `checkins/aliases.xlsx` (`-` for who is not of the staff), save, close
and run again; `aliases.csv` says the same for programs.

**Pesan yang dihapus.** A message that was deleted, or never reached the exporter's phone, may have been the check-in: in
its window the verdict is `unprovable`, never `missing`.

"""
ABOUT = {
    "point": "Kirim tanda pada jam tertentu.",
    "pair": "Datang dan pulang, seperti dicatat aplikasi presensi.",
    "interval": "Bagikan lokasi langsung berjam-jam; hanya jejak bot yang membuktikannya.",
    "reachability": "Jawab panggilan (`giliran call`, atau catatan telepon) dalam sekian menit.",
    "activity": "Catat kegiatan harian terhadap target kinerja.",
    "membership": "Berada di grup tempat presensi dikirim.",
    "place": "Wilayah yang tidak boleh ditinggalkan tanpa izin.",
    "review": "Mulai kapan sesuatu ditandai untuk dilihat lagi.",
    "privacy": "Apa yang disimpan tentang tempat orang, dan berapa lama (UU 27/2022).",
    "monitor": "Siapa yang memantau presensi sebuah kantor.",
}


def page() -> str:
    """Return the whole page."""
    parts = [HEAD, "## Settings\n"]
    for name, info in CheckinSettings.model_fields.items():
        model = _model_in(info.annotation)
        assert model is not None
        brackets = f"[[checkins.{name}]]" if get_origin(info.annotation) is tuple else f"[checkins.{name}]"
        parts.append(f"### `{brackets}`\n\n{ABOUT[name]} {(model.__doc__ or '').strip()}\n")
        parts.append(_table(_rows(model)))
    parts.append("## Verdicts\n\n| verdict | | meaning | arti |\n|---|---|---|---|")
    parts += [
        f"| `{key}` | {word.id} | {MEANINGS[key].en} | {MEANINGS[key].id} |" for key, word in VERDICTS.items()
    ]
    parts.append(
        "\nSebuah berkas menjangkau sebuah kantor bila seorang pegawainya presensi di dalamnya, atau sedikitnya tiga orang (atau separuh "
        "kantor kecil) dikenali di dalamnya; salam seorang tamu tidak cukup. A file reaches an office where one of its people "
        "checked in in it, or at least three of them (or half of a small office) were recognised in it; a guest's greeting is not enough."
    )
    parts.append(
        "\n## Reasons: the column `reason` of `checkins.csv`\n\n| reason | meaning | arti |\n|---|---|---|"
    )
    parts += [f"| `{key}` | {reason.en} | {reason.id} |" for key, reason in REASONS.items()]
    parts.append("| a code of `reasons` | one of the policy's own | salah satu alasan di kebijakan |")
    parts.append("\n## Grades, best first\n\n| grade | | |\n|---|---|---|")
    parts += [f"| `{key}` | {grade.en} | {grade.id} |" for key, grade in GRADES.items()]
    parts.append(
        "\n## Flags: for a second look, never held against anyone\n\n| flag | meaning | arti |\n|---|---|---|"
    )
    parts += [f"| `{key}` | {flag.en} | {flag.id} |" for key, flag in FLAGS.items()]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8", newline="\n")
