"""A letter's PDF carries a signature that an outsider can check."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from campaign.letters.sealing import FIELD, CertificateUnusable
from campaign.letters.sealing import seal as seal_here

PASSWORD = "contoh"


def _apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call it in a thread of its own: pyHanko starts an event loop, and a browser test of this process may run one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def seal(content: bytes, certificate: Path, password: str) -> bytes:
    """Seal apart from whatever else this process runs."""
    return _apart(seal_here, content, certificate, password)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return a self-signed certificate as a PKCS#12 file, and as DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kepala Dinas Contoh")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "kepala.p12"
    encrypted = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(serialize_key_and_certificates(b"kepala", key, made, None, encrypted))
    return path, made.public_bytes(Encoding.DER)


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_cert_sign=True, crl_sign=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pdf() -> bytes:
    return typst.compile(b"Surat contoh", format="pdf")


def test_a_sealed_letter_is_valid_and_whole(certificate: tuple[Path, bytes]) -> None:
    path, der = certificate
    sealed = seal(_pdf(), path, PASSWORD)
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    trusted = ValidationContext(trust_roots=[asn1_x509.Certificate.load(der)])
    status = _apart(validate_pdf_signature, signature, trusted)
    assert signature.field_name == FIELD
    assert status.bottom_line
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_a_letter_changed_after_it_was_sealed_is_found_out(certificate: tuple[Path, bytes]) -> None:
    path, der = certificate
    sealed = bytearray(seal(_pdf(), path, PASSWORD))
    place = sealed.index(b"%PDF-") + 5
    sealed[place + 2] = ord("5")
    (signature,) = PdfFileReader(io.BytesIO(bytes(sealed))).embedded_signatures
    status = _apart(validate_pdf_signature, signature, ValidationContext(trust_roots=[asn1_x509.Certificate.load(der)]))
    assert not status.bottom_line


def test_a_certificate_that_is_not_there_or_has_another_password_is_refused(
    certificate: tuple[Path, bytes], tmp_path: Path
) -> None:
    for path, password in ((tmp_path / "none.p12", PASSWORD), (certificate[0], "lain")):
        with pytest.raises(CertificateUnusable):
            seal(_pdf(), path, password)
