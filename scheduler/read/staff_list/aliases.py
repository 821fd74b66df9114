"""The headers under which offices print each field, as plain words (`words_of`); matched whole, never in part.

Order within a field is preference: where a list has two columns for one field the earlier alias wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_TABLE = {
    "number": "no; nomor; no urut; nomor urut; nourut; nr; no absen; num; row; urut",
    "id": "person id; id; id pegawai; kode pegawai; employee id; staff id",
    "name": """nama lengkap; nama pegawai; nama; nama lengkap pegawai; nama asn; nama pns; nama pppk; nama personil;
        nama personel; nama karyawan; nama staf; nama tenaga; nama honorer; nama non asn; nama lengkap dan gelar;
        nama dan gelar; nama beserta gelar; nama lengkap dengan gelar; nama dengan gelar; nama lengkap beserta gelar;
        nama pegawai asn; nama pegawai negeri sipil; nama aparatur; nama dan gelar pegawai; nama pejabat;
        nama pejabat pegawai; nama petugas; nama ptt; nama tkd; nama thl; nama guru; nama asn non asn;
        nama aparatur sipil negara; nama gelar; nama lengkap gelar; nama sesuai sk; nama sesuai ktp;
        pegawai; name; full name; employee name; staff name; employee; nama pegawai non asn; nama asn dan non asn;
        nama lengkap asn; nama lengkap pns; pegawai nama; nama pns pppk; nama personalia; nama anggota; nama sdm""",
    "plain_name": """nama tanpa gelar; nama lengkap tanpa gelar; nama pegawai tanpa gelar; nama saja; nama asli;
        name without degrees; nama asli tanpa gelar""",
    "title_before": "gelar depan; gelar di depan; gelar dpn; gelar depan nama; titel depan; depan; gelar muka; title",
    "title_after": """gelar belakang; gelar di belakang; gelar blkg; gelar blk; gelar belakang nama; titel belakang;
        belakang; gelar; gelar akademik; degrees; gelar akhir""",
    "name_nip": """nama nip; nama dan nip; nama lengkap nip; nama pegawai nip; nama nip pegawai; nip nama; nip dan nama;
        nama lengkap dan nip; nama pegawai dan nip; nama nip baru; nama nip nipppk; nama nip ni pppk; nama nip nippk;
        nama gelar nip; nama nip gol; nama lengkap nip baru; nama nip niptt; nama nik; nama nip nik; name nip;
        nama pegawai nip ni pppk; nama lengkap nip ni pppk; nip nama pegawai; nama asn nip; nama id; nama nrp;
        nama dan nip pegawai; nip nama lengkap; nama dan gelar nip""",
    "nip": """nip; nip baru; nip ni pppk; nip nipppk; nip nippk; nip ni pppk id; ni pppk; nipppk; nippk; nip pppk;
        nip pns; nomor induk pegawai; no induk pegawai; nomor induk; no induk; nip nik; nip nrp; nip nitk; nip niptt;
        nip nrptt; nip no peg; nip id; nip ni p3k; ni p3k; nip p3k; nip ni; nip nomor induk; nip18 digit; nip 18 digit;
        nip baru 18 digit; nip pegawai; no nip; nomor nip; nip asn; nip nitkd; nip no reg; nip nomor pegawai;
        nip no pegawai; nomor induk pegawai baru; nip ni pppk nik; nip pns ni pppk; nomor pegawai; no pegawai;
        nip nipt; nip nipppk nik; nomor induk pegawai nip; nip atau ni pppk; nip ni pppk no id; nip ni pppk nomor id""",
    "sex": """lp; jenis kelamin; jk; jns kelamin; jenis kel; kelamin; sex; gender; kel; jenis kelamin lp; jkel;
        jkl; lk pr; lpr; jenkel; j kel; l kp""",
    "grade": """pangkat gol ruang; pkt gol; gol rg; pangkat gol rg; pangkat golongan ruang; pangkat gol; pangkat golongan; gol ruang; golongan ruang;
        gol; golongan; pangkat dan golongan; pangkat dan golongan ruang; pangkat dan gol ruang; gol pangkat; golru;
        golongan pangkat; kepangkatan; pangkat gol ru; gol ru; grade; pangkat gol terakhir; pangkat terakhir;
        pangkat golongan terakhir; golongan terakhir; pangkat gol ruang terakhir; gol akhir; golongan akhir;
        pangkat ruang; pangkat dan gol""",
    "grade_title": "pangkat; nama pangkat; pangkat pegawai",
    "position": """jabatan; jab; nama jab; nama jabatan; jabatan sekarang; jabatan terakhir; jabatan saat ini; nama jabatan terakhir;
        jabatan pegawai; jabatan nama; uraian jabatan; jabatan tugas; tugas jabatan; jabatan pekerjaan; posisi;
        position; job title; post; jabatan baru; nomenklatur jabatan; tugas; pekerjaan; jabatan definitif;
        jabatan struktural fungsional; jabatan fungsional struktural; jabatan dan tugas; tugas pekerjaan;
        jabatan lengkap; jabatan tmt""",
    "position_kind": """jenis jabatan; kelompok jabatan; kategori jabatan; rumpun jabatan; tipe jabatan; jenjang jabatan;
        jabatan jenis; kind of position; sifat jabatan; tingkat jabatan""",
    "echelon": """eselon; esselon; eselon jabatan; eselonering; eselonisasi; es; esl; echelon; tingkat eselon; eselon ruang;
        gol eselon; level eselon; eselon struktural""",
    "office": """opd; skpd; perangkat daerah; pd; nama opd; nama skpd; nama perangkat daerah; unor induk; unit induk;
        satuan kerja perangkat daerah; organisasi perangkat daerah; unit organisasi induk; dinas badan; badan dinas;
        dinas instansi; skpd opd; opd skpd; agency; skpk; skpa; unit kerja induk; nama dinas; dinas;
        opd unit kerja; skpd unit kerja; unit kerja opd; unit kerja skpd; dinas badan kantor; perangkat daerah opd""",
    "unit": """unit kerja; unor; unit organisasi; nama unit kerja; unit; satuan kerja; satker; kantor; tempat tugas;
        nama unor; tempat bekerja; unit kerja sekarang; lokasi kerja; tempat kerja; unit tugas; unit penempatan;
        penempatan; office; unit kerja unor; nama unit organisasi; satuan organisasi; unit kerja saat ini; nama satker;
        nama kantor; nama unit; unit kerja penempatan; tempat penugasan; instansi unit kerja; unit kerja instansi;
        satuan unit kerja; lokasi tugas""",
    "institution": "instansi; nama instansi; instansi kerja; instansi induk; pemerintah daerah",
    "sub_unit": """bidang; sub unit; subunit; bidang bagian; sub unit kerja; unit kerja bidang; bidang unit;
        bidang sekretariat; bidang seksi; nama bidang; sub unit organisasi; bidang sub bidang; sekretariat bidang;
        bagian bidang; ruangan; ruang kerja; unit kerja kecil; sub bagian bidang; bidang bagian seksi;
        sub organisasi; sub unor; bidang sub bagian; divisi; bidang sekretariat upt; sub unit bidang; unit bagian""",
    "section": """seksi; sub bagian; subbag; sub bidang; subbid; seksi subbag; sub bagian seksi; subbagian; subbidang;
        seksi sub bagian; bagian; subbag seksi; sub bidang sub bagian; sub bagian sub bidang; tim kerja""",
    "employment": """status kepegawaian; stat kepeg; status pegawai; jenis pegawai; jenis kepegawaian; jenis asn; kategori pegawai;
        status asn; status pns; jenis status; jenis status pegawai; status kepeg; employment; asn non asn;
        kategori kepegawaian; golongan pegawai; jenis tenaga; status tenaga; status; status pns pppk;
        pns non pns; pns pppk; pns cpns pppk; status kerja; jns pegawai; jns kepegawaian; ket status pegawai;
        kelompok pegawai; jenis pegawai asn non asn; status kepegawaian asn non asn; status asn non asn""",
    "standing": "kedudukan hukum; kedudukan; kedudukan pns; kedudukan asn; status aktif; keaktifan; kedudukan pegawai",
    "supervisor": """atasan langsung; nama atasan langsung; nama atasan; atasan; pejabat penilai; nama pejabat penilai;
        supervisor; atasan langsung nama; atasan nama; pimpinan langsung; penilai; nama atasan langsung pegawai;
        atasan langsung pejabat penilai; atasan nip; nama nip atasan; nama nip atasan langsung; penanggung jawab""",
    "supervisor_nip": """nip atasan; nip atasan langsung; nip pejabat penilai; atasan langsung nip; supervisor id;
        nip pimpinan; supervisor nip; id atasan; nip penilai; nip baru atasan; nip atasan langsung pegawai""",
    "phone": """no wa; nomor wa; no whatsapp; nomor whatsapp; wa; whatsapp; no hp wa; no wa hp; no hp; nomor hp; hp;
        no handphone; nomor handphone; handphone; no ponsel; nomor ponsel; ponsel; telepon; no telepon;
        nomor telepon; telp; no telp; nomor telp; tlp; no tlp; no telp hp; no hp telp; telepon hp; hp wa; wa hp;
        no hp telepon; no telepon hp; nomor telepon hp; phone; mobile; no kontak; kontak; nomor kontak;
        no telpon; telpon; nomor telpon; no telp wa; no hp whatsapp; nomor hp whatsapp; nomor hp wa; no hp aktif;
        no wa aktif; nomor whatsapp aktif; nomor wa aktif; nomor hp aktif; hp whatsapp; telepon seluler; no seluler;
        nomor telepon wa; no telepon wa; nomor hp telepon; contact; phone number; whatsapp number""",
    "it_capable": """mampu ti; bisa ti; kemampuan ti; mampu it; bisa it; kemampuan it; menguasai ti; menguasai it; ti; it;
        mampu menggunakan ti; bisa menggunakan ti; mampu menggunakan it; it capable; mampu teknologi informasi;
        bisa komputer; mampu komputer; kemampuan komputer; mampu mengoperasikan ti; cakap ti; mampu daring;
        mampu mengoperasikan komputer; menguasai teknologi informasi; mampu menggunakan teknologi informasi;
        penguasaan ti; penguasaan it; dapat ti; mahir ti; melek ti; bisa menggunakan it; dapat menggunakan ti;
        dapat menggunakan it; kemampuan teknologi informasi; it able; mampu bekerja daring; bisa daring;
        mampu mengoperasikan it; bisa mengoperasikan komputer; mampu ti ya tidak; mampu it ya tidak;
        bisa ti ya tidak; menguasai komputer""",
    "service_post": """loket; loket layanan; loket pelayanan; pos layanan; pos pelayanan; petugas loket; service post;
        pos piket; piket; layanan; pelayanan; tugas loket; petugas layanan; petugas pelayanan; loket tugas;
        loket yang dilayani; service posts; bertugas di loket; pos layanan loket; pos jaga; meja layanan; nama loket;
        counter; gerai; gerai layanan; konter""",
    "monitor": """pemantau; petugas pemantau; calon pemantau; monitor; admin pemantau; tim pemantau; petugas monitoring;
        pengawas wfh; pemantau wfh; pemantau kehadiran; petugas monitor; bisa memantau; pemantau lokasi;
        sebagai pemantau; pemantau ya tidak; calon petugas pemantau""",
    "telegram": """telegram; id telegram; akun telegram; username telegram; user telegram; telegram id; nama telegram;
        user id telegram; no telegram; nomor telegram; telegram user; telegram username; pengguna telegram""",
    "latitude": """lintang; latitude; lat; garis lintang; koordinat lintang; lintang rumah; titik lintang; koordinat x lat;
        lintang selatan; lintang tempat tinggal; lintang domisili; latitude rumah; home latitude; lat rumah; y""",
    "longitude": """bujur; longitude; long; lon; lng; garis bujur; koordinat bujur; bujur rumah; titik bujur; bujur timur;
        bujur tempat tinggal; bujur domisili; longitude rumah; home longitude; long rumah; lon rumah; x""",
    "coordinates": """koordinat; titik koordinat; koordinat rumah; lintang bujur; lat long; lat lon; latlong; latlon;
        koordinat tempat tinggal; lokasi rumah; koordinat lintang bujur; titik rumah; share lokasi; coordinates;
        koordinat domisili; lintang dan bujur; lat lng""",
    "rank": "rank; jenjang; level; level jabatan",
    "joins": """joins; tanggal masuk; tgl masuk; mulai bertugas; mulai bekerja; tmt masuk; tmt unit kerja; tmt bertugas;
        tmt kerja; tanggal mulai bekerja; tgl mulai bekerja; tanggal mulai bertugas; tgl mulai bertugas; tmt unit;
        masuk; tmt mulai bekerja; tmt melaksanakan tugas; tmt di unit kerja; tmt mutasi masuk; mutasi masuk""",
    "leaves": """leaves; tanggal keluar; tgl keluar; berhenti; tanggal berhenti; tgl berhenti; tmt pensiun; pensiun;
        tanggal pensiun; tgl pensiun; akhir kontrak; keluar; tmt berhenti; mutasi keluar; tmt keluar;
        tmt mutasi keluar; kontrak berakhir; tanggal akhir kontrak""",
    "note": "ket; keterangan; catatan; note; notes; remarks; keterangan lain; ket lain; catatan khusus",
    "tags": "tags; tag; penanda; tanda; kelompok; label",
    "unit_class": "unit class; kelas unit; jenis unit",
}

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        alias: field
        for field, text in _TABLE.items()
        for alias in (" ".join(part.split()) for part in text.split(";"))
        if alias
    }
)
"""Field by alias."""

PREFERENCE: Mapping[str, int] = MappingProxyType({alias: order for order, alias in enumerate(ALIASES)})
"""Position of each alias in the table, for choosing between two columns of one field."""

_UNREAD = """tmt; thn; tahun; bln; bulan; tgl; tanggal; email; e mail; surel; alamat; alamat rumah; alamat email; nik; no ktp;
    npwp; usia; umur; agama; pendidikan; pendidikan terakhir; masa kerja; masa kerja golongan; tempat lahir;
    tanggal lahir; tgl lahir; tempat tanggal lahir; ttl; tmt golongan; tmt pangkat; tmt jabatan; tmt cpns; tmt pns;
    tmt gol; jurusan; tingkat; lulus; lulus tahun; tahun lulus; diklat; latihan jabatan; jumlah jam; jml jam; jam;
    catatan mutasi; kelas jabatan; tanda tangan; ttd; paraf; foto; no rekening; nomor rekening; bank; nama bank;
    status perkawinan; status kawin; kawin; gaji; no sk; nomor sk; tgl sk; tanggal sk; sk; karpeg; no karpeg;
    nip lama; suami istri; nama suami istri; alamat domisili; domisili; kelurahan desa; kecamatan; ijazah;
    tingkat ijazah; rt rw; golongan darah; suku; no bpjs; masa kerja keseluruhan; tmt eselon; jumlah; tempat;
    kode unor; kode; mkg; unit kerja lama; jabatan lama; shift; sekolah universitas; universitas; nama sekolah;
    kelahiran; lahir; keluarga; jumlah anak; status keluarga; pendidikan akhir; jenjang pendidikan; istri; istri suami; nama istri suami; riwayat pendidikan"""

UNREAD = frozenset(" ".join(part.split()) for part in _UNREAD.split(";"))
"""Headers that are known and left unread, besides those that are unknown."""

HOSTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "name": frozenset({"title_before", "title_after", "name", "plain_name", "nip", "name_nip", "number"}),
        "name_nip": frozenset({"name", "nip"}),
        "position": frozenset({"position", "position_kind", "echelon"}),
        "grade": frozenset({"grade", "grade_title"}),
        "grade_title": frozenset({"grade", "grade_title"}),
        "office": frozenset({"office", "unit", "sub_unit", "section"}),
        "unit": frozenset({"office", "unit", "sub_unit", "section"}),
        "coordinates": frozenset({"latitude", "longitude"}),
        "phone": frozenset({"phone", "telegram"}),
        "employment": frozenset({"employment", "standing"}),
        "service_post": frozenset({"service_post"}),
    }
)
"""Which fields a header merged over several columns may have beneath it, read by the lower header alone."""

ENUMERATED = frozenset(
    {"sex", "employment", "it_capable", "monitor", "position_kind", "service_post", "echelon"}
)
"""Fields that lists also lay out as one column for each value, with a mark in one of them."""
