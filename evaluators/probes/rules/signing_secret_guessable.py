"""The probe `signing-secret-guessable`."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Iterator

from evaluators.code.facts import code_of
from evaluators.finding import Severity
from evaluators.probes.auth_entry import sampled
from evaluators.probes.auth_tokens import decoded, signs
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule

COMMON = (
    "secret", "your-256-bit-secret", "your-secret-key", "change-me", "changeme", "change_me", "supersecret",
    "super-secret", "super-secret-key", "secret-key", "secretkey", "secret_key", "mysecret", "my-secret-key",
    "jwt-secret", "jwt_secret", "jwtsecret", "dev", "development", "dev-secret", "devsecret", "test", "password",
    "key", "default", "insecure", "please-change-me", "not-so-secret", "s3cr3t", "shhhhh", "12345678", "admin",
)  # fmt: skip
MOST = 400


@rule(
    "signing-secret-guessable", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-798",
    owasp="API2:2023",
)  # fmt: skip
async def signing_secret_guessable(world: World) -> AsyncIterator[Flaw]:
    """Tokens are signed with a common word, or with a text that stands in the code.

    Why: Whoever knows the secret writes tokens for everybody, and the code is
        read by more people than the deployment's settings.

    Sends: A login; the guesses are computed, not sent.

    Applies: To logins whose credential is a JSON Web Token of HS256 or its kin.

    Proves: A guess gives the token's own signature.

    Precision: A secret that is derived from a text of the code is not found.

    Source: RFC 8725, section 3.5; RFC 7518, section 3.2; CWE-798.
    """
    for name in world.crew.ordinary[:1]:
        entry = await sampled(world, name)
        if entry is None or entry.held is None or decoded(entry.held.value) is None:
            continue
        for where, guess in _guesses(world):
            if guess != world.running.secret and signs(entry.held.value, guess):
                text = f"{entry.steps[-1].request.symbol} signs its tokens with {where}."
                hint = "Sign with the secret of the environment, and refuse to start without one."
                yield flaw(world, [entry.steps[-1]], text, hint=hint)
                return


def _guesses(world: World) -> Iterator[tuple[str, str]]:
    for word in COMMON:
        yield f"the common word {word!r}", word
    texts: dict[str, str] = {}
    for module in world.running.subject.fact(code_of).own:
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 4 <= len(node.value) <= 128:
                texts.setdefault(node.value, module.path)
    for text, path in list(texts.items())[:MOST]:
        yield f"a text that stands in {path}", text
