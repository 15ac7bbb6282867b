"""Kota Pekalongan as the demo shows it: real names, codes and points of areas; facilities where they may stand.

Codes and centroids of areas are those of Kepmendagri 300.2.2-2430/2025. Names of facilities were printed in the
press; "(contoh)" marks those that were not verified. K/0/KB codes, counts of rooms, hours and people are made up.
"""

from dataclasses import dataclass

PROVINCE, DISTRICT = ("33", "Jawa Tengah"), ("33.75", "Kota Pekalongan")

# Code, name, latitude, longitude; then the kelurahan.
KECAMATAN: dict[tuple[str, str, float, float], tuple[tuple[str, str, float, float], ...]] = {
    ("33.75.01", "Pekalongan Barat", -6.8964, 109.6601): (
        ("1002", "Medono", -6.9030, 109.6658),
        ("1003", "Podosugih", -6.8981, 109.6655),
        ("1004", "Sapuro Kebulen", -6.9006, 109.6736),
        ("1006", "Bendan Kergon", -6.8908, 109.6668),
        ("1008", "Pasirkratonkramat", -6.8839, 109.6567),
        ("1009", "Tirto", -6.8928, 109.6515),
        ("1012", "Pringrejo", -6.9056, 109.6546),
    ),
    ("33.75.02", "Pekalongan Timur", -6.8945, 109.6891): (
        ("1002", "Noyontaansari", -6.9002, 109.6811),
        ("1004", "Kauman", -6.8887, 109.6760),
        ("1007", "Poncol", -6.8897, 109.6829),
        ("1008", "Klego", -6.8823, 109.6847),
        ("1009", "Gamer", -6.8928, 109.7006),
        ("1010", "Setono", -6.8948, 109.6909),
        ("1012", "Kali Baros", -6.9044, 109.6939),
    ),
    ("33.75.03", "Pekalongan Utara", -6.8709, 109.6831): (
        ("1002", "Krapyak", -6.8723, 109.6900),
        ("1003", "Kandang Panjang", -6.8655, 109.6714),
        ("1004", "Panjang Wetan", -6.8680, 109.6830),
        ("1006", "Padukuhan Kraton", -6.8795, 109.6649),
        ("1007", "Degayu", -6.8770, 109.7031),
        ("1009", "Bandengan", -6.8639, 109.6641),
        ("1010", "Panjang Baru", -6.8632, 109.6789),
    ),
    ("33.75.04", "Pekalongan Selatan", -6.9194, 109.6740): (
        ("1002", "Banyurip", -6.9178, 109.6506),
        ("1003", "Buaran Kradenan", -6.9126, 109.6567),
        ("1004", "Jenggot", -6.9172, 109.6674),
        ("1006", "Kuripan Kertoharjo", -6.9271, 109.6762),
        ("1008", "Kuripan Yosorejo", -6.9134, 109.6798),
        ("1010", "Sokoduwet", -6.9233, 109.6898),
    ),
}
ALIASES = {"33.75.02.1012": "Kalibaros", "33.75.02.1002": "Noyontaan"}


@dataclass(frozen=True, slots=True)
class Site:
    """A facility: name, kelurahan in which it stands, and the puskesmas above a PMB."""

    name: str
    kelurahan: str
    parent: str = ""


PUSKESMAS = (
    Site("Puskesmas Bendan", "33.75.01.1006"),
    Site("Puskesmas Medono", "33.75.01.1002"),
    Site("Puskesmas Kramatsari (contoh)", "33.75.01.1008"),
    Site("Puskesmas Tirto (contoh)", "33.75.01.1009"),
    Site("Puskesmas Noyontaan", "33.75.02.1002"),
    Site("Puskesmas Tondano", "33.75.02.1007"),
    Site("Puskesmas Klego", "33.75.02.1008"),
    Site("Puskesmas Sokorejo", "33.75.02.1010"),
    Site("Puskesmas Kusuma Bangsa", "33.75.03.1010"),
    Site("Puskesmas Krapyak", "33.75.03.1002"),
    Site("Puskesmas Dukuh (contoh)", "33.75.03.1006"),
    Site("Puskesmas Pekalongan Selatan", "33.75.04.1006"),
    Site("Puskesmas Buaran", "33.75.04.1003"),
    Site("Puskesmas Jenggot", "33.75.04.1004"),
)
MIDWIVES = (
    Site("PMB Bhakti Ibu", "33.75.01.1003", "Puskesmas Medono"),
    Site("PMB Melati (contoh)", "33.75.01.1012", "Puskesmas Tirto (contoh)"),
    Site("PMB Muryani", "33.75.02.1004", "Puskesmas Noyontaan"),
    Site("PMB Nurul Firdaus", "33.75.03.1003", "Puskesmas Kusuma Bangsa"),
    Site("PMB Zaidah", "33.75.03.1007", "Puskesmas Krapyak"),
    Site("PMB Rohilah", "33.75.03.1004", "Puskesmas Krapyak"),
    Site("PMB Qurrota Ayun", "33.75.04.1010", "Puskesmas Pekalongan Selatan"),
    Site("PMB Cheriyah", "33.75.04.1002", "Puskesmas Buaran"),
)
# The first two do tubectomy; the others are known to the registry and take no part.
HOSPITALS = (
    Site("RSUD Bendan", "33.75.01.1006"),
    Site("RS HA Zaky Djunaid", "33.75.02.1009"),
    Site("RSUD Kraton (contoh)", "33.75.03.1006"),
    Site("RS Budi Rahayu (contoh)", "33.75.02.1007"),
    Site("RS Siti Khodijah (contoh)", "33.75.01.1004"),
    Site("RS Hermina Pekalongan (contoh)", "33.75.01.1008"),
)
SERVING_HOSPITALS = 2


def points() -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of every kelurahan."""
    return {
        f"{kecamatan[0]}.{code}": (lat, lon)
        for kecamatan, kelurahan in KECAMATAN.items()
        for code, _, lat, lon in kelurahan
    }
