"""A real control plane, etcd and kube-apiserver, that starts in seconds and leaves nothing behind."""

import asyncio
import base64
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from psa_operator.devcluster.binaries import ControlPlaneBinaries
from psa_operator.devcluster.certificates import Authority, KeyPair, signing_key
from psa_operator.devcluster.cluster import Cluster, write_kubeconfig
from psa_operator.devcluster.processes import LOOPBACK, Daemon, DevclusterError, Sandbox, free_port

READY_WITHIN = 60.0
SERVICES = "10.0.0.0/24"
_ADDRESSES = (LOOPBACK, "10.0.0.1", "localhost", "kubernetes", "kubernetes.default.svc")


class ControlPlane(Cluster):
    """A control plane of our own: API server with RBAC, storage, no nodes and no controllers."""

    def __init__(self, binaries: ControlPlaneBinaries, sandbox: Sandbox) -> None:
        super().__init__(
            kubectl=binaries.kubectl, kubeconfig=sandbox.folder / "admin.kubeconfig", folder=sandbox.folder
        )
        self._binaries = binaries
        self._sandbox = sandbox
        self._etcd_port, self._peer_port, self._port = free_port(), free_port(), free_port()
        self._etcd: Daemon | None = None
        self._apiserver: Daemon | None = None

    @property
    def url(self) -> str:
        return f"https://{LOOPBACK}:{self._port}"

    async def start(self) -> None:
        """Make keys, start both servers and wait until the API server is ready."""
        self._make_identities(datetime.now(UTC))
        self._etcd = self._sandbox.start("etcd", self._etcd_command())
        await self.start_apiserver()

    async def start_apiserver(self) -> None:
        """Start the API server, on the port and the data it had before, and wait until it is ready."""
        if self._apiserver is not None:
            return
        self._apiserver = self._sandbox.start("kube-apiserver", self._apiserver_command())
        await self._ready()

    async def stop_apiserver(self) -> None:
        """Stop the API server; its data stays."""
        if self._apiserver is not None:
            # It would wait a minute for the watches that are open, and these never end.
            await self._sandbox.stop(self._apiserver, signal.SIGTERM, grace=1.0)
            self._apiserver = None

    async def restart_apiserver(self) -> None:
        """Stop the API server and start it anew."""
        await self.stop_apiserver()
        await self.start_apiserver()

    async def _ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while (answer := await self.kubectl("get", "--raw", "/readyz")).exit_code != 0:
            for daemon in (self._etcd, self._apiserver):
                if daemon is not None and not daemon.alive:
                    raise DevclusterError(f"{daemon.name} ended while it started:\n{daemon.last_words()}")
            if time.monotonic() > deadline:
                raise DevclusterError(
                    f"the API server was not ready within {READY_WITHIN:.0f} s: {answer.stderr.strip()}"
                )
            await asyncio.sleep(0.1)

    def _make_identities(self, now: datetime) -> None:
        authority = Authority.new("psa-operator devcluster", now)
        server = authority.server("kube-apiserver", _ADDRESSES, now)
        for name, content in (
            ("ca.crt", authority.certificate),
            ("server.crt", server.certificate),
            ("server.key", server.key),
            ("tokens.key", signing_key()),
        ):
            self._file(name).touch(mode=0o600)
            self._file(name).write_bytes(content)
        self._write_admin(authority, authority.client("admin", "system:masters", now))

    def _write_admin(self, authority: Authority, admin: KeyPair) -> None:
        cluster = {"server": self.url, "certificate-authority-data": _base64(authority.certificate)}
        user = {
            "client-certificate-data": _base64(admin.certificate),
            "client-key-data": _base64(admin.key),
        }
        write_kubeconfig(
            self.kubeconfig,
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "devcluster", "cluster": cluster}],
                "users": [{"name": "admin", "user": user}],
                "contexts": [{"name": "devcluster", "context": {"cluster": "devcluster", "user": "admin"}}],
                "current-context": "devcluster",
            },
        )

    def _etcd_command(self) -> list[str | Path]:
        clients, peers = (f"http://{LOOPBACK}:{port}" for port in (self._etcd_port, self._peer_port))
        return [
            self._binaries.etcd,
            "--name=devcluster",
            f"--data-dir={self._file('etcd')}",
            "--unsafe-no-fsync",
            f"--listen-client-urls={clients}",
            f"--advertise-client-urls={clients}",
            f"--listen-peer-urls={peers}",
            f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=devcluster={peers}",
        ]

    def _apiserver_command(self) -> list[str | Path]:
        return [
            self._binaries.kube_apiserver,
            f"--etcd-servers=http://{LOOPBACK}:{self._etcd_port}",
            f"--bind-address={LOOPBACK}",
            f"--advertise-address={LOOPBACK}",
            # The address of a service that no pod will use; a loopback address would be refused there.
            "--endpoint-reconciler-type=none",
            f"--secure-port={self._port}",
            f"--tls-cert-file={self._file('server.crt')}",
            f"--tls-private-key-file={self._file('server.key')}",
            f"--client-ca-file={self._file('ca.crt')}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self._file('tokens.key')}",
            f"--service-account-signing-key-file={self._file('tokens.key')}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            f"--service-cluster-ip-range={SERVICES}",
        ]

    def _file(self, name: str) -> Path:
        return self.folder / name


@asynccontextmanager
async def run_control_plane(binaries: ControlPlaneBinaries) -> AsyncIterator[ControlPlane]:
    """A control plane for as long as the context lasts."""
    async with Sandbox("controlplane") as sandbox:
        control_plane = ControlPlane(binaries, sandbox)
        await control_plane.start()
        yield control_plane


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
