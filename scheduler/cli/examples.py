"""What the help of each command gives as examples: what it is for, and the line to type."""

from __future__ import annotations

from scheduler.language import Bilingual

MY = Bilingual(id="kantor-saya", en="my-office")


def _line(text: str) -> Bilingual:
    """Return the line in both languages, which differ in the folder's name alone."""
    return Bilingual(id=text.replace("MY", MY.id), en=text.replace("MY", MY.en))


def _example(indonesian: str, english: str, line: str) -> tuple[Bilingual, Bilingual]:
    return Bilingual(id=indonesian, en=english), _line(line)


EXAMPLES: dict[str, tuple[tuple[Bilingual, Bilingual], ...]] = {
    "init": (
        _example("jawab beberapa pertanyaan", "answer a few questions", "giliran init MY"),
        _example("semuanya sekaligus", "all of it at once",
                 "giliran init MY --staff pegawai.xlsx --quota pelaksana=50% --turns 2"),
        _example("contoh apa saja yang ada", "which examples there are", "giliran init MY --example list"),
        _example("mulai dari salah satunya", "start from one of them", "giliran init MY --example luwu-utara"),
    ),
    "staff": (
        _example("apakah daftar ini terbaca?", "can this list be read?", "giliran staff pegawai.xlsx"),
        _example("simpan yang terbaca", "keep what was read", "giliran staff pegawai.xlsx --csv terbaca.csv"),
    ),
    "generate": (
        _example("lihat dahulu, tanpa menyusun", "look first, without solving", "giliran generate MY --dry-run"),
        _example("susun, periksa, tulis", "make, verify, write", "giliran generate MY"),
        _example("seperempat pelaksana di rumah, dua hari berturut-turut",
                 "a quarter of the rank pelaksana at home, two days in a row",
                 "giliran generate MY --quota pelaksana=25% --stint 2"),
        _example("paling lama satu menit", "within a minute", "giliran generate MY --time-limit 60"),
    ),
    "next": (
        _example("periode sesudah yang terakhir", "the period after the last", "giliran next output/MY"),
    ),
    "verify": (
        _example("periksa sebuah jadwal", "check a roster", "giliran verify output/MY"),
        _example("buku kerja yang diubah di Excel", "a workbook changed in Excel",
                 "giliran verify salinan.xlsx --against output/MY"),
    ),
    "explain": (
        _example("mengapa tidak mungkin, dan jalan keluarnya", "why it is impossible, and the ways out",
                 "giliran explain MY"),
        _example("biaya satu petugas atau pimpinan lagi", "what one more officer or leader costs",
                 "giliran explain MY --prices"),
    ),
    "replan": (
        _example("Suci sakit dua hari", "Suci is ill for two days",
                 'giliran replan output/MY --absent "Suci:3/8/2021..4/8/2021=sakit"'),
        _example("dua orang bertukar hari", "two people swap a day", 'giliran replan output/MY --swap "Budi,Suci:4/8/2021"'),
        _example("pakai yang diubah di Excel", "take what was changed in Excel",
                 "giliran replan output/MY --from-xlsx salinan.xlsx"),
        _example("kembali ke revisi 1", "back to revision 1", "giliran replan output/MY --to-revision 1"),
    ),
    "partners": (
        _example("dengan siapa Suci boleh bertukar?", "with whom may Suci swap?",
                 "giliran partners output/MY --person Suci --date 4/8/2021"),
    ),
    "today": (
        _example("hari ini", "today", "giliran today output/MY"),
        _example("hari lain", "another day", "giliran today output/MY --date 4/8/2021"),
    ),
    "checkins": (
        _example("ekspor grup WhatsApp dan Telegram", "exports of a WhatsApp and a Telegram group",
                 "giliran checkins output/MY chat.txt result.json"),
        _example("yang masuk lewat ponsel dan bot", "what came in by phone and bot",
                 "giliran checkins output/MY --database sqlite:///output/giliran.db"),
    ),
    "log": (_example("revisi-revisinya", "its revisions", "giliran log output/MY"),),
    "diff": (
        _example("dua folder hasil", "two output folders", "giliran diff hasil-1 hasil-2"),
    ),
    "purge": (
        _example("apa yang akan dihapus?", "what would be deleted?", "giliran purge output/MY --dry-run"),
    ),
    "rules": (
        _example("semua aturan", "every rule", "giliran rules"),
        _example("satu aturan dengan setelannya", "one rule with its settings", "giliran rules home_quota"),
    ),
    "synth": (
        _example("kota rekaan dengan 500 pegawai", "an invented town of 500 people", "giliran synth kota --staff 500"),
    ),
    "publish": (_example("semua periodenya", "all of its periods", "giliran publish output/MY"),),
    "tokens": (
        _example("tautan bagi semua, dengan lembar berkode QR", "links for all, with sheets of QR codes",
                 "giliran tokens make --all --sheets lembar"),
        _example("ganti tautan yang hilang", "replace a link that was lost", "giliran tokens rotate --person Suci"),
    ),
    "serve": (
        _example("terbitkan dan layani, di komputer ini", "publish and serve, on this computer",
                 "giliran serve output/MY"),
    ),
    "users": (
        _example("akun kepala unit", "an account for a unit's head", 'giliran users add siti --unit "Dinas Pendidikan"'),
        _example("siapa saja yang punya akun", "who has an account", "giliran users list"),
    ),
    "requests": (
        _example("yang menunggu", "those that wait", "giliran requests"),
        _example("kabulkan nomor 3", "grant number 3", "giliran requests --accept 3"),
    ),
    "call": (_example("panggil satu unit", "call one unit", 'giliran call --unit "Dinas Pendidikan"'),),
    "telegram-poll": (
        _example("sekali saja, untuk tugas terjadwal", "once, for a scheduled task", "giliran telegram-poll --once"),
    ),
    "backup": (_example("cadangkan", "back up", "giliran backup giliran.backup"),),
    "restore": (
        _example("pulihkan ke basis data baru", "restore into a new database",
                 "giliran restore giliran.backup --database sqlite:///baru.db"),
    ),
    "doctor": (
        _example("pemasangan ini", "this installation", "giliran doctor"),
    ),
}  # fmt: skip
"""By command: comment and line. A test holds each line against the command's options."""
