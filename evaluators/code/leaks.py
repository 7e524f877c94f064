"""Secrets in files. Rule: `hard-coded-secret`; the value is never repeated."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from evaluators.code.kept import Kept
from evaluators.draft import Artifact, Draft, Role
from evaluators.finding import Finding, Location, Severity

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----\s*\n\s*[A-Za-z0-9+/=]{20,}")),
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b")),
    ("a Stripe key", re.compile(r"\b(?:sk|rk)_live_[A-Za-z0-9]{16,}\b")),
    ("a Stripe webhook secret", re.compile(r"\bwhsec_[A-Za-z0-9+/]{32,}")),
    ("an OpenAI key", re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}\b")),
    ("an Anthropic key", re.compile(r"\bsk-ant-[A-Za-z0-9_-]{32,}")),
    ("a Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{20,}")),
    ("a SendGrid key", re.compile(r"\bSG\.[\w-]{20,40}\.[\w-]{30,}")),
    ("a Supabase service key", re.compile(r"\bsb_secret_[A-Za-z0-9_-]{20,}")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-AgEI[A-Za-z0-9_-]{50,}")),
    ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{34,}\b")),
    ("a Slack webhook", re.compile(r"https://hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20,}")),
    ("a Discord webhook", re.compile(r"https://discord(?:app)?\.com/api/webhooks/\d{17,}/[\w-]{60,}")),
    ("a Telegram token", re.compile(r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b")),
    ("a Mailgun key", re.compile(r"\bkey-[0-9a-f]{32}\b")),
    ("a Twilio key", re.compile(r"\bSK[0-9a-f]{32}\b")),
    ("a Shopify token", re.compile(r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b")),
    ("a Square secret", re.compile(r"\bsq0csp-[A-Za-z0-9_-]{43}\b")),
    ("a DigitalOcean token", re.compile(r"\bdo[opr]_v1_[0-9a-f]{64}\b")),
    ("a Databricks token", re.compile(r"\bdapi[0-9a-f]{32}\b")),
    ("an Azure storage key", re.compile(r"\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}")),
    ("a Vault token", re.compile(r"\bhvs\.[A-Za-z0-9_-]{80,}")),
    ("a signed token", re.compile(r"\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,}")),
)
_HINTS = {
    "a private key": ("-----BEGIN",), "an AWS access key": ("AKIA", "ASIA"), "a Stripe key": ("_live_",),
    "a GitHub token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), "an OpenAI key": ("sk-",),
    "an Anthropic key": ("sk-ant-",), "a Slack token": ("xox",), "a Telegram token": (":AA",),
    "a Mailgun key": ("key-",), "a Twilio key": ("SK",), "a signed token": ("eyJ",), "a Shopify token": ("shp",),
    "a DigitalOcean token": ("_v1_",), "a Stripe webhook secret": ("whsec_",), "a Google API key": ("AIza",),
    "a SendGrid key": ("SG.",), "a Supabase service key": ("sb_secret_",), "a GitLab token": ("glpat-",),
    "an npm token": ("npm_",), "a PyPI token": ("pypi-AgEI",), "a Hugging Face token": ("hf_",),
    "a Slack webhook": ("hooks.slack.com",), "a Discord webhook": ("/api/webhooks/",),
    "a Square secret": ("sq0csp-",), "a Databricks token": ("dapi",), "an Azure storage key": ("AccountKey=",),
    "a Vault token": ("hvs.",),
}  # fmt: skip
"""Kind -> texts without one of which its pattern cannot match: looking for them is faster."""
_ASSIGNED = re.compile(
    r"""(?ix)
    (?P<name>(?<![\w.-])[\w.-]{0,60}?(?:password|passwd|secret|token|api_?key|access_?key|private_?key)[\w-]{0,60})
    ["']?\s{0,20}(?::\s{0,20}[\w\[\]| ]{1,80})?\s{0,20}(?:=|:)\s{0,20}
    (?P<quote>["']?)(?P<value>[^\s"'#,;]{1,2000})(?P=quote)
    """
)
_WORD = re.compile(r"password|passwd|secret|token|key", re.IGNORECASE)
_WIDEST = 20_000
"""Characters of a line that are looked at."""
_DOCKER = re.compile(
    r"(?im)^\s*(?:ENV|ARG)\s+(?P<name>\w*(?:password|passwd|secret|token|api_?key)\w*)\s+"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'=]+)(?P=quote)\s*$"
)
"""`ENV NAME value`, as a Dockerfile may have it."""
_LOCKS = re.compile(r"(?:\.lock|-lock\.(?:json|yaml)|\.min\.js|\.map)$|(^|/)go\.sum$")
"""Files that tools write, full of hashes: only shapes of known tokens are looked for."""
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"{}<>$]{1,200}:(?P<value>[^\s:/@'\"{}<>$]{1,400})@(?P<host>[\w.-]+)"
)
_PLACEHOLDER = re.compile(
    r"(?i)change|example|placeholder|your|dummy|sample|replace|secret|password|passwd|insert|todo|xxx|test|fake|demo"
    r"|<|\$\{|\{\{|\.\.\.|not-a|localhost|lorem|here$|postgres$|^app$"
)
_NOT_VALUES = re.compile(
    r"(?ix)^(none|null|true|false|str|int|bytes|string|optional.*|os\..*|env.*|settings.*|config.*|self\..*|uuid.*"
    r"|[a-z_]+\(.*|[a-z_][\w.]*[(\[].*|[a-z_]+(\.[a-z_]+)+|https?://.*|/.*|\#.*|\$.*|\{.*|\[.*|\|.*|<.*|>.*|&.*|\*.*)$"
)
_ABOUT = re.compile(
    r"(?i)(_url|_uri|_path|_file|_type|_name|_id|_algorithm|_minutes|_seconds|_hours|_days|_header|_field|_prefix"
    r"|_hash|_column|_length|_ttl|_issuer|_scheme|_env|_pattern|url|regex)$"
)
_EXAMPLES = re.compile(r"(^|/)(\.env\.(example|sample|template|dist)|example\.env|env\.example|\.env-example)$")


def findings(draft: Draft, kept: Kept | None = None) -> list[Finding]:
    """Every secret that stands in a file, one finding each. Files that are known to hold none are not read again."""
    found = [finding for artifact in draft for finding in _new(artifact, kept or Kept())]
    return list({finding.fingerprint: finding for finding in reversed(found)}.values())[::-1]


def _new(artifact: Artifact, kept: Kept) -> list[Finding]:
    """The secrets of one file, which is not read where it is known to hold none."""
    about = repr((artifact.path, artifact.role, artifact.text))
    if kept.get("no secret", about) is True:
        return []
    found = list(_of(artifact))
    if not found:
        kept.put("no secret", about, True)
    return found


def _of(artifact: Artifact) -> Iterator[Finding]:
    """The secrets of one file."""
    named: set[int] = set()
    for what, pattern in _KINDS:
        if what in _HINTS and not any(hint in artifact.text for hint in _HINTS[what]):
            continue
        for match in pattern.finditer(artifact.text):
            if what == "a signed token" and artifact.role in (Role.TEST, Role.DOCUMENT, Role.CONTRACT):
                continue
            if len(set(match.group())) > 8 and not re.search(r"(?i)example|placeholder|xxxx|0000", match.group()):
                found = _finding(artifact, match.start(), what, what)
                named.add(found.location.line)
                yield found
    if (
        artifact.role in (Role.TEST, Role.ARCHITECTURE)
        or _EXAMPLES.search(artifact.path)
        or _LOCKS.search(artifact.path)
    ):
        return
    for match in _URL.finditer(artifact.text) if "://" in artifact.text else ():
        local = match["host"] in ("localhost", "127.0.0.1", "db", "postgres", "database", "host", "redis", "mysql")
        if not local and not _PLACEHOLDER.search(match["value"]) and artifact.role is not Role.DOCUMENT:
            yield _finding(artifact, match.start("value"), "a password in an address", f"password at {match['host']}")
    if artifact.role in (Role.DOCUMENT, Role.CONTRACT):
        return
    docker = "dockerfile" in artifact.path.lower().rpartition("/")[2]
    for number, begin, line in _speaking(artifact.text):
        if number not in named:
            shown = line[:_WIDEST]
            for match in (*_ASSIGNED.finditer(shown), *(_DOCKER.finditer(shown) if docker else ())):
                if _is_secret(artifact, match):
                    told = f"the value of `{match['name']}`"
                    yield _finding(artifact, begin + match.start("value"), told, match["name"])


def _speaking(text: str) -> Iterator[tuple[int, int, str]]:
    """(number, offset, text) of each line with a word for something secret: it is found faster than the pattern."""
    number, counted, end = 1, 0, -1
    for match in _WORD.finditer(text):
        if match.start() < end:
            continue
        begin = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.start())
        end = len(text) if end < 0 else end
        number += text.count("\n", counted, begin)
        counted = begin
        yield number, begin, text[begin:end]


def _is_secret(artifact: Artifact, match: re.Match[str]) -> bool:
    """Whether an assignment holds a real value and no placeholder, reference or setting."""
    value, name = match["value"], match["name"]
    quoted = bool(match["quote"])
    if artifact.path.endswith((".py", ".js", ".ts", ".go", ".java", ".php", ".rs")) and not quoted:
        return False
    if len(value) < 8 or _ABOUT.search(name) or _NOT_VALUES.match(value) or _PLACEHOLDER.search(value):
        return False
    mixed = sum(bool(re.search(kind, value)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w]"))
    return entropy(value) >= 3.0 and (mixed >= 2 or len(value) >= 20)


def entropy(text: str) -> float:
    """Shannon entropy of a text's characters, in bits a character."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def _finding(artifact: Artifact, offset: int, what: str, symbol: str) -> Finding:
    """A finding at an offset, its line with everything long taken out."""
    line = artifact.text.count("\n", 0, offset) + 1
    shown = re.sub(r"""[^\s"'=:,()]{8,}""", _redacted, artifact.lines[line - 1].strip())
    return Finding(
        "hard-coded-secret",
        Severity.ERROR,
        Location(artifact.path, line),
        symbol,
        f"The file holds {what}.",
        shown[:160],
        hint="Read it from the environment, and revoke this one.",
    )


def _redacted(match: re.Match[str]) -> str:
    """A word, or `***` where it could be the secret."""
    text = match.group()
    return text if re.fullmatch(r"[A-Za-z_.]+", text) and len(text) < 32 and entropy(text) < 4.0 else "***"
