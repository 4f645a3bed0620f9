"""The archive of a control plane's programs that envtest publishes, verified before it is opened."""

import hashlib
import platform
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from psa_operator.devcluster.processes import DevclusterError

# A machine without a way to the archive should notice soon: there is one more way to get the programs.
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=4, sock_read=30)
_PROGRAMS = ("etcd", "kube-apiserver", "kubectl")
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_SHA512 = {
    "linux-amd64": "ea743186c8a799f5cf8faf16969f86189d003cb7d130e0ac4b58789f1e5748dc"
    "f30ebe91c837a10d5ac415383da3e10b9e64d65785c938c23e739781cfb76f08",
    "linux-arm64": "2d72ee985a8e262a3c57dc9f7f0fd891f6a8c7bf7ebaa2db6dc6d8eac8ae2818"
    "1afe51c1f368b67756cdb40b10de9b205609e1726e5f27f7c6d824dd9c6649ac",
    "darwin-amd64": "b4fe9f973cd1992e3880f8b230ed32c0c243b83371591e3e3315f4404df2cdbe"
    "f8ee94eeb9bb245b7e5feb987d5c4a76c43e0877654ab73f00d7bbc2b9984514",
    "darwin-arm64": "9278f9e5af556b2f1f2d139769c1f0d717c7b4426917fdebdba898bcb725a916"
    "e4910d6160886194ff9be9589ea7c5c32c2b8ae0754703874b7c8ba8ddfc41ce",
}


@dataclass(frozen=True)
class Archives:
    """One release of envtest: where it is, and the SHA-512 of its archive for each platform."""

    base_url: str
    version: str
    sha512: Mapping[str, str]

    def url(self, system: str) -> str:
        name = f"envtest-{self.version}"
        return f"{self.base_url}/{name}/{name}-{system}.tar.gz"


ENVTEST = Archives(
    base_url="https://github.com/kubernetes-sigs/controller-tools/releases/download",
    version="v1.36.2",
    sha512=_SHA512,
)


def this_system() -> str:
    """The machine's operating system and architecture, as the archives are named."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{_ARCHITECTURES.get(machine, machine)}"


async def download(archives: Archives, system: str, folder: Path) -> None:
    """Put the programs into a new folder, all of them or, if anything is wrong, none."""
    expected = archives.sha512.get(system)
    if expected is None:
        raise DevclusterError(f"there is no archive for {system}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        packed = Path(temporary) / "archive.tar.gz"
        digest = await _fetch(archives.url(system), packed)
        if digest != expected:
            raise DevclusterError(
                f"its SHA-512 is {digest[:16]}… instead of {expected[:16]}…; it was not opened"
            )
        unpacked = Path(temporary) / "programs"
        _unpack(packed, unpacked)
        unpacked.rename(folder)


async def _fetch(url: str, path: Path) -> str:
    """Write what is at `url` into a file and give its SHA-512."""
    digest = hashlib.sha512()
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True) as session,
            session.get(url, raise_for_status=True) as response,
        ):
            with path.open("wb") as file:
                async for chunk in response.content.iter_chunked(1 << 20):
                    digest.update(chunk)
                    file.write(chunk)
    except aiohttp.ClientResponseError as error:
        raise DevclusterError(f"the download was refused with HTTP {error.status}") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise DevclusterError(f"the download failed: {error or type(error).__name__}") from error
    return digest.hexdigest()


def _unpack(packed: Path, folder: Path) -> None:
    """Take the programs, and nothing else, out of an archive."""
    folder.mkdir()
    with tarfile.open(packed) as archive:
        for member in archive:
            name = Path(member.name).name
            content = archive.extractfile(member)
            if name in _PROGRAMS and content is not None:
                with (folder / name).open("wb") as file:
                    shutil.copyfileobj(content, file)
                (folder / name).chmod(0o755)
