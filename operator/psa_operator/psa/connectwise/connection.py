"""One ConnectWise company over HTTP: where its API is, who we are, and what its refusals mean."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from psa_operator.errors import (
    AuthenticationError,
    ConfigurationError,
    PermissionDeniedError,
    PsaOperatorError,
    StalledError,
    WriteRefusedError,
)
from psa_operator.psa.connectwise.conditions import encoded
from psa_operator.psa.http import Answer, PsaHttp, Repeat, Request

T = TypeVar("T")
INFO = "system/info"
INFO_RIGHT = "a valid clientId, and System > My Company: Inquire"
_ACCEPT = "application/vnd.connectwise.com+json; version=2025.8"
_CLOUD = re.compile(r"(?:na|eu|aus?|za)\.myconnectwise\.net|staging\.connectwisedev\.com", re.IGNORECASE)
_CODEBASE = re.compile(r"[\w.-]+/?", re.ASCII)


class Keys(Struct, frozen=True):
    """Who we are to ConnectWise: an API member of one company, and the application's client id."""

    company_id: str
    public_key: str
    private_key: str
    client_id: str

    def headers(self) -> dict[str, str]:
        """What every request but the discovery carries."""
        user = f"{self.company_id}+{self.public_key}:{self.private_key}"
        return {
            "Authorization": f"Basic {b64encode(user.encode()).decode()}",
            "clientId": self.client_id,
            "Accept": _ACCEPT,
        }

    def __repr__(self) -> str:
        return f"Keys(company_id={self.company_id!r})"


class CompanyInfo(Struct, frozen=True):
    """What a site says of a company to anybody who asks."""

    codebase: str = field(name="Codebase")
    company_id: str = field(name="CompanyID")
    is_cloud: bool = field(name="IsCloud", default=False)


class NotFoundError(StalledError):
    """The record that a path names does not exist; the API itself says so."""

    reason = "NotFound"


class _NoSuchPathError(PsaOperatorError):
    pass


class _Words(Struct):
    code: str | None = None
    error: str | None = None
    message: str | None = None


class _Problem(Struct):
    field: str
    message: str


class _Problems(Struct):
    errors: list[_Problem]


