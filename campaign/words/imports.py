"""Words of imported workbooks: what is wrong with a file or a cell."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "WorkbookKind": {
        "areas": _("Wilayah dan angka PUS"),
        "candidates": _("Daftar calon"),
        "facilities": _("Fasilitas kesehatan"),
        "items_methods": _("Barang dan metode"),
        "providers": _("Tenaga pelayanan"),
        "stock": _("Saldo awal gudang"),
    },
    "Action": {
        "apply-upload": _("Menerapkan buku kerja"),
        "preview-upload": _("Memeriksa buku kerja"),
    },
    "Error": {
        "campaign-missing": _("Pilih kampanye untuk daftar calon ini."),
        "cell-empty": _("Sel ini wajib diisi."),
        "code-taken": _("Kode ini sudah dipakai yang lain."),
        "column-missing": _("Kolom ini tidak ada. Pakai templat yang baru diunduh."),
        "control-character": _("Sel memuat huruf yang tidak terlihat. Ketik ulang isinya."),
        "date-as-text": _("Tanggal tertulis sebagai teks. Ketik ulang sebagai tanggal, misalnya 2027-06-14."),
        "date-outside": _("Tanggal ini tidak mungkin."),
        "district-differs": _("Kode kota tidak cocok dengan kode wilayahnya."),
        "error-cell": _("Sel ini berisi kesalahan rumus."),
        "file-damaged": _("Berkas ini rusak. Simpan ulang dari lembar kerja, lalu unggah lagi."),
        "file-empty": _("Berkas ini kosong."),
        "file-has-password": _("Berkas ini berkata sandi. Simpan tanpa kata sandi."),
        "file-is-not-a-workbook": _("Ini bukan buku kerja Excel (.xlsx)."),
        "file-is-old-xls": _("Ini berkas Excel lama (.xls). Simpan sebagai .xlsx."),
        "file-is-text": _("Ini berkas teks atau CSV. Simpan sebagai .xlsx, atau pakai templatnya."),
        "file-refused": _("Berkas ini tidak dapat dibaca."),
        "file-too-large": _("Berkas ini terlalu besar: paling banyak %(most_mb)s MB."),
        "file-unpacks-too-large": _("Isi berkas ini terlalu besar: paling banyak %(most_mb)s MB."),
        "formula-cell": _("Sel ini berisi rumus. Tempelkan sebagai nilai."),
        "headings-missing": _("Baris judul tidak ditemukan. Yang diharapkan: %(headings)s."),
        "nik-is-a-number": _(
            "NIK tersimpan sebagai angka sehingga angka terakhirnya hilang. Ketik ulang sebagai teks."
        ),
        "nik-lost-a-digit": _("NIK hanya 15 angka: nol di depan hilang. Ketik ulang sebagai teks."),
        "no-rows": _("Tidak ada baris yang terisi."),
        "not-a-choice": _("Pilih salah satu: %(choices)s."),
        "not-a-date": _("Ini bukan tanggal."),
        "not-a-list-of-dates": _("Tulis tanggal seperti 2027-06-14, 2027-06-15."),
        "not-a-number": _("Ini bukan angka."),
        "not-a-time": _("Ini bukan jam. Tulis misalnya 08.00."),
        "not-a-whole-number": _("Ini bukan bilangan bulat."),
        "not-text": _("Isi dengan teks."),
        "number-outside": _("Isi antara %(least)s dan %(most)s."),
        "opening-differs": _("Saldo awal ini sudah tercatat dengan jumlah lain. Pakai dokumen koreksi."),
        "sheet-missing": _("Lembar %(sheet)s tidak ada."),
        "sheet-too-long": _("Lembar ini terlalu panjang: paling banyak %(most)s baris."),
        "stock-invalid": _("Ada saldo awal yang belum benar."),
        "text-too-long": _("Terlalu panjang: paling banyak %(most)s huruf."),
        "unknown-district": _("Kota ini tidak ada."),
        "unknown-upload": _("Unggahan ini tidak ada."),
        "unknown-warehouse": _("Gudang ini tidak ada."),
        "upload-damaged": _("Berkas yang tersimpan tidak dapat dibuka lagi. Unggah ulang."),
        "upload-has-mistakes": _("Buku kerja ini masih berisi kesalahan; belum ada yang diterapkan."),
    },
}
