"""Invented names: of people, offices and posts. Nobody is meant by them."""

GIVEN = (
    "Adi", "Agus", "Ani", "Ayu", "Bagus", "Bayu", "Budi", "Citra", "Dewi", "Dian", "Dwi", "Eko", "Endang", "Fajar",
    "Farida", "Galih", "Gita", "Hadi", "Hasna", "Indah", "Intan", "Irfan", "Jaya", "Joko", "Kartika", "Lestari",
    "Lukman", "Mega", "Mulyono", "Nanda", "Ningsih", "Nur", "Pandu", "Putri", "Rahmat", "Ratna", "Rina", "Rizky",
    "Sari", "Satria", "Sekar", "Sinta", "Slamet", "Surya", "Tari", "Teguh", "Tri", "Utami", "Wahyu", "Wati", "Yanti",
    "Yusuf", "Zahra", "Zainal",
)  # fmt: skip
FAMILY = (
    "Anggraini", "Asmara", "Basri", "Darmawan", "Firmansyah", "Gunawan", "Hakim", "Handayani", "Hartono", "Hidayat",
    "Iskandar", "Kurniawan", "Kusuma", "Laksana", "Mahendra", "Maulana", "Nugraha", "Nurhayati", "Pangestu",
    "Permata", "Pradana", "Prasetyo", "Puspita", "Rahayu", "Ramadhan", "Safitri", "Santoso", "Saputra", "Setiawan",
    "Siregar", "Subekti", "Sudrajat", "Suharti", "Susanto", "Sutrisno", "Syahputra", "Tarigan", "Wibowo", "Wijaya",
    "Winata", "Wulandari", "Yulianto",
)  # fmt: skip
DINAS = (
    "Pendidikan", "Kesehatan", "Sosial", "Perhubungan", "Kominfo", "Pertanian", "Perikanan", "Perdagangan",
    "Perindustrian", "Pariwisata", "Perpustakaan", "Lingkungan Hidup", "Tenaga Kerja", "Pekerjaan Umum",
    "Perumahan", "Ketahanan Pangan",
)  # fmt: skip
BADAN = ("Kepegawaian", "Perencanaan", "Keuangan", "Pendapatan", "Kesbangpol", "Penelitian")
AREAS = (
    "Baru",
    "Lama",
    "Utara",
    "Selatan",
    "Timur",
    "Barat",
    "Tengah",
    "Indah",
    "Jaya",
    "Makmur",
    "Sentosa",
    "Mulia",
)
FIELDS = ("Perencanaan", "Pembinaan", "Informasi", "Pengembangan", "Pelayanan", "Pengawasan")
CLERKS = (
    "Pengelola Data",
    "Pengadministrasi Umum",
    "Bendahara",
    "Pengelola Kepegawaian",
    "Pengelola Layanan",
)
SPECIALISTS = (
    "Analis Kepegawaian Ahli Muda", "Pranata Komputer Ahli Pertama", "Arsiparis Terampil", "Perencana Ahli Muda",
)  # fmt: skip
HELPERS = ("Tenaga Administrasi", "Operator", "Pengemudi", "Petugas Keamanan", "Pramubakti")
POSTS = ("Loket Pengaduan", "Loket Berkas")
