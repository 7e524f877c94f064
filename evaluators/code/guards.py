"""What asks who is there: dependencies, decorators, permission classes, middleware."""

from __future__ import annotations

import ast
import re

from evaluators.code.callees import Callees
from evaluators.code.depends import Dependencies
from evaluators.code.expressions import words
from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import walk

SCHEMES = frozenset(
    [
        "HTTPBearer",
        "HTTPBasic",
        "HTTPDigest",
        "OAuth2PasswordBearer",
        "OAuth2AuthorizationCodeBearer",
        "APIKeyHeader",
        "APIKeyQuery",
        "APIKeyCookie",
        "OpenIdConnect",
        "OAuth2",
        "OAuth2ClientCredentials",
        "LoginManager",
        "JWTBearer",
    ]
)
"""Security schemes of FastAPI, whose instances are dependencies."""
_WORDS = frozenset(
    [
        "auth",
        "authenticate",
        "authenticated",
        "authentication",
        "authorize",
        "authorized",
        "authorization",
        "login",
        "permission",
        "permissions",
        "role",
        "roles",
        "bearer",
        "jwt",
        "principal",
        "apikey",
        "credentials",
        "scopes",
        "scope",
        "oauth",
    ]
)
_PHRASES = re.compile(
    r"(current|require[ds]?|verify|verified|check|validate|get|active|decode|logged_?in|superuser|only)_?(\w*_)?"
    r"(user|admin|token|account|staff|member|owner|session|api_?key|identity|customer|tenant|superuser|merchant|signature)"
    r"|^(admin|staff|user|owner|superuser)_(only|required)$|^is_(admin|staff|superuser|authenticated)$",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"authorization|x-api-key|x_api_key|api-key|bearer|session_id|sessionid|access_token", re.IGNORECASE
)


def is_guard_name(name: str) -> bool:
    """Whether a dependency's or decorator's name says that it asks who is there."""
    last = name.rpartition(".")[2]
    # A session of the database is no session of a user.
    if re.search(r"(?:db|database|async|sql)_?session|^get_session$|session_?(maker|factory)|^session$", last, re.I):
        return False
    return bool(set(words(last)) & _WORDS or _PHRASES.search(last))


class Guards:
    """Which of the things that run before a handler ask who is there."""

    def __init__(self, table: Dependencies, callees: Callees) -> None:
        self._table = table
        self._callees = callees
        self._known: dict[str, bool] = {}
        self.middleware = any(
            module.speaks(("middleware",)) and self._is_middleware(module) for module in table.modules
        )

    def among(self, keys: tuple[str, ...] | list[str]) -> list[str]:
        """Those of the keys that ask who is there."""
        return [key for key in keys if self.is_guard(key)]

    def is_guard(self, key: str) -> bool:
        """Whether what a key names asks who is there: by what it does, else by its name."""
        if key not in self._known:
            self._known[key] = self._asks(key)
        return self._known[key]

    def _asks(self, key: str) -> bool:
        """Look at what a key names."""
        constant = self._table.constant(key)
        if constant is not None and isinstance(constant[1], ast.Call):
            made = constant[0].called(constant[1]).rpartition(".")[2]
            return made in SCHEMES or is_guard_name(made) or is_guard_name(key)
        found = self._table.class_of(key)
        if found is not None:
            return refuses(*found) or is_guard_name(key)
        function = self._table.function(key)
        if function is not None:
            return refuses(*function) or (is_guard_name(key) and not _opens(*function))
        return is_guard_name(key) or key.rpartition(".")[2] in SCHEMES

    def handler(self, module: Module, function: FunctionNode) -> list[str]:
        """What a handler calls itself to ask who is there."""
        found = []
        for call in module.within(function):
            if not isinstance(call, ast.Call):
                continue
            behind = self._callees.behind(module, call)
            if behind is not None and behind[1] is not function and _takes(*behind) and refuses(*behind):
                found.append(f"{behind[0].name}.{behind[0].qualified(behind[1])}")
            elif module.called(call).rpartition(".")[2] in (
                "verify_jwt_in_request",
                "get_jwt_identity",
                "construct_event",
            ):
                found.append(module.called(call))
        if not found and _takes(module, function) and refuses(module, function):
            found.append(f"{module.name}.{module.qualified(function)}")
        return sorted(set(found))

    def _is_middleware(self, module: Module) -> bool:
        """Whether a file makes a middleware that asks who is there."""
        for call in module.calls:
            last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if last == "add_middleware" and call.args:
                key = self._table.resolve(module, call.args[0])
                found = self._table.class_of(key)
                if is_guard_name(key) or (found is not None and refuses(*found)):
                    return True
        for function in module.functions:
            around = [module.called(each).rpartition(".")[2] for each in function.decorator_list]
            if "middleware" in around and refuses(module, function):
                return True
        return False


def refuses(module: Module, node: ast.AST) -> bool:
    """Whether code answers 401 or 403, or reads a token."""
    for each in walk(node):
        if isinstance(each, ast.Constant) and each.value in (401, 403) and not isinstance(each.value, bool):
            return True
        if isinstance(each, ast.Attribute) and re.search(r"HTTP_40[13]|UNAUTHORIZED|FORBIDDEN", each.attr):
            return True
        if isinstance(each, ast.Call) and module.called(each).endswith(("jwt.decode", "compare_digest")):
            return True
        if isinstance(each, ast.Raise) and re.search(
            r"Unauthori[sz]ed|NotAuthenticated|PermissionDenied|Forbidden|AuthenticationFailed|Credentials|AuthError",
            _raised(module, each),
        ):
            return True
    return False


def _raised(module: Module, node: ast.Raise) -> str:
    """The dotted name of what is raised."""
    return module.called(node.exc) or module.dotted(node.exc)


def _takes(module: Module, node: ast.AST) -> bool:
    """Whether code reads a header, a cookie or a session that says who is there."""
    for each in walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and _TAKES.search(each.value[:60]):
            return True
        if isinstance(each, (ast.Attribute, ast.arg)):
            name = each.attr if isinstance(each, ast.Attribute) else each.arg
            if name in ("authorization", "x_api_key", "is_authenticated", "current_user", "credentials"):
                return True
    return False


def _opens(module: Module, node: FunctionNode) -> bool:
    """Whether a function only opens something, such as a database's session."""
    opened = {"Session", "SessionLocal", "AsyncSession", "sessionmaker", "connect", "async_session"}
    yields = any(isinstance(each, ast.Yield) for each in walk(node))
    return yields and any(
        isinstance(each, ast.Call) and module.called(each).rpartition(".")[2] in opened for each in walk(node)
    )
