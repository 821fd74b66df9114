"""What the check-in page says, in both languages."""

from __future__ import annotations

from scheduler.language import Bilingual

WORDS = {
    "title": Bilingual(id="Presensi", en="Check-in"),
    "press": Bilingual(id="Saya di sini", en="I am here"),
    "checkpoints": Bilingual(id="Yang diminta hari ini", en="Asked for today"),
    "none": Bilingual(id="Hari ini tidak ada presensi yang diminta.", en="No check-in is asked for today."),
    "seen": Bilingual(id="Yang sudah tercatat", en="Recorded so far"),
    "nothing": Bilingual(id="Belum ada.", en="Nothing yet."),
    "coming": Bilingual(id="Berikutnya", en="Next"),
    "answer": Bilingual(id="Jawab: saya di sini", en="Answer: I am here"),
    "reason": Bilingual(
        id="Alasan bila lokasi tidak dapat dikirim", en="Reason, where no location can be sent"
    ),
    "send_reason": Bilingual(id="Kirim tanpa lokasi", en="Send without location"),
    "activity": Bilingual(id="Kegiatan hari kerja", en="Work done"),
    "day": Bilingual(id="Hari", en="Day"),
    "target": Bilingual(id="Target kinerja (SKP)", en="Target (SKP)"),
    "done": Bilingual(id="Kegiatan dan hasilnya", en="What was done, and its result"),
    "send_activity": Bilingual(id="Simpan kegiatan", en="Save the entry"),
    "permit": Bilingual(id="Minta izin", en="Ask for leave"),
    "kind": Bilingual(id="Jenis", en="Kind"),
    "first": Bilingual(id="Mulai", en="First day"),
    "last": Bilingual(id="Sampai", en="Last day"),
    "why": Bilingual(id="Alasan", en="Reason"),
    "send_permit": Bilingual(id="Kirim permintaan", en="Send the request"),
    "telegram": Bilingual(id="Telegram", en="Telegram"),
    "linked": Bilingual(id="Akun Telegram sudah ditautkan.", en="A Telegram account is linked."),
    "not_linked": Bilingual(
        id="Tautkan akun Telegram Anda agar lokasi langsung yang dibagikan di sana dihitung.",
        en="Link your Telegram account so that live locations shared there count.",
    ),
    "get_code": Bilingual(id="Buat kode tautan", en="Make a code"),
    "open_bot": Bilingual(id="Buka bot dan tautkan", en="Open the bot and link"),
    "send_code": Bilingual(
        id="Kirim ini kepada bot, sekali saja; kode lama tidak berlaku lagi:",
        en="Send this to the bot, once; former codes no longer work:",
    ),
    "privacy": Bilingual(
        id="Lokasi dicatat hanya saat tombol ditekan, untuk memeriksa presensi. Jangan berikan tautan ini kepada orang lain.",
        en="Your location is recorded only when you press the button, to check attendance. Give this link to nobody.",
    ),
    "other": Bilingual(id="English", en="Bahasa Indonesia"),
}
SPOKEN = {
    "sending": Bilingual(id="Mengirim…", en="Sending…"),
    "locating": Bilingual(id="Mencari lokasi…", en="Finding your location…"),
    "queued": Bilingual(
        id="Belum terkirim ({}). Disimpan di ponsel ini dan dikirim begitu ada jaringan; biarkan halaman terbuka atau buka lagi nanti.",
        en="Not sent yet ({}). Kept on this phone and sent once there is a network; leave the page open, or open it again later.",
    ),
    "kept": Bilingual(
        id="Tanpa jaringan. Halaman ini seperti terakhir dibaca, {}. Presensi tetap dapat dikirim: disimpan dulu di ponsel ini.",
        en="No network. This page is as it was last read, {}. You can still check in: it is kept on this phone first.",
    ),
    "past": Bilingual(
        id="Tanpa jaringan. Jadwal hari ini belum terbaca (terakhir: {}). Presensi tetap dapat dikirim: disimpan dulu di ponsel ini.",
        en="No network. Today's roster has not been read yet (last: {}). You can still check in: it is kept on this phone first.",
    ),
    "ended": Bilingual(
        id="Tautan ini tidak berlaku lagi. Minta yang baru kepada bagian kepegawaian.",
        en="This link is no longer valid. Ask your personnel office for a new one.",
    ),
    "denied": Bilingual(
        id="Izin lokasi ditolak. Izinkan di setelan peramban, atau tulis alasan di bawah.",
        en="Location was refused. Allow it in the browser's settings, or give the reason below.",
    ),
    "unavailable": Bilingual(
        id="Lokasi tidak ditemukan. Nyalakan GPS dan coba lagi, atau tulis alasan di bawah.",
        en="No location was found. Switch GPS on and try again, or give the reason below.",
    ),
    "timeout": Bilingual(
        id="Lokasi terlalu lama dicari. Coba lagi, atau tulis alasan di bawah.",
        en="Finding the location took too long. Try again, or give the reason below.",
    ),
    "unsupported": Bilingual(
        id="Ponsel ini tidak dapat mengirim lokasi. Tulis alasan di bawah.",
        en="This phone cannot send a location. Give the reason below.",
    ),
    "empty": Bilingual(id="Tulis alasannya dahulu.", en="Give the reason first."),
}
"""What the page's script says."""
TOLD = {
    "stored": Bilingual(id="Tercatat.", en="Recorded."),
    "repeated": Bilingual(id="Sudah tercatat sebelumnya.", en="It was recorded before."),
    "asked": Bilingual(id="Permintaan terkirim.", en="The request was sent."),
    "noted": Bilingual(id="Kegiatan tersimpan.", en="The entry was saved."),
}
"""What is told after a form was sent without JavaScript, by the `said` of the address."""
FAILURES = {
    "denied": Bilingual(id="izin lokasi ditolak", en="location refused"),
    "unavailable": Bilingual(id="lokasi tidak ditemukan", en="no location found"),
    "timeout": Bilingual(id="lokasi terlalu lama dicari", en="location took too long"),
    "unsupported": Bilingual(id="ponsel tanpa lokasi", en="phone without location"),
    "answer": Bilingual(id="jawaban panggilan", en="answer to a call"),
}
"""Why a check-in has no place."""
