"""A Kafka that accepts only TLS, and only clients that log in (SASL) with a certificate."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from casefold.embedded import EmbeddedKafka
from casefold.ports import LOOPBACK
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "casefold", "open sesame"
LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
SECURED = """
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
security.inter.broker.protocol=SASL_SSL
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config={login} username="broker" password="itself" \
user_broker="itself" user_{user}="{password}";
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.sasl_ssl.ssl.client.auth=required
"""


class SecuredKafka(EmbeddedKafka):
    """The embedded broker with TLS and SASL; `ca.pem` and `client.pem` are in its folder."""

    def _write_settings(self) -> Path:
        path = super()._write_settings()
        _write_certificates(self.folder)
        plain, secured = f"PLAINTEXT://{LOOPBACK}", f"SASL_SSL://{LOOPBACK}"
        more = SECURED.format(login=LOGIN, user=USER, password=PASSWORD, folder=self.folder)
        path.write_text(path.read_text().replace(plain, secured) + more)
        return path


def _write_certificates(folder: Path) -> None:
    """Make a certificate authority, and certificates for the broker and for a client."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("authority", key.public_key(), "authority", key)
    (folder / "ca.pem").write_bytes(_pem(authority))
    for name in ("broker", "client"):
        own = ec.generate_private_key(ec.SECP256R1())
        signed = _certificate(name, own.public_key(), "authority", key)
        private = own.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.pem").write_bytes(private + _pem(signed) + _pem(authority))


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(
    subject: str,
    key: ec.EllipticCurvePublicKey,
    issuer: str,
    signing: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
        .sign(signing, hashes.SHA256())
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