class Connection:
    """Questions within the API of one company. `area` is a list's name for people and its right."""

    def __init__(self, http: PsaHttp, site: httpx.URL, keys: Keys) -> None:
        self.http = http
        self._site = site
        self._api = api_root(site)
        self._keys = keys
        self._headers = keys.headers()
        self._company: CompanyInfo | None = None
        self._discovering = asyncio.Lock()

    async def company(self, stale: CompanyInfo | None = None) -> CompanyInfo:
        """What the site says of the company; asked again, once for all, if it is still the `stale` one."""
        async with self._discovering:
            if self._company is None or self._company is stale:
                path = f"login/companyinfo/{quote(self._keys.company_id, safe='')}"
                self._company = await self.http.ask(Request(f"{_root(self._site)}{path}"), self._discover)
            return self._company

    async def get(
        self,
        path: str,
        read: Callable[[Answer], T],
        *,
        right: str,
        names_record: bool = False,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        bundle: bytes | None = None,
        repeat: Repeat = Repeat.ALWAYS,
    ) -> T:
        """Ask below the API's root. A codebase that moved is followed; `right` is what a refusal names.

        A `bundle` holds the questions where they are many. Raises NotFoundError only if the path names a
        record that does not exist: a list always exists.
        """

        def accept(answer: Answer) -> T:
            # The status of a bundle says something of its parts only.
            if bundle is None or b'"results"' not in answer.content:
                _accept(answer, path, right, names_record=names_record)
            return read(answer)

        asked = Request(_target(path, query or {}), headers or {}, repeat=repeat)
        if bundle is not None:
            asked = replace(asked, method="POST", body=bundle)
        return await self._ask(asked, accept, path, right)

    async def write(
        self, method: str, path: str, body: object, read: Callable[[Answer], T], *, right: str, repeat: Repeat
    ) -> T:
        """Send a JSON body below the API's root.

        Raises WriteRefusedError in the PSA's words, NotFoundError if the path names no record.
        """

        def accept(answer: Answer) -> T:
            try:
                _accept(answer, path, right, names_record=True)
            except ConfigurationError as error:
                raise WriteRefusedError(_problems(answer)) from error
            return read(answer)

        headers = {"Content-Type": "application/json"}
        asked = Request(path, headers, method, msgspec.json.encode(body), repeat)
        return await self._ask(asked, accept, path, right)

    async def _ask(self, asked: Request, accept: Callable[[Answer], T], path: str, right: str) -> T:
        """Ask for the request's `url` below the root, wherever that is."""

        async def ask(company: CompanyInfo) -> T:
            url = f"{self._api}{company.codebase.rstrip('/')}/apis/3.0/{asked.url}"
            return await self.http.ask(
                replace(asked, url=url, headers={**self._headers, **asked.headers}), accept
            )

        try:
            return await self._follow(ask)
        except _NoSuchPathError as error:
            raise await self._explain(error, path, right) from error

    async def _follow(self, ask: Callable[[CompanyInfo], Awaitable[T]]) -> T:
        """Ask again where the codebase is now, if it has moved."""
        company = await self.company()
        try:
            return await ask(company)
        except _NoSuchPathError:
            renewed = await self.company(stale=company)
            if renewed.codebase == company.codebase:
                raise
        return await ask(renewed)

    async def _explain(self, error: _NoSuchPathError, path: str, right: str) -> StalledError:
        if path == INFO:
            return AuthenticationError(
                f"{error}; the cloud answers so when companyId, publicKey or privateKey is wrong"
            )
        await self.get(INFO, lambda _: None, right=INFO_RIGHT)
        return PermissionDeniedError(
            f"{error}, although the API is there: the API member's security role hides it; it needs {right}",
            area=path,
        )

    def _discover(self, answer: Answer) -> CompanyInfo:
        host = self._site.host
        if answer.status != httpx.codes.OK:
            raise ConfigurationError(
                f"{answer.source} answered {answer.status}: {host} is no ConnectWise PSA; check"
                " spec.provider.connectWise.url",
                reason="NotConnectWise",
            )
        if answer.content.strip() == b"null":
            raise ConfigurationError(
                f'{host} knows no company "{self._keys.company_id}"; check'
                " spec.provider.connectWise.companyId",
                reason="UnknownCompany",
            )
        info = answer.decode(CompanyInfo)
        if not _CODEBASE.fullmatch(info.codebase):
            raise answer.garbled(f"a codebase called {info.codebase[:40]!r}")
        return info


def api_root(site: httpx.URL) -> str:
    """The root of the API: the vendor's cloud has a host of its own for it."""
    return _root(site.copy_with(host=f"api-{site.host}") if _CLOUD.fullmatch(site.host) else site)


def _target(path: str, query: Mapping[str, str | int]) -> str:
    return path + "".join(
        f"{'&' if number else '?'}{name}={encoded(str(value))}"
        for number, (name, value) in enumerate(query.items())
    )


def _root(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}/"


def _accept(answer: Answer, path: str, right: str, *, names_record: bool) -> None:
    if httpx.codes.is_success(answer.status):
        return
    code, message = _words(answer)
    said = f"{answer.source} answered {answer.status} ({message})"
    match answer.status:
        case httpx.codes.UNAUTHORIZED:
            raise AuthenticationError(
                f"{said}: check publicKey, privateKey and clientId in the Secret, and companyId in the spec"
            )
        case httpx.codes.FORBIDDEN:
            raise PermissionDeniedError(f"{said}: the API member's security role needs {right}", area=path)
        case httpx.codes.NOT_FOUND if names_record and code == "NotFound":
            raise NotFoundError(said)
        case httpx.codes.NOT_FOUND:
            raise _NoSuchPathError(said)
        case _:
            raise ConfigurationError(said, reason="RequestRefused")


def _words(answer: Answer) -> tuple[str, str]:
    try:
        words = answer.decode(_Words)
    except PsaOperatorError:
        return "", f"{len(answer.content)} bytes without a reason"
    code = words.code or words.error or ""
    return code, " ".join(f"{code}: {words.message}".split())[:300]


def _problems(answer: Answer) -> str:
    """What is wrong with a record, by field, as far as the PSA says it."""
    try:
        found = [f"{each.field}: {each.message}" for each in answer.decode(_Problems).errors]
    except PsaOperatorError:
        found = []
    return " ".join(" ".join(found).split())[:300] or f"{answer.status} ({_words(answer)[1]})"
